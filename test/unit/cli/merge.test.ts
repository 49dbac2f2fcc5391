// ksys merge: the merged trace contains for each host what the trace of this host contains, in the order of all times.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('merge')
const build = join(root, 'captures/build.ksys')
const shell = join(root, 'captures/shell.ksys')
const both = join(dir, 'both.ksys')
/** what belongs to a host: threads, descriptors, users, containers, surrounding processes */
const LINE =
  '*%proc.pid %thread.tid %proc.name %proc.cmdline %proc.pname %proc.cwd %fd.num %fd.name %user.name %container.id %evt.type %evt.args'
/** The fields that ksys merge assigns again to events and hosts. */
const GIVEN_ANEW = new Set(['evt.num', 'host.name', 'evt.hostname'])
const lines = (file: string, format: string, ...words: string[]) => {
  const run = ksys(['-r', file, '-p', format, ...words])
  expect(run.stderr).toMatch(/^(ksys: [\d,]+ lines? w\w+ omitted[^\n]*\n)?$/)
  return run.stdout
}

let own = ''

beforeAll(() => {
  own = lines(build, LINE)
  // the same processes on both, the clock of the second one ahead: every number exists on both hosts
  const run = ksys(['merge', build, build, '-w', both, '--host', 'a', '--host', 'b', '--shift', 'b=3ms'])
  expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' })
})

test('each host has the contents of its own trace, although all its numbers also exist on the other host', () => {
  for (const host of ['a', 'b']) expect(lines(both, LINE, `host.name=${host}`)).toBe(own)
})

test('every field of an event is evaluated for its host', () => {
  const ofHost = (name: string) => {
    const def = registry.get(name)
    const printed = def !== undefined && def.removed === undefined && def.print !== false
    return printed && def.arg?.need !== 'required' && !def.needs?.includes('lines') && !GIVEN_ANEW.has(name)
  }
  const format = `*${registry
    .names()
    .filter(ofHost)
    .map((name) => `%${name}`)
    .join(' ')}`
  const json = (file: string, ...words: string[]) =>
    ksys(['-r', file, '-j', '-n', '1500', '-p', format, ...words]).stdout
  expect(format.length).toBeGreaterThan(3000)
  expect(json(both, 'host.name=a')).toBe(json(build))
})

test('events are in the order of their times, shifted as specified, and numbered in this order', () => {
  const times = (file: string, ...words: string[]) =>
    lines(file, '%evt.rawtime', ...words)
      .trim()
      .split('\n')
      .map(BigInt)
  const own = times(build)
  const wanted = [...own, ...own.map((t) => t + 3_000_000n)].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
  expect(times(both)).toEqual(wanted)
  const numbers = lines(both, '%evt.num').trim().split('\n').map(Number)
  expect(numbers).toEqual(numbers.map((_, i) => i + 1))
})

test('the host is a column in lines, tables and JSON, and a key of tables', () => {
  expect(ksys(['-r', both, '-n', '1']).stdout).toMatch(/^1 \S+ \d+ a \S+ \(\d+\) </)
  expect(JSON.parse(ksys(['-r', both, '-j', '-n', '1']).stdout)).toMatchObject({ 'host.name': 'a' })
  const rows = (file: string) =>
    ksys(['-r', file, '-c', 'topprocs_file', 'proc.name=cc1']).stdout.trim().split('\n').slice(2)
  expect(rows(both).filter((r) => /\ba\b/.test(r))).toHaveLength(rows(build).length)
  expect(rows(both)).toHaveLength(2 * rows(build).length)
  expect(ksys(['-r', build, '-n', '1', '-p', '%host.name']).stdout).toBe('demo\n')
})

test('a filter by process, time or number reads the same events from a file as from the complete input', () => {
  const all = { env: { KSYS_READ: 'all' } }
  for (const filter of ['proc.name=as', 'evt.num in (100, 4000)', 'fd.name contains /tmp/demo', 'evt.reltime > 40ms']) {
    const pruned = ksys(['-r', both, filter])
    expect(pruned.stdout).toBe(ksys(['-r', both, filter], all).stdout)
    expect(pruned.stdout).not.toBe('')
  }
})

test('the state at the end is shown for all hosts', () => {
  const ps = (file: string) => ksys(['-r', file, '-c', 'ps']).stdout.trim().split('\n')
  expect(ps(both)).toHaveLength(2 * ps(build).length - 1)
})

