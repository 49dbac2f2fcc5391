// -w NAME.scap: files for sysdig, Falco and Wireshark, from files of both kinds. How these tools read them: test/golden.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scapEvents } from '../../helpers/scap-events.js'
import { scratch } from '../../helpers/trace.js'
import { join as bytes, event, section, u32, u64 } from '../scap/build.js'

const path = scratch()
const web = `${root}captures/web.ksys`
const SECOND = 1_000_000_000n
const [OPEN, NANOSLEEP, READ, CLONE] = [2, 134, 6, 222]

/** Converts a file, and expects no messages. */
function write(from: string, to: string, ...args: string[]): string {
  expect(ksys(['-r', from, '-w', path(to), ...args])).toEqual({ code: 0, stdout: '', stderr: '' })
  return path(to)
}

const inOrder = (file: string) => {
  const times = scapEvents(file).map((e) => e.time)
  return times.every((t, i) => i === 0 || t >= (times[i - 1] as bigint))
}

test('each call is an event at its start and one at its end, in the order of their times', () => {
  const file = write(web, 'web.scap')
  const events = scapEvents(file).filter((e) => !e.hidden)
  const calls = Number(ksys(['-r', web, '-p', '*%evt.type', 'evt.dir=<']).stdout.split('\n').length - 1)
  expect(events.filter((e) => (e.code & 1) === 1).length).toBe(
    ksys(['-r', web, '-p', '*%evt.type', 'not evt.type in (procexit, signaldeliver, exit, exit_group)']).stdout.split(
      '\n',
    ).length - 1,
  )
  expect(calls).toBeGreaterThan(1000)
  expect(inOrder(file)).toBe(true)
  const open = new Map<number, number>()
  for (const e of events) {
    if ((e.code & 1) === 0) open.set(e.tid, e.code)
    else expect(open.get(e.tid)).toBe(e.code - 1)
  }
})

test('a long call starts at its start time, before the events that happened during the call', () => {
  const calls = [event({ code: NANOSLEEP, tid: 7, time: SECOND, params: [u64(3n * SECOND)] })]
  for (let i = 0n; i < 30n; i++) {
    const time = SECOND + 1n + i * (SECOND / 10n)
    calls.push(event({ code: READ, tid: 8, time, params: [u64(3), u32(10)] }))
    calls.push(event({ code: READ + 1, tid: 8, time: time + 5n, params: [u64(0), new Uint8Array()] }))
  }
  calls.push(event({ code: NANOSLEEP + 1, tid: 7, time: 4n * SECOND, params: [u64(0)] }))
  writeFileSync(path('long.scap'), bytes(section(), ...calls))
  write(path('long.scap'), 'long.ksys')
  const file = write(path('long.ksys'), 'again.scap')
  expect(scapEvents(file).map((e) => [e.time, e.tid, e.code])).toEqual(
    scapEvents(path('long.scap')).map((e) => [e.time, e.tid, e.code]),
  )
})

test('a filter passes complete calls, and the events that others depend on', () => {
  const file = write(web, 'opens.scap', 'evt.type=openat and proc.name=curl')
  const events = scapEvents(file)
  const shown = events.filter((e) => !e.hidden)
  const wanted = ksys(['-r', web, '-p', '*%evt.rawtime', 'evt.type=openat and proc.name=curl'])
    .stdout.trim()
    .split('\n')
  expect(new Set(shown.map((e) => e.code))).toEqual(new Set([306, 307]))
  expect(shown.filter((e) => e.code === 307).map((e) => `${e.time}`)).toEqual(wanted)
  expect(shown.length).toBe(2 * wanted.length)
  expect(events.some((e) => e.hidden)).toBe(true)
  expect(inOrder(file)).toBe(true)
})

test('ksys reads the same events from its .scap file as from the trace, except what the format cannot contain', () => {
  const line = `*${'evt.rawtime evt.type evt.latency thread.tid thread.vtid proc.pid proc.name proc.cmdline proc.exepath proc.cwd proc.pname fd.num fd.type fd.name evt.res evt.buflen evt.is_open_read evt.is_open_create user.name group.gid'
    .split(' ')
    .map((f) => `%${f}`)
    .join('|')}`
  // calls without an event of their own, for which only the name is recorded, without the result
  const named = `rt_sigaction rt_sigprocmask rt_sigreturn getsockname getrandom set_robust_list rseq wait4 gettid arch_prctl
    set_tid_address madvise statfs readlink getpid getppid uname clock_nanosleep exit exit_group`
  const filter = `not evt.type in (${named.trim().split(/\s+/).join(', ')})`
  const of = (file: string) => ksys(['-r', file, '-p', line, filter]).stdout.split('\n')
  const [before, after] = [of(web), of(write(web, 'same.scap'))]
  expect(after.length).toBe(before.length)
  expect(after.filter((l, i) => l !== before[i]).slice(0, 5)).toEqual([])
  expect(after.length).toBeGreaterThan(4000)
})

test('events retain their recorded version and their number', () => {
  const capture = path('web_old.scap')
  writeFileSync(capture, gunzipSync(readFileSync(`${root}test/golden/captures/container.scap.gz`)))
  const file = write(capture, 'container.scap')
  const line = ['--enter', '-p', '*%evt.num %evt.rawtime %evt.type %evt.dir %proc.name %evt.args %container.name']
  expect(ksys(['-r', file, ...line]).stdout).toBe(ksys(['-r', capture, ...line]).stdout)
})

