// --partition: a folder of files with columns as subfolders, and what is refused.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Exported } from '../../../src/cli/options/exported.js'
import { parseArgs } from '../../../src/cli/options/parse.js'
import type { Query } from '../../../src/cli/query/query.js'
import type { FileSink } from '../../../src/cli/run/file-sink.js'
import { PartitionNames } from '../../../src/cli/run/partition-names.js'
import { PartitionedFiles } from '../../../src/cli/run/partitioned-files.js'
import type { FieldContext } from '../../../src/fields/field.js'
import { batchNs } from '../../../src/model/time.js'
import type { CaptureRun } from '../../../src/run/capture-run.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import { eachEvent } from '../../helpers/exported.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { INFO, scratch } from '../../helpers/trace.js'

const path = scratch()
const sql = duckdb()
const [web, shell, build] = ['web', 'shell', 'build'].map((name) => `${root}captures/${name}.ksys`) as [
  string,
  string,
  string,
]
const files = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((f) => f.endsWith('.parquet')).sort()

test('the folder has a file for each host and hour, with all events', async () => {
  ksys(['merge', web, shell, '-w', path('both.ksys')])
  const args = [
    '-r',
    path('both.ksys'),
    '-r',
    build,
    '--to',
    'parquet',
    '--partition',
    'host,hour',
    '-w',
    path('parts'),
  ]
  expect(ksys(args)).toMatchObject({ code: 0, stdout: '' })
  const made = files(path('parts'))
  expect(made).toEqual([
    expect.stringMatching(/^host=demo-2\/hour=\d{4}-\d\d-\d\dT\d\d\/\d{8}T\d{6}\.\d{9}Z-\d{8}T\d{6}\.\d{9}Z\.parquet$/),
    expect.stringMatching(/^host=demo\/hour=\d{4}-\d\d-\d\dT\d\d\/\d{8}T\d{6}\.\d{9}Z-\d{8}T\d{6}\.\d{9}Z\.parquet$/),
  ])
  expect(statSync(path(`parts/${made[0]}`)).mode & 0o777).toBe(0o600)
  ksys(['-r', path('both.ksys'), '-r', build, '-w', path('one.parquet')])
  const counted = (table: string) => sql(`select host_name, count(*) as n from ${table} group by all order by all`)
  const parts = `read_parquet(${sqlText(path('parts/**/*.parquet'))}, hive_partitioning = true)`
  expect(await counted(parts)).toEqual(await counted(sqlText(path('one.parquet'))))
  expect(await sql(`select count(*) as n from ${parts} where host <> host_name`)).toEqual([{ n: 0n }])
  const before = made.map((f) => readFileSync(path(`parts/${f}`)))
  // again: the same captures give the same files
  expect(ksys(args)).toMatchObject({ code: 0, stderr: '' })
  expect(files(path('parts'))).toEqual(made)
  expect(made.map((f) => readFileSync(path(`parts/${f}`)))).toEqual(before)
})

test('a filtered run over the same folder replaces nothing, and warns that events are in it twice', async () => {
  const all = ['-r', web, '--to', 'parquet', '--partition', 'host,hour', '-w', path('twice')]
  ksys(all)
  const [first] = files(path('twice')) as [string]
  const before = readFileSync(path(`twice/${first}`))
  const [least] = await sql(`select count(*)::int as n from ${sqlText(path(`twice/${first}`))}`)
  const filtered = ksys([...all, 'evt.type != getpid'])
  expect(filtered.code).toBe(0)
  expect(filtered.stderr).toMatch(/1 file has times that overlap files of earlier runs .* are counted twice/)
  expect(readFileSync(path(`twice/${first}`))).toEqual(before)
  expect(files(path('twice'))).toHaveLength(2)
  const [both] = await sql(`select count(*)::int as n from read_parquet(${sqlText(path('twice/**/*.parquet'))})`)
  expect(both?.n).toBeGreaterThan(least?.n as number)
})