test('calls in flight are shown with their host, as a table and as JSON', () => {
  const arm = join(root, 'test/golden/arm64/known.ksys')
  const two = join(dir, 'in-flight.ksys')
  expect(ksys(['merge', arm, arm, '-w', two, '--host', 'a', '--host', 'longer'])).toMatchObject({ code: 0 })
  const table = (file: string) => ksys(['-r', file, '--inflight']).stdout.trimEnd().split('\n')
  const [head, ...calls] = table(arm)
  const [headOfTwo, ...callsOfTwo] = table(two)
  expect(headOfTwo).toBe(`HOST    ${head}`)
  expect(calls.length).toBeGreaterThan(1)
  expect(callsOfTwo.sort()).toEqual(calls.flatMap((call) => [`a       ${call}`, `longer  ${call}`]).sort())
  const [first] = ksys(['-r', two, '--inflight', '-j', 'host.name=longer']).stdout.split('\n')
  expect(JSON.parse(first as string)).toMatchObject({ 'host.name': 'longer', 'evt.schema': 1 })
})

test('a part of a merged trace has several hosts too, and the part of one host equals its original trace', () => {
  const part = join(dir, 'part.ksys')
  expect(ksys(['cut', both, '-w', part, 'evt.type=execve'])).toMatchObject({ code: 0, stderr: '' })
  expect(lines(part, `%evt.num %host.name ${LINE}`)).toBe(lines(both, `%evt.num %host.name ${LINE}`, 'evt.type=execve'))
  const one = join(dir, 'one.ksys')
  expect(ksys(['cut', both, '-w', one, 'host.name=b'])).toMatchObject({ code: 0, stderr: '' })
  expect(lines(one, LINE)).toBe(own)
  expect(JSON.parse(ksys(['info', '-j', one]).stdout)).toMatchObject({ version: '2', host: 'b' })
})

test('merging a merged trace takes its hosts, and hosts of the same name are distinguished', () => {
  const three = join(dir, 'three.ksys')
  const run = ksys(['merge', both, shell, build, '-w', three])
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('renamed to demo-2 (--host names hosts)') })
  const info = JSON.parse(ksys(['info', '-j', three]).stdout)
  expect(info).toMatchObject({ version: '3', hosts: ['a', 'b', 'demo', 'demo-2'], damage: [] })
  const deep = JSON.parse(ksys(['info', '-j', '--deep', three]).stdout)
  expect(deep.events).toBe(info.events)
  const [b, s] = [build, shell].map((file) => JSON.parse(ksys(['info', '-j', file]).stdout))
  expect(info.events).toBe(3 * b.events + s.events)
  expect(info.processes.atStart).toBe(3 * b.processes.atStart + s.processes.atStart)
  expect(lines(three, LINE, 'host.name=demo')).toBe(lines(shell, LINE))
})

test('containers with the same id, in files of other tools, remain on their hosts', () => {
  const scap = join(dir, 'container.scap')
  writeFileSync(scap, gunzipSync(readFileSync(join(root, 'test/golden/captures/container.scap.gz'))))
  const two = join(dir, 'two.ksys')
  expect(ksys(['merge', scap, scap, '-w', two, '--host', 'a', '--host', 'b'])).toMatchObject({ code: 0 })
  const format = `%container.name %container.image ${LINE}`
  for (const host of ['a', 'b']) expect(lines(two, format, `host.name=${host}`)).toBe(lines(scap, format))
  expect(ksys(['merge', scap, build, '-w', join(dir, 'no.ksys')])).toMatchObject({ code: 2 })
})

test('omitted data is omitted for every host', () => {
  const out = join(dir, 'redacted.ksys')
  expect(ksys(['redact', both, '-w', out, '--no-args'])).toMatchObject({ code: 0 })
  expect(lines(out, '*%proc.args')).not.toContain('main')
  const named = lines(both, '%host.name', '--no-args', '-n', '2')
  expect(named).toBe('a\na\n')
})

test('damage is reported with its place in the file, and the rest is read', () => {
  const cut = join(dir, 'cut.ksys')
  const bytes = readFileSync(both)
  writeFileSync(cut, bytes)
  truncateSync(cut, bytes.length - 1000)
  const run = ksys(['-r', cut, '-p', LINE, 'host.name=a'])
  expect(run).toMatchObject({ code: 5, stdout: own })
  expect(run.stderr).toMatch(/is damaged at byte [\d,]+/)
  truncateSync(cut, 4000)
  expect(ksys(['-r', cut])).toMatchObject({ code: 5, stderr: expect.stringContaining('before the trace of one') })
  const info = ksys(['info', '-j', cut])
  expect(info.code).toBe(5)
  expect(JSON.parse(info.stdout)).toMatchObject({ version: '3', checked: 'events' })
  truncateSync(cut, 30)
  expect(ksys(['-r', cut])).toMatchObject({ code: 4 })
  bytes[20]! ^= 1
  writeFileSync(cut, bytes)
  expect(ksys(['-r', cut])).toMatchObject({ code: 4, stderr: expect.stringContaining('several hosts') })
})

/** Merges as ksys() does, with a limit of `bytes` on the length of files. */
function limited(bytes: number, ...words: string[]) {
  const script = `ulimit -f ${Math.floor(bytes / 512)}; exec "$@"`
  const run = spawnSync('dash', ['-c', script, 'sh', process.execPath, main, 'merge', ...words], { encoding: 'utf8' })
  return { code: run.status, stdout: run.stdout, stderr: run.stderr }
}

