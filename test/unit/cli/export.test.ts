// --to FORMAT and the file names that select a format: what is written, where, and the errors if it cannot be written.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseArgs } from '../../../src/cli/options/parse.js'
import { checkQuery } from '../../../src/cli/query/query.js'
import { EXPORT_FORMATS } from '../../../src/export/formats.js'
import { readArrow } from '../../helpers/arrow.js'
import { csvObjects, readCsv } from '../../helpers/csv.js'
import { duckdb } from '../../helpers/duckdb.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { readPcapng } from '../../helpers/pcapng.js'
import { readPerfetto } from '../../helpers/perfetto.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const sql = duckdb()
const web = `${root}captures/web.ksys`
const shell = `${root}captures/shell.ksys`
const lines = (...args: string[]) =>
  ksys(['-r', web, ...args])
    .stdout.split('\n')
    .slice(0, -1)

/** The messages about a file, without errors. */
const NOTES = /^ksys: [^\n]+: [^\n]*(packets|left out)[^\n]*\n/gm

/** Runs that print nothing but notes about the file on standard error. */
function write(...args: string[]): string {
  const ran = ksys(['-r', web, ...args])
  expect({
    code: ran.code,
    others: ran.stderr.replace(NOTES, ''),
  }).toEqual({
    code: 0,
    others: '',
  })
  return ran.stdout
}

