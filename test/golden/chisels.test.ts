// The output of real sysdig's chisels for the captures, row by row. Spaces and colours are not compared.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { run } from '../helpers/resident.js'
import { bundled as captures, here, unpacked } from './captures.js'

const dir = unpacked()

interface Case {
  readonly chisel: string
  /** of the file with the expected output, after the chisel's name */
  readonly suffix?: string
  readonly args?: readonly string[]
  /** rows come in any order */
  readonly unordered?: boolean
  /** sysdig repeats rows */
  readonly once?: boolean
  /** a row of ksys and of sysdig, as they are compared */
  readonly row?: (line: string) => string
}

/** Users are those of the capture; sysdig used the names of the machine that read it. */
const withoutUser = (column: number) => (line: string) =>
  line
    .split(' ')
    .filter((_, i) => i !== column)
    .join(' ')
/** Old lsof and netstat cut values that are longer than their column. */
const cutNames = (line: string) => withoutUser(3)(line).replace(/^(\S{1,19}) /, '$1 ')
const cutPort = (line: string) => line.replace(/^(tcp|udp) (\S{24})\S* /, '$1 $2 ')
/** A call of ksys has the arguments of both of sysdig's lines. */
const withoutArguments = (line: string) => line.replace(/(\(\d+\) [<>] \S+).*/, '$1')
/** For an empty read sysdig shows the text NULL. */
const withoutNull = (line: string) => line.replace(/( 0B \S+) NULL$/, '$1')
/** While the direction is the same, sysdig repeats the size of the first read or write. */
const withoutSize = (line: string) => line.replace(/^(------ (Read|Write)) .*/, '$1')

const cases: readonly Case[] = [
  { chisel: 'ps', row: withoutUser(2), unordered: true },
  { chisel: 'ps', suffix: '_proc.name=bash', args: ['proc.name=bash'], row: withoutUser(2) },
  { chisel: 'lsof', row: cutNames, unordered: true },
  { chisel: 'lsof', suffix: '_fd.type=file', args: ['fd.type=file'], row: cutNames, unordered: true },
  { chisel: 'netstat', args: ['threads=yes'], row: cutPort, unordered: true },
  { chisel: 'netstat', suffix: '_fd.type=ipv4', args: ['fd.type=ipv4', 'threads=yes'], row: cutPort, unordered: true },
  { chisel: 'lscontainers' },
  { chisel: 'echo_fds' },
  { chisel: 'spy_users', row: (line) => line.replace(/^(\d+ \S+) \S*\)/, '$1') },
  { chisel: 'httplog' },
  { chisel: 'httptop' },
  { chisel: 'fileslower', suffix: '_1', args: ['1'] },
  { chisel: 'netlower', suffix: '_1', args: ['1'] },
  { chisel: 'scallslower', suffix: '_1', args: ['1'] },
  { chisel: 'bottlenecks', row: withoutArguments },
  { chisel: 'proc_exec_time', suffix: '_1' },
  { chisel: 'stdin' },
  { chisel: 'stdout' },
  { chisel: 'stderr' },
  { chisel: 'spy_file', row: withoutNull },
  { chisel: 'spy_ip', suffix: '_127.0.0.1', args: ['127.0.0.1'] },
  { chisel: 'spy_port', suffix: '_80', args: ['80'], row: withoutSize },
  { chisel: 'spy_port', suffix: '_18080', args: ['18080'] },
  { chisel: 'spy_logs' },
  { chisel: 'spy_syslog' },
  { chisel: 'list_login_shells', once: true },
  { chisel: 'shellshock_detect' },
  { chisel: 'memcachelog' },
]

/** Intended differences, each with its reason. */
const MEANT: readonly (readonly [output: RegExp, line: RegExp, reason: string])[] = [
  [/^(cat_write|curl_google)\/ps$/, /^(20072 20072|17497 17497) /, 'the first event is the exec of this process'],
  [/^(container|sample)\/ps$/, / sysdig$/, 'the first event tells the memory of the thread that switched'],
  [/^mix\/spy_users$/, /^19080 /, 'sysdig stopped with an error at the third line'],
  [
    /^container\/echo_fds$/,
    / Read 3B from .*\(docker\)$/,
    'a read whose enter event was not recorded is given descriptor 0',
  ],
  [/\/bottlenecks$/, /\) > \S+$/, 'a call is one line, not one for its beginning and one for its end'],
  [/^curl_google\/proc_exec_time_1$/, /^12ms curl /, 'a thread of the process has ended, the process has not'],
  [/^container\/stdin$/, /^ls$/, 'what sysdig has more is of the read without its enter event'],
]