test('a file whose name ends in .gz is compressed', () => {
  const [plain, packed] = [write(web, 'plain.scap'), write(web, 'packed.scap.gz')]
  expect(gunzipSync(readFileSync(packed)).equals(readFileSync(plain))).toBe(true)
  expect(statSync(packed).size).toBeLessThan(statSync(plain).size / 3)
  // as with -z of sysdig
  const again = write(web, 'compressed.scap', '-z')
  expect(gunzipSync(readFileSync(again)).equals(readFileSync(plain))).toBe(true)
  expect(statSync(packed).mode & 0o777).toBe(0o600)
})

test('-n and -M end the file where they end reading, and nothing of a longer existing file remains', () => {
  write(web, 'some.scap')
  const some = scapEvents(write(web, 'some.scap', '-n', '10')).filter((e) => !e.hidden)
  expect(some.length).toBeGreaterThan(10)
  expect(some.length).toBeLessThanOrEqual(20)
  expect(inOrder(path('some.scap'))).toBe(true)
  const first = scapEvents(write(web, 'short.scap', '-M', '10ms'))
  expect(first.length).toBeGreaterThan(10)
  expect((first.at(-1)?.time ?? 0n) - (first[0]?.time ?? 0n)).toBeLessThan(11_000_000n)
})

test('-n counts calls, from a .scap file too: both events of a call count once, unless enter events are requested', () => {
  const calls = (file: string, ...options: string[]) =>
    ksys(['-r', file, ...options])
      .stdout.trim()
      .split('\n').length
  const whole = write(web, 'counted.scap')
  expect(calls(write(whole, 'calls.scap', '-n', '50'))).toBe(50)
  expect(calls(write(whole, 'both.scap', '-n', '50', '--enter'), '--enter')).toBe(50)
  expect(calls(write(whole, 'starts.scap', '-n', '50', 'evt.dir=>'), '--enter')).toBe(50)
})

test('new threads are written before their first call', () => {
  const events = scapEvents(write(web, 'births.scap'))
  const born = events.filter((e) => e.code === CLONE + 1 && e.hidden)
  expect(born.length).toBeGreaterThan(3)
  for (const b of born) expect(events.find((e) => e.tid === b.tid && e.time >= b.time)).toBe(b)
})

test('flags are those of libs, not of the kernel', () => {
  const opens = scapEvents(write(`${root}captures/shell.ksys`, 'flags.scap')).filter((e) => e.code === 307)
  const flags = opens.map((e) => e.params[3]?.readUInt32LE() ?? 0)
  // O_RDONLY is 1 and O_CLOEXEC 4096 there
  expect(flags.filter((f) => (f & 0xffff) === 4097).length).toBeGreaterThan(5)
  // the mode is meaningless if no file is created
  for (const e of opens.filter((_, i) => ((flags[i] ?? 0) & 4) === 0)) expect(e.params[4]?.readUInt32LE()).toBe(0)
})

test('events that the format lacks are reported', () => {
  // events of the newest libs, which older versions do not know
  const task = event({ code: 430, tid: 7, time: SECOND, params: [] })
  const open = event({ code: OPEN, tid: 7, time: SECOND, params: [] })
  writeFileSync(path('task.scap'), bytes(section(), task, open))
  const { code, stderr } = ksys(['-r', path('task.scap'), '-w', path('none.scap')])
  expect(code).toBe(0)
  expect(stderr).toBe(`ksys: 1 event was omitted from ${path('none.scap')}: .scap has no event for it\n`)
})

test('obstacles to writing the file are reported in one sentence', () => {
  expect(ksys(['-r', web, '-w', path('no/where.scap')])).toEqual({
    code: 6,
    stdout: '',
    stderr: `ksys: ${path('no/where.scap')} cannot be written: there is no such folder\n`,
  })
  const own = write(web, 'own.scap')
  expect(ksys(['-r', own, '-w', own]).stderr).toMatch(/would overwrite the file that is read/)
  symlinkSync('/dev/full', path('full.scap'))
  expect(ksys(['-r', web, '-w', path('full.scap')])).toMatchObject({
    code: 6,
    stderr: `ksys: ${path('full.scap')} cannot be written any further: the disk is full\n`,
  })
})

test('a reader of a FIFO gets everything, and may close it', async () => {
  const fifo = path('fifo.scap')
  execFileSync('mkfifo', [fifo])
  const writer = spawn(process.execPath, [main, '-r', web, '-w', fifo], { stdio: 'ignore' })
  const reader = spawn('cat', [fifo], { stdio: ['ignore', openSync(path('copied.scap'), 'w'), 'ignore'] })
  await Promise.all([once(writer, 'exit'), once(reader, 'exit')])
  expect(writer.exitCode).toBe(0)
  expect(readFileSync(path('copied.scap')).equals(readFileSync(write(web, 'direct.scap')))).toBe(true)
  const gone = spawn(process.execPath, [main, '-r', web, '-w', fifo], { stdio: ['ignore', 'ignore', 'pipe'] })
  let messages = ''
  gone.stderr.on('data', (text) => {
    messages += text
  })
  const head = spawn('head', ['-c', '100', fifo], { stdio: 'ignore' })
  await Promise.all([once(gone, 'exit'), once(head, 'exit')])
  expect([gone.exitCode, head.exitCode]).toEqual([0, 0])
  expect(messages.replace(/^ksys: waiting for a reader of .*\n/, '')).toBe('')
})