describe('CSV', () => {
  test('has a row for each event, with the values of its line', () => {
    const rows = csvObjects(write('--to', 'csv'))
    const shown = lines('-v', '-p', '*%evt.num|%evt.rawtime|%proc.name|%thread.tid|%evt.type|%evt.args')
    const of = (r: (typeof rows)[number]) =>
      ['evt.num', 'evt.rawtime', 'proc.name', 'thread.tid', 'evt.type', 'evt.args'].map((f) => r[f] ?? '<NA>').join('|')
    expect(rows.map(of)).toEqual(shown)
    expect(rows[0]?.['evt.outputtime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  })

  test('has the columns of -p, and those of -pc and -pk', () => {
    const head = (...args: string[]) => readCsv(write('--to', 'csv', '-n', '1', ...args))[0]
    expect(head('-p', '*%evt.num %toupper(proc.name)')).toEqual(['evt.num', 'toupper(proc.name)'])
    expect(head('-pc')).toEqual(expect.arrayContaining(['container.id', 'container.name', 'evt.args']))
    expect(head('-pk')).toEqual(expect.arrayContaining(['k8s.ns.name', 'k8s.pod.name']))
  })

  test('has the rows of a chisel', () => {
    const text = write('--to', 'csv', '-c', 'topprocs_file')
    const [table] = JSON.parse(`[${ksys(['-r', web, '-j', '-c', 'topprocs_file']).stdout}]`)
    const [head, ...rows] = readCsv(text)
    expect(head?.length).toBe(table.info.length + 1)
    expect(rows.map((r) => r.slice(1))).toEqual(
      table.data.map((r: unknown[]) => r.map((v) => (v === null ? null : String(v)))),
    )
    const execs = csvObjects(write('--to', 'csv', '-c', 'execsnoop'))
    expect(execs.length).toBe(ksys(['-r', web, '-j', '-c', 'execsnoop']).stdout.split('\n').length - 1)
  })

  test('of a chisel that only prints text is refused, because it has no rows', () => {
    const chisel = path('says.mjs')
    const hooks = '(c) => ({ end() { c.print("nothing to count") } })'
    writeFileSync(chisel, `export default { description: 'Says.', category: 'Misc', hooks: ${hooks} }`)
    chmodSync(chisel, 0o600)
    const { code, stdout, stderr } = ksys(['-r', web, '--to', 'csv', '-c', chisel])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toMatch(/prints text, not table rows, and is skipped/)
  })

  test('of several files is one table', () => {
    const { stdout, code } = ksys(['-r', web, '-r', shell, '--to', 'csv'])
    expect(code).toBe(0)
    const count = (file: string) => ksys(['-r', file]).stdout.split('\n').length - 1
    expect(readCsv(stdout).length).toBe(1 + count(web) + count(shell))
  })

  test('is written to standard output or to a named file, and is compressed by its name or by -z', () => {
    const plain = write('--to', 'csv')
    expect(write('-w', path('a.csv'))).toBe('')
    expect(readFileSync(path('a.csv'), 'utf8')).toBe(plain)
    expect(statSync(path('a.csv')).mode & 0o777).toBe(0o600)
    write('-w', path('a.csv.gz'), '--mode', '640')
    expect(gunzipSync(readFileSync(path('a.csv.gz'))).toString()).toBe(plain)
    expect(statSync(path('a.csv.gz')).mode & 0o777).toBe(0o640)
    write('-w', path('b.csv'), '-z')
    expect(gunzipSync(readFileSync(path('b.csv'))).toString()).toBe(plain)
    write('-w', path('any.name'), '--to', 'csv')
    expect(readFileSync(path('any.name'), 'utf8')).toBe(plain)
  })

  test('can be made of a part of a file, also with the older meaning of --to', () => {
    const rows = csvObjects(write('--from', '10', '--to', '20', '--to', 'csv'))
    expect(rows.map((r) => Number(r['evt.num']))).toEqual(Array.from({ length: 11 }, (_, i) => 10 + i))
  })
})

describe('a trace for Perfetto', () => {
  test('has a slice or a mark for each event, on the track of its thread', () => {
    write('-w', path('web.pftrace'))
    const trace = readPerfetto(readFileSync(path('web.pftrace')))
    const rows = lines('-p', '*%evt.type %thread.tid', 'evt.dir=< or evt.dir=>')
    const shown = [...trace.slices, ...trace.events.filter((e) => e.type === 'instant')]
    expect(shown.length).toBe(rows.length)
    const tally = (all: readonly string[]) =>
      all.reduce((m, x) => m.set(x, (m.get(x) ?? 0) + 1), new Map<string, number>())
    expect(tally(shown.map((s) => `${s.name} ${trace.tracks.get(s.track)?.tid}`))).toEqual(tally(rows))
    expect(trace.slices.every((s) => s.end !== undefined && s.end >= s.begin)).toBe(true)
  })

  test('has arrows from each write to the read that received the data', () => {
    const trace = readPerfetto(readFileSync(path('web.pftrace')))
    const ends = trace.slices.flatMap((to) =>
      to.ends.map((flow) => ({ to, from: trace.slices.find((s) => s.flows.includes(flow)) })),
    )
    expect(ends.length).toBeGreaterThan(10)
    for (const { from, to } of ends) {
      expect(from).toBeDefined()
      expect((from?.begin ?? 0n) <= (to.end ?? 0n)).toBe(true)
    }
  })
})

test('packets contain the captured data of each connection', () => {
  write('-w', path('web.pcapng'))
  const { packets, sections } = readPcapng(readFileSync(path('web.pcapng')))
  expect(sections.length).toBe(1)
  const requests = packets.filter((p) => p.data.toString().startsWith('GET /'))
  expect(requests.length).toBeGreaterThan(0)
  for (const p of requests) expect(p.comment).toMatch(/^\S+ \(pid \d+, tid \d+\)/)
})

/** The formats that write a file; those that send to a server have their own tests (unit/export/otlp). */
const OF_FILES = EXPORT_FORMATS.filter((f) => f.server === undefined).map((f) => f.name)

describe.each(OF_FILES)('%s', (format) => {
  test('of a damaged file contains its readable part, and the exit code is 5', () => {
    const bytes = readFileSync(web)
    const middle = bytes.length >> 1
    bytes.fill(0xff, middle, middle + 2000)
    writeFileSync(path('hurt.ksys'), bytes)
    const { code, stderr } = ksys(['-r', path('hurt.ksys'), '--to', format, '-w', path('hurt')])
    expect(code).toBe(5)
    expect(stderr).toMatch(/is damaged at byte/)
    expect(statSync(path('hurt')).size).toBeGreaterThan(1000)
  })

  test('on a full disk, or where nothing can be written, ends with exit code 6 and a sentence', () => {
    symlinkSync('/dev/full', path(`full.${format}`))
    expect(ksys(['-r', web, '--to', format, '-w', path(`full.${format}`)])).toMatchObject({
      code: 6,
      stderr: `ksys: ${path(`full.${format}`)} cannot be written any further: the disk is full\n`,
    })
    expect(ksys(['-r', web, '--to', format, '-w', path('no/where')])).toMatchObject({
      code: 6,
      stderr: `ksys: ${path('no/where')} cannot be written: there is no such folder\n`,
    })
    const own = path(`own.${format}`)
    writeFileSync(own, readFileSync(web))
    expect(ksys(['-r', own, '--to', format, '-w', own]).stderr).toMatch(/would overwrite the file that is read/)
  })

  test('a reader of a FIFO gets everything, and one that closes it early ends the run quietly', async () => {
    const fifo = path(`fifo.${format}`)
    execFileSync('mkfifo', [fifo])
    const run = () => spawn(process.execPath, [main, '-r', web, '--to', format, '-w', fifo], { stdio: 'ignore' })
    const writer = run()
    const reader = spawn('cat', [fifo], { stdio: ['ignore', openSync(path('copied'), 'w'), 'ignore'] })
    await Promise.all([once(writer, 'exit'), once(reader, 'exit')])
    expect(writer.exitCode).toBe(0)
    ksys(['-r', web, '--to', format, '-w', path('direct')])
    expect(readFileSync(path('copied')).equals(readFileSync(path('direct')))).toBe(true)
    const piped = spawnSync('sh', [
      '-c',
      `"$@" | head -c 10 >/dev/null`,
      'sh',
      process.execPath,
      main,
      '-r',
      web,
      '--to',
      format,
    ])
    expect([piped.status, String(piped.stderr).replace(NOTES, '')]).toEqual([0, ''])
  })

  test('is a complete file even if the filter passes nothing', async () => {
    const { code } = ksys(['-r', web, '--to', format, '-w', path('none'), 'proc.name=nosuch'])
    expect(code).toBe(0)
    const file = readFileSync(path('none'))
    if (format === 'csv') expect(readCsv(file.toString()).length).toBe(1)
    else if (format === 'perfetto') expect(readPerfetto(file).slices).toEqual([])
    else if (format === 'parquet')
      expect(await sql(`select count(*) n from read_parquet('${path('none')}')`)).toEqual([{ n: 0n }])
    else if (format === 'arrow') expect(readArrow(file).batches.map((b) => b.numRows)).toEqual([0])
    else expect(readPcapng(file).packets).toEqual([])
  })
})

test('contradictory options are refused in a sentence', () => {
  const refused: readonly (readonly [args: string[], sentence: RegExp])[] = [
    [['--to', 'cvs'], /'cvs' is not a format \(did you mean csv\?\)/],
    [['--to', 'xml'], /; formats to write are csv, perfetto, pcapng/],
    [['--to', 'csv', '--to', 'perfetto'], /a file has one format/],
    [['--to', 'csv', '-j'], /-j and csv are two formats/],
    [['--to', 'csv', '-q'], /-q prints nothing/],
    [['--to', 'csv', '-S'], /-S and csv both print to standard output/],
    [['--to', 'csv', '--inflight'], /--inflight prints/],
    [['--to', 'csv', '-p', 'nothing'], /names no field/],
    [['--to', 'csv', '-c', 'ps', '-c', 'lsof'], /columns of one chisel/],
    [['-w', 'x.parquet.gz'], /parquet is compressed already.*: remove \.gz/],
    [['-w', 'x.parquet', '-z'], /remove -z/],
    [['--to', 'parquet', '-p', '%proc.name'], /-p does not apply to parquet: its columns are fixed/],
    [['--to', 'perfetto', '-c', 'ps'], /cannot represent the table of a chisel: use --to csv/],
    [['--to', 'perfetto', '-p', '%proc.name'], /-p does not apply to perfetto: it has all arguments/],
    [['--to', 'pcapng', '-t', 'r'], /-t does not apply to pcapng/],
    [['--to', 'pcapng', '-X'], /a style of buffers .* does not apply to pcapng: it has the raw bytes/],
    [['--to', 'perfetto', '--enter'], /--enter does not apply/],
    [['-w', 'x.csv', '-C', '10'], /-C, -G and -e only write .ksys traces/],
    [['--to', 'csv', '--mode', '640'], /--owner, --group and --mode require -w/],
  ]
  for (const [args, sentence] of refused)
    expect(() => checkQuery(parseArgs(['-r', web, ...args])), args.join(' ')).toThrow(sentence)
  expect(ksys(['-r', web, '--to', 'cvs'])).toMatchObject({ code: 2, stdout: '' })
  expect(ksys(['merge', web, shell, '-w', path('m.csv')]).stderr).toMatch(/merge writes a trace/)
  expect(ksys(['record', '--last', '1m', '-w', path('m.pftrace')]).stderr).toMatch(/only writes .ksys traces/)
})

test('CSV has a column for the host if there are several; other formats refuse several hosts', () => {
  ksys(['merge', web, shell, '-w', path('both.ksys')])
  const csv = ksys(['-r', path('both.ksys'), '--to', 'csv', '-n', '5'])
  expect(readCsv(csv.stdout)[0]).toContain('host.name')
  expect(ksys(['-r', path('both.ksys'), '--to', 'perfetto', '-w', path('x')])).toMatchObject({ code: 2, stdout: '' })
})

test('the help and the completion list the formats', () => {
  const help = ksys(['--help', 'all']).stdout
  for (const { name } of EXPORT_FORMATS) expect(help).toContain(name)
  expect(ksys(['--completion', 'bash']).stdout).toContain('perfetto')
})