test.each([
  ['a file', ['-w', path('killed.parquet')], 'killed.parquet'],
  ['a folder', ['--partition', 'hour', '-w', path('killed')], 'killed'],
])('%s whose writer is killed can still be queried; the next run reports the remains', async (_, args, name) => {
  const started = ['--to', 'parquet', ...args]
  ksys(['-r', shell, ...started])
  const where = name.endsWith('.parquet') ? path(name) : path(`${name}/**/*.parquet`)
  const count = `select count(*)::int as n from read_parquet(${sqlText(where)})`
  const before = await sql(count)
  const parts = () =>
    (readdirSync(path('.'), { recursive: true }) as string[]).filter((f) => f.startsWith(name) && f.endsWith('.part'))
  const begun = async () => {
    // the part that is written before its end
    const child = spawn(process.execPath, [main, '-r', '-', '-r', build, ...started], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (part) => {
      stderr += part
    })
    for (let i = 0; i < 10; i++) child.stdin.write(readFileSync(web))
    return { child, stderr: () => stderr }
  }
  const { child } = await begun()
  if (name.endsWith('.parquet')) while (parts().length === 0) await new Promise((done) => setTimeout(done, 20))
  else while (!existsSync(path(name))) await new Promise((done) => setTimeout(done, 20))
  expect(await sql(count)).toEqual(before)
  child.kill('SIGKILL')
  child.stdin.on('error', () => undefined)
  await once(child, 'exit')
  expect(await sql(count)).toEqual(before)
  if (!name.endsWith('.parquet')) {
    const [hour] = readdirSync(path(name)).filter((f) => f.startsWith('hour='))
    writeFileSync(path(`${name}/${hour}/left.parquet.part`), 'PAR1')
  }
  const { code, stderr } = ksys(['-r', shell, ...started])
  expect(code).toBe(0)
  expect(stderr).toMatch(
    name.endsWith('.parquet') ? /^$/ : /has an incomplete file of killed runs \(.*left\.parquet\.part\)/,
  )
  expect(await sql(count)).toEqual(before)
})