test('the target file keeps its contents until all is merged, and errors name it rather than the temporary file', () => {
  const out = join(dir, 'kept.ksys')
  writeFileSync(out, 'kept')
  const within = limited(statSync(build).size / 2, build, shell, '-w', out)
  expect(within.code).toBe(6)
  expect(within.stderr).toContain(
    `${out} is not written: the traces of its hosts, stored in ${dir} until all are complete`,
  )
  expect(within.stderr).not.toMatch(/are readable|\.ksys-/)
  expect(readFileSync(out, 'utf8')).toBe('kept')
  const absent = join(dir, 'absent.ksys')
  expect(limited(statSync(build).size / 2, build, shell, '-w', absent).code).toBe(6)
  expect(existsSync(absent)).toBe(false)
  const atTheEnd = limited(statSync(both).size * 0.75, build, build, '-w', out, '--host', 'a', '--host', 'b')
  expect(atTheEnd).toMatchObject({
    code: 6,
    stderr: expect.stringContaining(`${out} cannot be written: the file would`),
  })
  expect(statSync(out).size).toBe(0)
  expect(readdirSync(dir).filter((name) => name.startsWith('.ksys-'))).toEqual([])
})

test('a target that cannot be written is reported before anything is merged', () => {
  const folder = join(dir, 'taken')
  mkdirSync(folder)
  const before = limited(0, build, shell, '-w', folder)
  expect(before).toMatchObject({ code: 6, stderr: expect.stringContaining('it is a directory') })
  const link = join(dir, 'dangling')
  symlinkSync(join(dir, 'no-such-folder/new'), link)
  const message = `ksys: ${link} cannot be written: there is no such folder\n`
  expect(limited(0, build, shell, '-w', link)).toMatchObject({ code: 6, stderr: expect.stringContaining(message) })
  expect(ksys(['-r', build, '-w', link])).toMatchObject({ code: 6, stderr: message })
  unlinkSync(link)
  symlinkSync(join(dir, 'made-by-link.ksys'), link)
  expect(ksys(['merge', build, build, '--host', 'a', '--host', 'b', '-w', link]).code).toBe(0)
  expect(existsSync(join(dir, 'made-by-link.ksys'))).toBe(true)
})

test('a trace for a pipe or a device is written there directly', () => {
  const to = (...words: string[]) => spawnSync(process.execPath, [main, 'merge', build, build, ...words])
  const words = ['--host', 'a', '--host', 'b', '--shift', 'b=3ms', '-w']
  expect(to(...words, '-').stdout.equals(readFileSync(both))).toBe(true)
  expect(to(...words, '/dev/full').stderr.toString()).toContain('/dev/full cannot be written: the disk is full')
})

test('missing, wrong and impossible arguments are reported', () => {
  const out = join(dir, 'none.ksys')
  const refused = (code: number, text: string, ...words: string[]) =>
    expect(ksys(['merge', ...words])).toMatchObject({ code, stderr: expect.stringContaining(text) })
  refused(2, 'missing captures', '-w', out)
  refused(2, 'missing -w', build, shell)
  refused(2, 'has only one host', build, '-w', out)
  refused(
    2,
    '--host c does not correspond to a host',
    build,
    shell,
    '-w',
    out,
    '--host',
    'a',
    '--host',
    'b',
    '--host',
    'c',
  )
  refused(2, 'no such host', build, shell, '-w', out, '--shift', 'x=1s')
  refused(2, 'expected a host and a time', build, shell, '-w', out, '--shift', 'x')
  for (const name of ['x.scap', 'x.SCAP', 'x.scap.GZ'])
    refused(2, 'a .scap file cannot hold several hosts', build, shell, '-w', join(dir, name))
  refused(2, 'read only once', '-', '-', '-w', out)
  refused(2, 'would overwrite', build, both, '-w', both)
  refused(4, 'no such file', build, join(dir, 'no.ksys'), '-w', out)
  refused(6, 'no such folder', build, shell, '-w', join(dir, 'no/x.ksys'))
  refused(2, '104 days', build, shell, '-w', out, '--host', 'a', '--host', 'b', '--shift', 'a=99d', '--shift', 'b=-99d')
  expect(ksys(['-r', both, '-w', join(dir, 'x.scap')])).toMatchObject({ code: 2 })
  const folder = join(dir, 'folder')
  mkdirSync(folder)
  copyFileSync(both, join(folder, 'c.ksys'))
  expect(ksys(['-r', folder])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('cannot be joined with others'),
  })
  const piped = ksys(['-r', '-'], { input: readFileSync(both) })
  expect(piped).toMatchObject({ code: 4, stderr: expect.stringContaining('save it as a file first') })
})
