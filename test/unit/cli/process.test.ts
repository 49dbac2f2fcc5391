// The command as a process: exit codes, streams, terminals. Nothing here needs privileges.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { scratchDir } from '../../helpers/live.js'

const ROOT = new URL('../../../', import.meta.url).pathname
const MAIN = join(ROOT, '.build/js/src/main.js')
const dir = scratchDir('cli')

const captures = readdirSync(join(ROOT, 'captures')).filter((f) => f.endsWith('.ksys'))
const capture = join(ROOT, 'captures', captures[0] as string)

interface Ran {
  code: number | null
  out: string
  err: string
}

function ksys(args: string[], more: { env?: Record<string, string>; input?: Buffer } = {}): Ran {
  const r = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: dir,
    input: more.input ?? '',
    env: { PATH: process.env.PATH, TZ: 'UTC', ...more.env },
    maxBuffer: 2 ** 28,
    timeout: 30_000,
  })
  return { code: r.status, out: r.stdout.toString(), err: r.stderr.toString() }
}

/** Runs a shell command in which $K is ksys and $F a capture. */
function shell(line: string, env: Record<string, string> = {}): Ran {
  const r = spawnSync('bash', ['--norc', '-c', line], {
    cwd: dir,
    env: { PATH: process.env.PATH, TZ: 'UTC', K: `${process.execPath} ${MAIN}`, F: capture, ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { code: r.status, out: r.stdout, err: r.stderr }
}

test('the version and the help are printed to standard output', () => {
  expect(ksys(['--version'])).toMatchObject({ code: 0, err: '' })
  expect(ksys(['--version']).out).toMatch(/^ksys \d+\.\d+\.\d+\n$/)
  expect(ksys(['-h']).out).toContain('--numevents N')
})

test('ps and systemctl show it as ksys, with its whole command line', async () => {
  const words = [process.execPath, MAIN, '-r', '-', 'proc.name=sh']
  const child = spawn(words[0] as string, words.slice(1), { stdio: ['pipe', 'ignore', 'ignore'] })
  try {
    await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('ksys\n'), 30_000)
    expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toBe(words.map((word) => `${word}\0`).join(''))
  } finally {
    child.kill('SIGKILL')
  }
})

test('a wrong option, filter or format gives exit code 2, a sentence on standard error, and no standard output', () => {
  for (const args of [
    ['--quite'],
    ['-r', capture, 'proc.nam=x'],
    ['-r', capture, 'proc.name='],
    ['-r', capture, '-p', '%proc.nam'],
    ['-r', capture, '(proc.name=x'],
  ]) {
    const r = ksys(args)
    expect(r).toMatchObject({ code: 2, out: '' })
    expect(r.err).toMatch(/^ksys: /)
    expect(r.err).not.toContain('    at ')
  }
  expect(ksys(['-r', capture, 'proc.nam=x']).err).toContain('proc.name')
  expect(ksys(['-r', capture, 'proc.name = cat and and evt.type=open']).err).toMatch(/^ +\^/m)
})

test('an input that is missing, empty or not a capture gives exit code 4 and is named', () => {
  writeFileSync(join(dir, 'empty'), '')
  writeFileSync(join(dir, 'text'), 'this is no capture\n'.repeat(100))
  for (const name of ['missing', 'empty', 'text', '.']) {
    const r = ksys(['-r', name])
    expect(r, name).toMatchObject({ code: 4, out: '' })
    expect(r.err).toContain(name)
  }
})

test('the readable part of a damaged input is shown, with exit code 5', () => {
  const whole = readFileSync(capture)
  writeFileSync(join(dir, 'cut.ksys'), whole.subarray(0, Math.floor(whole.length * 0.8)))
  const r = ksys(['-r', 'cut.ksys'])
  expect(r.code).toBe(5)
  expect(r.err).toContain('cut.ksys is damaged at byte')
  expect(r.out.split('\n').length).toBeGreaterThan(10)
})

test('a reader that closes the pipe ends the run quietly', () => {
  const r = shell('$K -r $F -r $F | head -n 2; echo $PIPESTATUS')
  expect(r.err).toBe('')
  expect(r.out.trim().split('\n')).toHaveLength(3)
  expect(r.out.trim().split('\n')[2]).toBe('0')
})

test('a full output is reported with exit code 6', () => {
  const r = shell('$K -r $F > /dev/full')
  expect(r.code).toBe(6)
  expect(r.err).toContain('no space left')
  const w = ksys(['-r', capture, '-w', '/dev/full'])
  expect(w.code).toBe(6)
  expect(w.err).toContain('/dev/full')
  expect(ksys(['-r', capture, '-w', '/nosuch/dir/x']).code).toBe(6)
})

test('the number of events can be limited, across several files, and output can be suppressed', () => {
  expect(ksys(['-r', capture, '-n', '7']).out.trim().split('\n')).toHaveLength(7)
  expect(ksys(['-r', capture, '-q']).out).toBe('')
  const once = ksys(['-r', capture]).out
  expect(ksys(['-r', capture, '-r', capture]).out).toBe(once + once)
})

test('standard input is read like any capture', () => {
  expect(ksys(['-r', '-'], { input: readFileSync(capture) }).out).toBe(ksys(['-r', capture]).out)
})

test('a file written with a filter contains what the filter shows, and is private', () => {
  const filter = 'evt.failed=true'
  const w = ksys(['-r', capture, '-w', 'failed.ksys', filter])
  expect(w).toMatchObject({ code: 0, out: '', err: '' })
  expect(ksys(['-r', 'failed.ksys']).out).toBe(ksys(['-r', capture, filter]).out)
  expect(statSync(join(dir, 'failed.ksys')).mode & 0o777).toBe(0o600)
})

test('a file is not written over the one that is read', () => {
  shell('cp $F same.ksys')
  const r = ksys(['-r', 'same.ksys', '-w', './same.ksys'])
  expect(r.code).toBe(2)
  expect(ksys(['-r', 'same.ksys', '-q']).code).toBe(0)
})

test('each JSON line is valid', () => {
  const lines = ksys(['-r', capture, '-j', '-n', '50']).out.trim().split('\n')
  expect(lines).toHaveLength(50)
  for (const l of lines) expect(JSON.parse(l)).toHaveProperty(['evt.type'])
})

test('if only a related call occurred, a filter without matches gets the corrected filter as a hint', () => {
  const types = new Set(ksys(['-r', capture, '-p', '%evt.type']).out.split('\n'))
  if (!types.has('openat') || types.has('open')) return
  const r = ksys(['-r', capture, 'evt.type=open'])
  expect(r.out).toBe('')
  expect(r.err).toContain('openat')
  // the user's own filter only: the other options stay as they are, and the chisel adds its own filter again
  for (const more of [
    ['-U', 'bash', '--until', '1h'],
    ['-c', 'topfiles_bytes'],
  ])
    expect(ksys(['-r', capture, ...more, 'evt.type=open']).err).toMatch(/; try: evt\.type in \(open, openat\)\n/)
})

const colored = /\x1b\[/

test('colours are used on a terminal only, subject to NO_COLOR, TERM=dumb and --color', () => {
  const pty = (env: string, args = '') => shell(`script -qec "env ${env} $K -r $F -n 3 ${args}" /dev/null`).out
  expect(pty('TERM=xterm')).toMatch(colored)
  expect(pty('TERM=xterm NO_COLOR=1')).not.toMatch(colored)
  expect(pty('TERM=dumb')).not.toMatch(colored)
  expect(pty('TERM=xterm', '--color=never')).not.toMatch(colored)
  expect(ksys(['-r', capture, '-n', '3'], { env: { TERM: 'xterm' } }).out).not.toMatch(colored)
  expect(ksys(['-r', capture, '-n', '3', '--color=always']).out).toMatch(colored)
})

test('without privileges a live capture exits with code 3 and suggests reading a file', () => {
  if (process.getuid?.() !== 0) return
  const r = shell('setpriv --bounding-set -all --inh-caps -all $K -n 1')
  expect(r.code).toBe(3)
  expect(r.err).toMatch(/CAP_BPF and CAP_PERFMON/)
  expect(r.out).toBe('')
  expect(r.err).toMatch(/ksys -r \S+\.ksys/)
  const offered = /ksys -r (\S+\.ksys)/.exec(r.err)?.[1] as string
  expect(existsSync(offered)).toBe(true)
})

test('an addon that does not load gives the same sentence for every command, and exit code 3', () => {
  const made = join(dir, 'addon')
  mkdirSync(made)
  const library = join(made, 'libksysgone.so.1')
  const compile = (to: string, source: string, ...more: string[]) =>
    execFileSync('cc', ['-shared', '-x', 'c', '-', '-x', 'none', '-o', to, ...more], { input: source })
  compile(library, 'int there(void) { return 1; }')
  const linked = join(made, 'linked.node')
  compile(linked, 'int there(void); int f(void) { return there(); }', '-Wl,--no-as-needed', library)
  rmSync(library)
  const absent = join(made, 'absent.node')
  for (const [addon, why] of [
    [absent, 'which is missing'],
    [linked, `which needs the library ${library}, and that is missing`],
  ] as const) {
    const env = { KSYS_ADDON: addon }
    const sentence = `live capture needs ksys's native addon, ${why}: build it`
    const ways = [['--', 'true'], ['--inflight'], ['-c', 'topprocs_cpu']]
    for (const args of [['-n', '1'], ...(addon === absent ? ways : [])]) {
      const r = ksys(args, { env })
      expect(r).toMatchObject({ code: 3, out: '' })
      expect(r.err.split('\n')).toEqual([expect.stringContaining(sentence), ''])
    }
    expect(ksys(['-v', '-n', '1'], { env }).err).toMatch(/\nMessage of the system:\n {2}\S/)
    expect(ksys(['info', '--host'], { env }).out).toContain(`not possible: ${sentence}`)
    const ui = shell('script -qec "$K ui" /dev/null; script -qec "$K ui --verbose" /dev/null', {
      ...env,
      TERM: 'xterm',
    })
    expect(ui.out.match(new RegExp(sentence.replaceAll('.', '\\.'), 'g'))).toHaveLength(2)
    expect(ui.out.match(/Message of the system:/g)).toHaveLength(1)
  }
})

test('captures of either kind need the addon, and a sentence says so', () => {
  const scap = join(dir, 'sysdig.scap')
  const packed = readFileSync(join(ROOT, 'test/golden/captures/cat_write.scap.gz'))
  for (const bytes of [packed, gunzipSync(packed)]) {
    writeFileSync(scap, bytes)
    for (const args of [
      ['-r', scap],
      ['info', scap],
      ['-r', capture],
    ]) {
      const r = ksys(args, { env: { KSYS_ADDON: join(dir, 'no.node') } })
      expect(r).toMatchObject({ code: 4, out: '' })
      expect(r.err).toMatch(/^ksys: [^\n]* ksys's native addon, which is missing: build it here[^\n]*\n$/)
    }
  }
})

test('a FIFO cannot be read without the addon, and a sentence says so', () => {
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  const r = ksys(['-r', fifo], { env: { KSYS_ADDON: join(dir, 'no.node') } })
  expect(r).toMatchObject({ code: 4, out: '' })
  expect(r.err).toMatch(/fifo cannot be read: reading a FIFO needs ksys's native addon, .*: build it here/)
})

test('a long filter is answered', () => {
  const long = Array.from({ length: 5000 }, (_, i) => `proc.pid=${i + 1e6}`).join(' or ')
  expect(ksys(['-r', capture, long])).toMatchObject({ code: 0, out: '' })
  const deep = `${'('.repeat(10_000)}proc.pid=1${')'.repeat(10_000)}`
  expect([0, 2]).toContain(ksys(['-r', capture, deep]).code)
})