test('two runs do not write one file at the same time', async () => {
  const args = ['--to', 'parquet', '-w', path('both.parquet')]
  const child = spawn(process.execPath, [main, '-r', '-', ...args], { stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.write(readFileSync(web))
  while (!existsSync(path('both.parquet.part'))) await new Promise((done) => setTimeout(done, 20))
  await expect
    .poll(() => ksys(['-r', shell, ...args]), { timeout: 20_000 })
    .toMatchObject({
      code: 6,
      stderr: `ksys: ${path('both.parquet')} cannot be written: another run of ksys is writing it\n`,
    })
  child.stdin.end()
  await once(child, 'exit')
  const [counted] = await sql(`select count(*) > 0 as some from ${sqlText(path('both.parquet'))}`)
  expect(counted).toEqual({ some: true })
})

test('a second signal, which ends a run at once, reports the remains', async () => {
  const file = path('left.parquet')
  const child = spawn(process.execPath, [main, '-r', '-', '-w', file], { stdio: ['pipe', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (part) => {
    stderr += part
  })
  child.stdin.write(readFileSync(web))
  // it has begun to write, and waits for more input
  while ((statSync(`${file}.part`, { throwIfNoEntry: false })?.size ?? 0) === 0)
    await new Promise((done) => setTimeout(done, 20))
  child.kill('SIGTERM')
  child.kill('SIGTERM')
  // standard input stays open: the run would wait for it
  const timer = setInterval(() => child.kill('SIGTERM'), 100)
  await once(child, 'close')
  clearInterval(timer)
  expect(stderr).toContain(`left incomplete (no end), cannot be read: ${file}.part`)
})

test('a live run completes the file of each hour, and continues with the next', async () => {
  const s = parseArgs(['--to', 'parquet', '--partition', 'hour', '-w', path('live')])
  let now = (await openTrace(web)).info.startSec * 1000
  const target = new PartitionedFiles(s.exported as Exported, s, { format: '' } as unknown as Query, () => now)
  let sink: FileSink | undefined
  let shown = 0
  const pass = async () => {
    let context: FieldContext | undefined
    await eachEvent(
      await openTrace(web),
      (ctx) => {
        context = ctx
      },
      () => {
        shown++
      },
    )
    sink = await target.sink({ ctx: context } as CaptureRun, {})
    await eachEvent(
      await openTrace(web),
      () => undefined,
      (e) => sink?.show?.(e),
    )
  }
  await pass()
  await sink?.flush?.()
  expect(files(path('live'))).toEqual([])
  now += 2 * 3600_000
  await sink?.flush?.()
  expect(files(path('live'))).toHaveLength(1)
  await pass()
  await target.endAfter(Promise.resolve(0))
  const count = `select count(*)::int as n from read_parquet(${sqlText(path('live/**/*.parquet'))})`
  expect(await sql(count)).toEqual([{ n: shown }])
})

test('one key gives one level of folders', () => {
  ksys(['-r', web, '--to', 'parquet', '--partition', 'hour', '-w', path('hours')])
  expect(files(path('hours'))).toEqual([expect.stringMatching(/^hour=\d{4}-\d\d-\d\dT\d\d\/[^/]+$/)])
})

describe('folder names', () => {
  const HOUR = 3600e9
  const host = (hostname: string, startSec: number, startNsec = 0) => ({ ...INFO, hostname, startSec, startNsec })

  test('change with the hour in UTC and with the host', () => {
    const names = new PartitionNames(['host', 'hour'])
    const a = host('a', 1_764_000_000 - (1_764_000_000 % 3600), 999_999_999)
    const b = host('b', a.startSec)
    const at = (info: CaptureInfo, time: number) => [names.moved(info, batchNs(time)), names.folder]
    expect(at(a, 0)).toEqual([true, 'host=a/hour=2025-11-24T16'])
    expect(at(a, 5)).toEqual([false, 'host=a/hour=2025-11-24T16'])
    expect(at(a, HOUR - 1_000_000_000)).toEqual([false, 'host=a/hour=2025-11-24T16'])
    expect(at(a, HOUR - 999_999_999)).toEqual([true, 'host=a/hour=2025-11-24T17'])
    expect(at(b, 0)).toEqual([true, 'host=b/hour=2025-11-24T16'])
    expect([names.stamp(names.sec, names.ns), names.hourEnd]).toEqual(['20251124T160000.000000000Z', names.sec + 3600])
    expect(at(a, -2_000_000_000)).toEqual([true, 'host=a/hour=2025-11-24T15'])
    expect(at(a, Number.NaN)[0]).toBe(true)
  })

  test('lead nowhere else, whatever the name of the host', () => {
    const name = (hostname: string) => {
      const names = new PartitionNames(['host'])
      names.moved(host(hostname, 0), batchNs(0))
      return names.folder
    }
    expect(name('../../etc')).toBe('host=..%2F..%2Fetc')
    expect(name('a=b c\0')).toBe('host=a%3Db%20c%00')
    expect(name('häß😀')).toBe('host=h%C3%A4%C3%9F%F0%9F%98%80')
    expect(name('')).toBe('host=__HIVE_DEFAULT_PARTITION__')
  })
})

test('contradictory options are refused in a sentence', () => {
  const refused: readonly (readonly [args: string[], sentence: RegExp])[] = [
    [['--partition', 'pod'], /Expected host and hour/],
    [['--partition', 'host,host'], /Expected host and hour, each at most once/],
    [['--partition', 'host'], /writes a folder of parquet files: add --to parquet -w FOLDER/],
    [['--partition', 'host', '--to', 'csv', '-w', 'x'], /writes a folder of parquet files/],
    [['--partition', 'host', '--to', 'parquet'], /--partition requires -w FOLDER/],
    [['--partition', 'host', '--to', 'parquet', '-w', '-'], /--partition requires -w FOLDER/],
  ]
  for (const [args, sentence] of refused)
    expect(() => parseArgs(['-r', web, ...args]), args.join(' ')).toThrow(sentence)
  writeFileSync(path('file'), '')
  expect(ksys(['-r', web, '--to', 'parquet', '--partition', 'host', '-w', path('file')])).toMatchObject({
    code: 6,
    stderr: `ksys: cannot write ${path('file')}: it is a file, but --partition writes a folder\n`,
  })
})

test.each([
  ['a file', ['-w', path('cut.parquet')], () => path('cut.parquet')],
  ['a folder', ['--partition', 'host', '-w', path('cut')], () => path('cut/**/*.parquet')],
])('Ctrl-C leaves %s complete', async (_, args, made) => {
  const child = spawn(process.execPath, [main, '-r', '-', '--to', 'parquet', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.write(readFileSync(web))
  // it is opened when the first events exist
  const there = args[0] === '-w' ? `${args[1]}.part` : args[3]
  while (!existsSync(there as string)) await new Promise((done) => setTimeout(done, 20))
  // in a pipeline the writer gets the signal, too
  child.kill('SIGINT')
  child.stdin.end()
  await once(child, 'exit')
  const [counted] = await sql(`select count(*) as n from read_parquet(${sqlText(made())})`).catch((e: Error) =>
    // without events there is no file in the folder
    args[0] !== '-w' && /No files found/.test(e.message) ? [{ n: 0n }] : Promise.reject(e),
  )
  expect(counted?.n).toBeGreaterThanOrEqual(0n)
})
