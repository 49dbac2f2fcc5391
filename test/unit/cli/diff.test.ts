// ksys diff: the differences between two runs, compared with the summary and the fields of each run.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('diff')
const build = join(root, 'captures/build.ksys')
const shell = join(root, 'captures/shell.ksys')
/** a run with fewer calls: those of the compiler, as if nothing had been linked */
const less = join(dir, 'less.ksys')
ksys(['-r', build, '-w', less, 'proc.name != ld'])

interface Row {
  differs?: string
  event?: string
  error?: string
  file?: string
  a: unknown
  b: unknown
}
const rows = (...words: string[]): Row[] =>
  ksys(['diff', '-j', ...words])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))

/** The lines of a format, with the number of times each was printed. */
function counted(file: string, format: string, ...filter: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of ksys(['-r', file, '-p', format, ...filter]).stdout.split('\n'))
    if (line !== '') counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

test('a run does not differ from itself', () => {
  const run = ksys(['diff', build, build, '--exit-code'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toContain('Nothing differs')
  expect(rows(build, build)).toHaveLength(1)
})

test('values have the same hashes in both runs, and omitted values are not compared', () => {
  const rules = join(dir, 'rules')
  writeFileSync(rules, 'proc.name,fd.name hash\n')
  const run = ksys(['diff', build, build, '--exit-code', '--redact', rules, '--no-args'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toContain('Nothing differs')
  const files = ksys(['diff', build, less, '--redact', rules]).stdout
  expect(files).toMatch(/#[0-9a-f]{12}/)
  expect(files).not.toContain('/tmp/demo')
  expect(ksys(['diff', build, build, '--only-namespace', 'nobody']).stderr).toBe(
    'ksys: nothing was shown: this capture has no pod in the Kubernetes namespace nobody\n'.repeat(2),
  )
})

test('calls and errors that are more frequent in one run are shown, with the counts of its lines', () => {
  const all = rows(build, shell)
  const [calls, errors] = ['calls', 'errors'].map((d) => all.filter((r) => r.differs === d)) as [Row[], Row[]]
  const count = (file: string) => counted(file, '%syscall.type', 'evt.dir=<')
  const [a, b] = [count(build), count(shell)]
  const names = [...new Set([...a.keys(), ...b.keys()])].filter((n) => a.get(n) !== b.get(n))
  expect(calls.map((r) => r.event).sort()).toEqual(expect.arrayContaining(names.sort()))
  for (const r of calls) if (a.has(r.event as string)) expect(r.a).toBe(a.get(r.event as string))
  for (const r of calls) if (b.has(r.event as string)) expect(r.b).toBe(b.get(r.event as string))
  const failed = (file: string) => counted(file, '%evt.type %evt.res', 'evt.failed=true')
  const [failedA, failedB] = [failed(build), failed(shell)]
  for (const r of errors) expect(r.a).toBe(failedA.get(`${r.event} ${r.error}`) ?? 0)
  for (const r of errors) expect(r.b).toBe(failedB.get(`${r.event} ${r.error}`) ?? 0)
  expect(errors.length).toBeGreaterThan(3)
})

test('files that only one run touched are shown, and differences in bytes read and written', () => {
  const files = rows(build, less).filter((r) => r.differs === 'file')
  const own = counted(build, '%fd.name', 'proc.name=ld and fd.type=file and evt.is_io_write=true')
  for (const name of own.keys()) expect(files.map((r) => r.file)).toContain(name)
  const bytes = (side: unknown) => (side as { written: number } | null)?.written ?? 0
  for (const r of files.filter((r) => own.has(r.file as string))) expect(bytes(r.a)).toBeGreaterThan(bytes(r.b))
  const alone = files.filter((r) => r.b === null)
  expect(alone.length).toBeGreaterThan(0)
  const text = ksys(['diff', '--top', '0', build, less]).stdout
  for (const r of alone) expect(text).toContain(`${r.file} (A only)`)
})

test('the comparison begins with what is new in the second run: errors, files and calls that the first one does not have', () => {
  const all = rows('--top', '0', build, shell).slice(1)
  const isNew = (r: Row) => r.a === 0 || r.a === null
  const first = all.findIndex((r) => !isNew(r))
  expect(all.slice(0, first).map((r) => r.differs)).toEqual(expect.arrayContaining(['errors', 'file', 'calls']))
  expect(all.slice(first).filter(isNew)).toEqual([])
  const text = ksys(['diff', '--top', '0', build, shell]).stdout
  const [errors = '', files = '', calls = '', rest = ''] = text.slice(text.indexOf('\nNEW ')).trim().split('\n\n')
  const shownIn = (part: string) =>
    part
      .split('\n')
      .slice(2)
      .map((line) => line.trim().replace(/^[\d, ]+ {2}/, ''))
  expect(errors).toMatch(/^NEW ERRORS IN B: \d+\nCOUNT +CALL AND ERROR\n/)
  expect(shownIn(errors)).toEqual(
    [...all].filter((r) => isNew(r) && r.differs === 'errors').map((r) => `${r.event} ${r.error}`),
  )
  expect(files).toMatch(/^NEW FILES IN B: \d+\nCALLS +ERRORS +READ +WRITTEN +FILE\n/)
  expect(shownIn(files)).toEqual(all.filter((r) => isNew(r) && r.differs === 'file').map((r) => r.file))
  expect(calls).toMatch(/^NEW CALLS IN B: \d+\nCOUNT +CALL\n/)
  expect(shownIn(calls)).toEqual(all.filter((r) => isNew(r) && r.differs === 'calls').map((r) => r.event))
  expect(rest).toMatch(/^ERRORS: \d+ differ\n/)
  // nothing is new in a run with fewer calls, and the other way around everything is
  expect(ksys(['diff', build, less]).stdout).not.toContain('NEW ')
  expect(ksys(['diff', less, build]).stdout).toContain('NEW FILES IN B')
})

test('latencies are shown if they differ by the requested percentage or more', () => {
  const at = (percent: string) => rows('--latency', percent, build, shell).filter((r) => r.differs === 'latency')
  const [some, more] = [at('300'), at('5%')]
  expect(some.length).toBeGreaterThan(0)
  expect(more.length).toBeGreaterThan(some.length)
  for (const { a, b } of some as { a: { p50: number; p99: number }; b: { p50: number; p99: number } }[])
    expect(Math.max(a.p50 / b.p50, b.p50 / a.p50, a.p99 / b.p99, b.p99 / a.p99)).toBeGreaterThanOrEqual(4)
})

test('a filter applies to both runs, and tables have the requested length', () => {
  const run = ksys(['diff', build, less, 'proc.name=ld'])
  expect(run.stdout).toMatch(/^calls +[\d,]+ +0 /m)
  const short = ksys(['diff', '--top', '2', build, shell]).stdout
  expect(short).toMatch(/^\.\.\. and \d+ more \(--top 0 shows all\)$/m)
  expect(ksys(['diff', '--top', '0', build, shell]).stdout).not.toContain('more (')
  // a line about the runs, three kinds of what is new, and four of what changed
  expect(rows('--top', '1', build, shell)).toHaveLength(8)
})

test('a filter that passes nothing in one run is reported for that run; a filter that can pass nothing is reported once', () => {
  const one = ksys(['diff', build, shell, 'proc.name=ld'])
  expect(one).toMatchObject({ code: 0, stderr: `ksys: no event of ${shell} passes the filter\n` })
  const kin = ksys(['diff', build, less, 'evt.type=open'])
  expect(kin.stderr).toContain(`ksys: no event of ${build} passes the filter\nksys: `)
  expect(kin.stderr.match(/no open occurred/g)).toHaveLength(1)
  const never = ksys(['diff', build, shell, 'k8s.svc.name=web'])
  expect(never.code).toBe(0)
  expect(never.stderr.match(/k8s\.svc\.name has no value here/g)).toHaveLength(1)
  expect(never.stderr.match(/no event of/g)).toHaveLength(2)
  expect(ksys(['diff', build, less, 'proc.name=as']).stderr).toBe('')
})

test('--exit-code exits with 7 if there is a difference; usage errors and bad input have their own codes', () => {
  expect(ksys(['diff', '--exit-code', build, less]).code).toBe(7)
  expect(ksys(['diff', build, less]).code).toBe(0)
  expect(ksys(['diff', build])).toMatchObject({ code: 2, stderr: expect.stringContaining('ksys diff A B') })
  expect(ksys(['diff', build, less, 'proc.nam=x']).code).toBe(2)
  expect(ksys(['diff', '-', '-'])).toMatchObject({ code: 2, stderr: expect.stringContaining('only once') })
  expect(ksys(['diff', build, join(dir, 'no.ksys')]).code).toBe(4)
  expect(ksys(['diff', '--latency', 'x', build, less]).stderr).toContain('percentage')
  expect(ksys(['diff', build, less, '--', '-n', '1'])).toMatchObject({ code: 2, stdout: '' })
  const broken = join(dir, 'broken.ksys')
  writeFileSync(broken, readFileSync(build).subarray(0, -3000))
  expect(ksys(['diff', '--exit-code', build, broken]).code).toBe(5)
})

test.each([
  'proc.name=as',
  'proc.name in (sh, bash)',
  'fd.name contains /etc',
  'fd.name contains .so',
  'evt.failed=true',
])('the events read for %s give the same result as all events of both files', (filter) => {
  const all = ksys(['diff', '-j', build, shell, filter], { env: { KSYS_READ: 'all' } })
  const some = ksys(['diff', '-j', build, shell, filter])
  const known = ({ stdout }: { stdout: string }) => stdout.replaceAll(/"seconds":[\d.e-]+/g, '')
  expect(known(some)).toBe(known(all))
  expect(some.stderr).toBe(all.stderr)
})