const ANSI = /\u001b\[[0-9;]*m/g
const rows = (text: string, c: Case): string[] => {
  const lines = text
    .replace(ANSI, '')
    .split('\n')
    .map((l) => l.replace(/ +/g, ' ').trim())
    .filter((l) => l !== '')
    .map(c.row ?? ((l) => l))
  const different = c.once ? [...new Set(lines)] : lines
  return c.unordered ? different.sort() : different
}

/** The first difference between the outputs of a chisel for a capture; undefined if there is none, or no expected output. */
async function difference(capture: string, name: string, c: Case): Promise<string | undefined> {
  const file = join(here, 'expected', capture, `chisel_${name}.txt.gz`)
  if (!existsSync(file)) return undefined
  const output = `${capture}/${name}`
  const meant = (line: string) => MEANT.some(([o, l]) => o.test(output) && l.test(line))
  const theirs = rows(gunzipSync(readFileSync(file)).toString('utf8'), c).filter((l) => !meant(l))
  const printed = await run(['-r', join(dir, `${capture}.scap`), '-c', c.chisel, ...(c.args ?? [])])
  const ours = rows(printed, c).filter((l) => !meant(l))
  const at = theirs.findIndex((l, i) => l !== ours[i])
  if (at < 0 && ours.length === theirs.length) return undefined
  return `${output}:\n  theirs: ${theirs[Math.max(0, at)]}\n  ours: ${ours[Math.max(0, at)]}`
}

test.each(cases.map((c) => [`${c.chisel}${c.suffix ?? ''}`, c] as const))(
  '%s has the rows that sysdig printed',
  async (name, c) => {
    const found = await Promise.all(captures.map((capture) => difference(capture, name, c)))
    expect(found.filter((d) => d !== undefined)).toEqual([])
  },
)

test('http shows the messages of a capture with 80 bytes of each call, and the missing parts', async () => {
  const printed = await run(['-r', join(dir, 'curl_google.scap'), '-c', 'http'])
  const ends = '2600:1f18:262c:6542:9aa6:df7a:9a47:d29e:37140->2607:f8b0:4004:802::2004:80'
  expect(printed.split('\n')).toEqual([
    `2018-08-17 17:35:48.548801997 curl (17497) sends a request on ${ends}`,
    '> GET / HTTP/1.1',
    '> Host: www.google.com',
    '> User-Agent: curl/7.47.0',
    '> Accept: */*',
    '>',
    '',
    `2018-08-17 17:35:48.586317233 curl (17497) receives a response on ${ends}, after 37ms`,
    '< HTTP/1.1 200 OK',
    '< Date: Fri, 17 Aug 2018 17:35:48 GMT',
    '< Expires: -1',
    '< [the rest of the head was not captured]',
    '<',
    '< [5960 bytes more]',
    '< ment.body.onload = function(){window.n && window.n();if (document.images){new Im',
    '< [5377 bytes more]',
    '< 0',
    '<',
    '',
    '',
  ])
})

test.each([
  ['ps', { tid: 1, pid: 1, user: 'root', fdlimit: 1048576, cmd: 'systemd' }],
  ['lsof', { command: 'systemd', pid: 1, tid: 1, fd: 0, type: 'file', name: '/dev/null' }],
  ['netstat', { proto: 'tcp', server: ':::22', state: 'LISTEN', tid: 767, pid: 767, program: 'sshd' }],
  ['echo_fds', { direction: 'read', bytes: 1, proc: 'containerd', name: 'pipe:[22242]', data: '.' }],
  ['scallslower 1', { proc: 'containerd', pid: 722, tid: 762, type: 'futex', latency: 213_452_370 }],
  ['bottlenecks', { num: 456, latency: 214_467_910, proc: 'containerd', tid: 768, type: 'futex' }],
] as const)('%s with -j has one object a line, numbers as numbers', async (chisel, wanted) => {
  const printed = await run(['-r', join(dir, 'sample.scap'), '-j', '-c', ...chisel.split(' ')])
  const objects = printed
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l) as unknown)
  expect(objects).toContainEqual(expect.objectContaining(wanted))
})

test('with -pc slow calls and ended processes are shown with their containers', async () => {
  const lines = async (...chisel: string[]) =>
    (await run(['-r', join(dir, 'container.scap'), '-pc', '-c', ...chisel])).split('\n')
  const [titles, dashes, ...slow] = await lines('fileslower', '0', 'proc.name=ls')
  expect(titles).toMatch(/^evt.datetime +proc.name +container.name +evt.type +LATENCY\(ms\) +fd.name$/)
  expect(dashes).toBe([23, 12, 20, 8, 12, 41].map((n) => '-'.repeat(n)).join(' '))
  expect(slow[0]).toMatch(
    /^2019-07-09 22:31:12.097 ls +hopeful_taussig +read +0.959581 +\/lib\/x86_64-linux-gnu\/libselinux.so.1$/,
  )
  expect((await lines('proc_exec_time'))[2]).toMatch(/^9.25ms +ls +hopeful_taussig +$/)
})

