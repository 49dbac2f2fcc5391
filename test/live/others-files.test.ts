// Files of programs and containers that a capture reads: unexpected ones are never opened, as strace shows, and
// the capture does not wait for them.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FakeContainers } from '../container/fake.js'
import { main, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const STRACE = spawnSync('strace', ['-V']).status === 0

interface Watched {
  readonly lines: readonly string[]
  /** calls that opened a path with this text, other than only to name it */
  opened(name: string): string[]
  /** calls that named it */
  named(name: string): string[]
}

/** What a live capture has printed, and the files that it has opened, according to strace, once this is enough. */
async function watched(dir: string, args: readonly string[], enough: (so: Watched) => boolean): Promise<Watched> {
  const logs = join(dir, 'strace')
  mkdirSync(logs)
  // a file for each thread: no call is in two pieces; other calls do not stop, which would take most of the time of a busy machine
  const traced = ['-ff', '--seccomp-bpf', '-y', '-s', '256', '-e', 'trace=open,openat,openat2', '-o', join(logs, 'log')]
  const child = spawn('strace', [...traced, process.execPath, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  const soFar = (): Watched => {
    const calls = readdirSync(logs)
      .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
      .filter((c) => / = \d+</.test(c))
    return {
      lines: printed.stdout.trimEnd().split('\n'),
      opened: (name) => calls.filter((c) => c.includes(name) && !c.includes('O_PATH')),
      named: (name) => calls.filter((c) => c.includes(name) && c.includes('O_PATH')),
    }
  }
  const end = Date.now() + 90_000
  while (child.exitCode === null && Date.now() < end && !enough(soFar()))
    await new Promise((resolve) => setTimeout(resolve, 200))
  if (child.exitCode === null) {
    const closed = once(child, 'close')
    // strace passes no signal on to the program that it follows
    process.kill(Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ')[0]), 'SIGINT')
    await closed
  }
  expect(child.exitCode, printed.stderr).toBe(0)
  return soFar()
}

/**
 * Functions without a file call getppid, after the program has created its perf map: one in a mount namespace of its own, where
 * /tmp has a device too.
 */
const JIT = `
import ctypes, mmap, os, stat, sys, time
memory = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
memory.write(bytes.fromhex('554889e5b86e0000000f055dc3'))
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
call = ctypes.CFUNCTYPE(ctypes.c_long)(address)
name = '/tmp/perf-%d.map' % os.getpid()
kind = sys.argv[1]
os.mknod('/tmp/ksys-device', 0o666 | stat.S_IFCHR, os.makedev(1, 5))
def symbols(at):
    with open(at, 'w') as f: f.write('%x 40 jitted\\n' % address)
if kind == 'plain': symbols(name)
elif kind == 'link': symbols('/tmp/real'); os.symlink('/tmp/real', name)
elif kind == 'device': os.symlink('ksys-device', name)
elif kind == 'fifo': os.mkfifo(name)
elif kind == 'kmsg': os.symlink('/proc/kmsg', name)
elif kind == 'huge':
    symbols(name); os.truncate(name, 1 << 40)
print('ready', flush=True)
while True: call(); time.sleep(.1)
`
const KINDS = ['plain', 'link', 'device', 'fifo', 'kmsg', 'huge']

describe.runIf(privileged() && STRACE && process.arch === 'x64')('perf maps of programs', () => {
  const dir = scratchDir('maps')

  const programs = new Map<string, ChildProcess>()
  afterAll(() => {
    for (const program of programs.values()) program.kill('SIGKILL')
  })

  test('are read if they are regular files, also behind links inside the root of their process; nothing else is opened', async () => {
    for (const kind of KINDS) {
      const script = 'mount -t tmpfs none /tmp; exec python3 -c "$0" "$1"'
      const words = ['-m', '--propagation', 'private', 'sh', '-c', script, JIT, kind]
      programs.set(kind, spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] }))
    }
    await Promise.all([...programs.values()].map((p) => once(p.stdout as Readable, 'data')))
    const pids = [...programs.values()].map((p) => p.pid)
    const filter = `evt.type=getppid and proc.pid in (${pids.join()})`
    const stacksOf = (kind: string, { lines }: Watched) =>
      lines.filter((line) => line.startsWith(`${programs.get(kind)?.pid} `))
    const args = ['--stacks', 'user', '-p', '%proc.pid %evt.stack.folded', filter]
    const found = await watched(dir, args, (so) => KINDS.every((kind) => stacksOf(kind, so).length > 20))
    expect(['ksys-device', 'kmsg'].flatMap(found.opened)).toEqual([])
    for (const [kind, { pid }] of programs) {
      const stacks = stacksOf(kind, found)
      expect(stacks.length, kind).toBeGreaterThan(10)
      // of a huge file the first lines are used
      const readable = ['plain', 'link', 'huge'].includes(kind)
      expect(
        stacks.some((stack) => stack.endsWith(';jitted')),
        kind,
      ).toBe(readable)
      expect(found.named(`/perf-${pid}.map`), kind).not.toEqual([])
      expect(found.opened(`/perf-${pid}.map`).length > 0, kind).toBe(kind === 'plain' || kind === 'huge')
    }
    for (const name of ['ksys-device', 'kmsg']) expect(found.named(name)).not.toEqual([])
  })
})

const [GOOD, BAD, INSIDE] = ['600d', 'bad0', '1251de'].map((start) => start.padEnd(64, '0')) as [string, string, string]

describe.runIf(privileged() && STRACE)('accounts of containers', () => {
  const dir = scratchDir('accounts')
  let fake: FakeContainers
  const programs: ChildProcess[] = []
  beforeAll(() => {
    fake = new FakeContainers(dir, `ksys-accounts-${process.pid}`)
  })
  afterAll(async () => {
    for (const program of programs) {
      program.kill('SIGKILL')
      if (program.exitCode === null && program.signalCode === null) await once(program, 'exit')
    }
    fake.end()
  })

  /** A tree of docker for a container, without a list of users. */
  function tree(id: string): string {
    fake.begin([id])
    fake.describe(id, `c${id.slice(0, 3)}`, 'image:1')
    const books = join(dir, 'var/lib/docker/image/vfs/layerdb/mounts', id)
    mkdirSync(books, { recursive: true })
    writeFileSync(join(books, 'mount-id'), id)
    const at = join(dir, 'var/lib/docker/vfs/dir', id)
    mkdirSync(join(at, 'etc'), { recursive: true })
    return at
  }

  test('are read from regular files of their own tree, also behind links in it; devices and FIFOs are not opened', async () => {
    symlinkSync('/proc', join(dir, 'proc'))
    const good = tree(GOOD)
    mkdirSync(join(good, 'store'))
    writeFileSync(join(good, 'store/passwd'), 'keeper:x:1234:7::/:\n')
    symlinkSync('/store/passwd', join(good, 'etc/passwd'))
    const bad = tree(BAD)
    execFileSync('mknod', [join(bad, 'etc/passwd'), 'c', '1', '5'])
    execFileSync('mkfifo', [join(bad, 'etc/group')])
    // one whose tree no runtime names: through its process
    fake.begin([INSIDE])
    const inside = join(dir, 'inside')
    mkdirSync(join(inside, 'etc'), { recursive: true })
    execFileSync('mknod', [join(inside, 'etc/passwd'), 'c', '1', '5'])
    execFileSync('mkfifo', [join(inside, 'etc/group')])
    const calls = join(dir, 'calls')
    const loop = 'for (;;) { getppid(); usleep(100000); }'
    const source = `#include <unistd.h>\nint main(int n, char **a) { if (chroot(a[1]) || setuid(1234)) return 1; ${loop} }`
    execFileSync('cc', ['-x', 'c', '-', '-o', calls], { input: source })
    for (const [id, top] of [
      [GOOD, '/'],
      [BAD, '/'],
      [INSIDE, inside],
    ] as const)
      programs.push(spawn('sh', ['-c', `id=${id}; ${fake.enter('id')}; exec ${calls} ${top}`], { stdio: 'inherit' }))
    // each has its root and user: before that, a list of another tree may be read
    const isReady = ({ pid }: ChildProcess) => /^Uid:\t1234\t/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    while (!programs.every(isReady)) await new Promise((resolve) => setTimeout(resolve, 20))
    const format = ['-p', '%container.id %user.name', 'evt.type=getppid and user.uid=1234']
    const lists = [bad, inside].flatMap((at) => ['etc/passwd', 'etc/group'].map((file) => join(at, file)))
    const names = (id: string, { lines }: Watched) =>
      new Set(lines.filter((l) => l.startsWith(id.slice(0, 12))).map((l) => l.split(' ')[1]))
    const found = await watched(
      dir,
      format,
      (so) =>
        lists.every((list) => so.named(list).length > 0) &&
        names(GOOD, so).has('keeper') &&
        [BAD, INSIDE].every((id) => names(id, so).size > 0),
    )
    expect(lists.flatMap(found.opened)).toEqual([])
    for (const list of lists) expect(found.named(list), list).not.toEqual([])
    expect(names(GOOD, found)).toContain('keeper')
    expect(names(BAD, found)).toEqual(new Set(['<NA>']))
    expect(names(INSIDE, found)).toEqual(new Set(['<NA>']))
  })
})
