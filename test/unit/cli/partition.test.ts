// --partition: a folder of files whose folders are columns, and what is refused.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseArgs } from '../../../src/cli/options/parse.js'
import { PartitionNames } from '../../../src/cli/run/partition-names.js'
import type { FieldContext } from '../../../src/fields/field.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
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

test('a folder has a file for each host and hour, with all events', async () => {
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
    expect.stringMatching(/^host=demo-2\/hour=2026-11-25T01\/20261125T0158\d\d\.\d{9}Z\.parquet$/),
    expect.stringMatching(/^host=demo\/hour=2026-11-25T01\/20261125T0158\d\d\.\d{9}Z\.parquet$/),
  ])
  expect(statSync(path(`parts/${made[0]}`)).mode & 0o777).toBe(0o600)
  ksys(['-r', path('both.ksys'), '-r', build, '-w', path('one.parquet')])
  const counted = (table: string) => sql(`select host_name, count(*) as n from ${table} group by all order by all`)
  const parts = `read_parquet(${sqlText(path('parts/**/*.parquet'))}, hive_partitioning = true)`
  expect(await counted(parts)).toEqual(await counted(sqlText(path('one.parquet'))))
  expect(await sql(`select count(*) as n from ${parts} where host <> host_name`)).toEqual([{ n: 0n }])
  const before = made.map((f) => readFileSync(path(`parts/${f}`)))
  // once more, the same files come of the same captures
  ksys(args)
  expect(files(path('parts'))).toEqual(made)
  expect(made.map((f) => readFileSync(path(`parts/${f}`)))).toEqual(before)
})

test('one key makes one level of folders', () => {
  ksys(['-r', web, '--to', 'parquet', '--partition', 'hour', '-w', path('hours')])
  expect(files(path('hours'))).toEqual([expect.stringMatching(/^hour=2026-11-25T01\/[^/]+$/)])
})

describe('names of folders', () => {
  const HOUR = 3600e9
  const context = (hostname: string, startSec: number, startNsec = 0) =>
    ({ info: { ...INFO, hostname, startSec, startNsec } }) as FieldContext

  test('change with the hour in UTC and with the host', () => {
    const names = new PartitionNames(['host', 'hour'])
    const a = context('a', 1_764_000_000 - (1_764_000_000 % 3600), 999_999_999)
    const b = context('b', a.info.startSec)
    const at = (ctx: FieldContext, time: number) => [names.moved(ctx, time), names.folder]
    expect(at(a, 0)).toEqual([true, 'host=a/hour=2025-11-24T16'])
    expect(at(a, 5)).toEqual([false, 'host=a/hour=2025-11-24T16'])
    expect(at(a, HOUR - 1_000_000_000)).toEqual([false, 'host=a/hour=2025-11-24T16'])
    expect(at(a, HOUR - 999_999_999)).toEqual([true, 'host=a/hour=2025-11-24T17'])
    expect(at(b, 0)).toEqual([true, 'host=b/hour=2025-11-24T16'])
    expect(names.file()).toBe('20251124T160000.000000000Z')
    expect(at(a, -2_000_000_000)).toEqual([true, 'host=a/hour=2025-11-24T15'])
    expect(at(a, Number.NaN)[0]).toBe(true)
  })

  test('lead nowhere, whatever the host is called', () => {
    const name = (hostname: string) => {
      const names = new PartitionNames(['host'])
      names.moved(context(hostname, 0), 0)
      return names.folder
    }
    expect(name('../../etc')).toBe('host=..%2F..%2Fetc')
    expect(name('a=b c\0')).toBe('host=a%3Db%20c%00')
    expect(name('häß😀')).toBe('host=h%C3%A4%C3%9F%F0%9F%98%80')
    expect(name('')).toBe('host=__HIVE_DEFAULT_PARTITION__')
  })
})

test('what makes no sense is refused in a sentence', () => {
  const refused: readonly (readonly [args: string[], sentence: RegExp])[] = [
    [['--partition', 'pod'], /Expected are host and hour/],
    [['--partition', 'host,host'], /Expected are host and hour, each once/],
    [['--partition', 'host'], /makes a folder of parquet files: add --to parquet -w FOLDER/],
    [['--partition', 'host', '--to', 'csv', '-w', 'x'], /makes a folder of parquet files/],
    [['--partition', 'host', '--to', 'parquet'], /name it with -w/],
    [['--partition', 'host', '--to', 'parquet', '-w', '-'], /name it with -w/],
  ]
  for (const [args, sentence] of refused)
    expect(() => parseArgs(['-r', web, ...args]), args.join(' ')).toThrow(sentence)
  writeFileSync(path('file'), '')
  expect(ksys(['-r', web, '--to', 'parquet', '--partition', 'host', '-w', path('file')])).toMatchObject({
    code: 6,
    stderr: `ksys: ${path('file')} cannot be written: it is a file, and --partition makes a folder\n`,
  })
})

test.each([
  ['a file', ['-w', path('cut.parquet')], () => path('cut.parquet')],
  ['a folder', ['--partition', 'host', '-w', path('cut')], () => path('cut/**/*.parquet')],
])('Ctrl-C leaves %s whole', async (_, args, made) => {
  const child = spawn(process.execPath, [main, '-r', '-', '--to', 'parquet', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.write(readFileSync(web))
  // it has been opened once the first events are there
  const there = args[0] === '-w' ? args[1] : args[3]
  while (statSync(there as string, { throwIfNoEntry: false }) === undefined)
    await new Promise((done) => setTimeout(done, 20))
  // in a pipeline whoever writes gets it, too
  child.kill('SIGINT')
  child.stdin.end()
  await once(child, 'exit')
  const [counted] = await sql(`select count(*) as n from read_parquet(${sqlText(made())})`).catch((e: Error) =>
    // where no event came there is no file in the folder
    args[0] !== '-w' && /No files found/.test(e.message) ? [{ n: 0n }] : Promise.reject(e),
  )
  expect(counted?.n).toBeGreaterThanOrEqual(0n)
})