test.each([
  ['spy_file', ['/proc/filesystems'], 2],
  ['spy_file', ['filesystems'], 2],
  ['spy_file', ['R', '/proc/filesystems'], 2],
  ['spy_file', ['w', '/proc/filesystems'], 0],
  ['spy_file', ['proc.name=ls', 'and', 'fd.name=/proc/filesystems'], 2],
  ['spy_file', ['/etc/passwd'], 0],
] as const)('%s %s shows the requested events', async (chisel, args, calls) => {
  const printed = await run(['-r', join(dir, 'container.scap'), '-c', chisel, ...args])
  expect(printed.split('\n').filter((l) => / [RW] \S+B \/proc\/filesystems/.test(l))).toHaveLength(calls)
  expect(printed === '').toBe(calls === 0)
})

test('list_login_shells takes a command and its arguments', async () => {
  const read = ['-r', join(dir, 'container.scap')]
  const list = async (...args: string[]) =>
    (await run([...read, '-pc', '-c', 'list_login_shells', ...args])).trimEnd().split('\n')
  expect(await list('ls')).toEqual(['Shells containing ls:', '25754 hopeful_taussig'])
  expect(await list('*', 'no such argument')).toEqual(['All shells:'])
  expect(await list('vi', 'proc.name=ls')).toEqual(['Shells containing vi:'])
  expect(await run([...read, '-j', '-c', 'list_login_shells'])).toBe('{"shell":25754}\n')
})

test.each([
  ['ksys', 'mix', ['around', 'OUT', '5', 'evt.type=execve'], 6],
  ['scap', 'mix', ['around', 'OUT', 'dump_range_ms=5', 'evt.type=execve'], 6],
  ['ksys', 'container', ['spy_logs', 'OUT', '5'], 3],
] as const)('events of threads around events are saved to a .%s of %s by %s', async (ending, capture, args, events) => {
  const out = join(dir, `around.${ending}`)
  const read = join(dir, `${capture}.scap`)
  const listed = await run(['-r', read, '-c', ...args.map((a) => a.replace('OUT', out))])
  expect(listed.trimEnd().split('\n')).toHaveLength(events)
  const of = async (file: string, filter: string): Promise<[number, number, string][]> =>
    (await run(['-r', file, '-p', '%evt.rawtime %thread.tid %evt.type', filter]))
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [time, tid, type] = line.split(' ') as [string, string, string]
        // ns since the epoch exceed the exact range of a number
        return [Number(time.slice(4)), Number(tid), type]
      })
  const what = capture === 'mix' ? 'evt.type=execve' : 'fd.name endswith -json.log and evt.type=write'
  const hits = await of(read, what)
  const wanted = (await of(read, 'evt.num>0')).filter(([time, tid]) =>
    hits.some(([at, thread]) => thread === tid && Math.abs(time - at) <= 5e6),
  )
  expect(hits).toHaveLength(events)
  // a .scap has the events in the order of their time, which may differ from the order in the input
  const places = (events: [number, number, string][]) => events.map(([time, tid]) => `${time} ${tid}`).sort()
  expect(places(await of(out, 'evt.num>0'))).toEqual(places(wanted))
})

test.each([
  ['spectrogram', 'latencies', 'evt.latency>0'],
  ['subsecoffset', 'offsets', 'evt.dir=>'],
] as const)('%s counts each call once', async (chisel, list, filter) => {
  const read = ['-r', join(dir, 'container.scap')]
  const events = (await run([...read, '-p', '%evt.num', filter])).trimEnd().split('\n').length
  const printed = await run([...read, '-j', '-c', chisel, '100'])
  const cells = printed
    .trimEnd()
    .split('\n')
    .flatMap((l) => (JSON.parse(l) as Record<string, { count: number }[]>)[list] ?? [])
  expect(cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(events)
})

test('chisels with intervals of their own do not change those of others', async () => {
  const read = ['-r', join(dir, 'container.scap')]
  const alone = await run([...read, '-c', 'iobytes'])
  const both = await run([...read, '-c', 'spectrogram', '50', '-c', 'iobytes'])
  expect(both.split('\n').filter((l) => l.includes(' tot:'))).toEqual(alone.trimEnd().split('\n'))
})

test('a heat map has characters if there are no colours, a row for each interval, and its axis', async () => {
  const printed = await run(['-r', join(dir, 'container.scap'), '-c', 'spectrogram', '500', 'proc.name=dockerd'])
  const [scale, ...rows] = printed.trimEnd().split('\n')
  expect(scale).toBe('calls/s: 1 ..,,::;;--++**ooOO@ 10,000')
  expect(rows.at(-1)).toMatch(/^\|1ns +\|10ns +.*\|1ms +.*\|10s$/)
  expect(rows.length).toBeGreaterThan(4)
  expect(rows.slice(0, -1).every((row) => /^[ .,:;*oO@+-]*$/.test(row))).toBe(true)
})
