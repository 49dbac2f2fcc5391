// Stacks while a program's own files are designed to block their reader: the capture continues, other programs have their names, and
// missing names are reported.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { main, privileged, root } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'
import { elfBytes, STRTAB, SYMTAB, symbols } from '../unit/stacks/elf-bytes.js'

const dir = scratchDir('stacks-hostile')
const NOBODY = { uid: 65534, gid: 65534 }
/** the maximum of MB of memory that a capture with stacks has of its own; without any of them it has about 60 */
const MOST_MEMORY = 250
/** The files that a hostile program, and a process that runs as nobody, may use. */
chmodSync(dir, 0o755)

interface Capture {
  readonly out: () => string
  readonly errors: () => string
  readonly pid: number
  /** exit code, the s that it continued after `from`, the maximum of its memory in MB */
  readonly end: (from?: number) => Promise<{ code: number | null; seconds: number; memory: number }>
}

/** Starts a capture of all processes, and waits until it shows events. */
async function captureStacks(...args: string[]): Promise<Capture> {
  const filter = '(evt.type=openat and evt.arg.name=/etc/passwd) or evt.type=getppid'
  const child = spawn(process.execPath, [
    main,
    '--stacks',
    'user',
    '-p',
    '%proc.name %evt.stack.folded',
    ...args,
    filter,
  ])
  onTestFinished(() => void child.kill('SIGKILL'))
  let [out, errors, memory] = ['', '', 0]
  child.stdout.on('data', (d) => {
    out += d
  })
  child.stderr.on('data', (d) => {
    errors += d
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'latin1')
      memory = Math.max(memory, Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) >> 10)
    } catch {
      // it has exited
    }
  }, 50)
  onTestFinished(() => clearInterval(watch))
  // until an event is shown it may not have started
  while (out === '' && child.exitCode === null) await honest(framed)
  return {
    out: () => out,
    errors: () => errors,
    pid: child.pid as number,
    end: async (from = performance.now()) => ({
      code: await ended,
      seconds: (performance.now() - from) / 1000,
      memory,
    }),
  }
}

/** Runs a program whose stacks have names. */
async function honest(program: string): Promise<void> {
  await new Promise((resolve) => spawn(program, ['open'], { stdio: 'ignore' }).on('close', resolve))
}

/** A program that calls getppid() for a while, started as nobody. */
function hostile(program: string, args: string[], options = {}): void {
  const child = spawn(program, args, { stdio: 'ignore', ...NOBODY, ...options })
  // which makes it remove what it created
  onTestFinished(() => void child.kill('SIGTERM'))
}

const framed = privileged() ? join(dir, 'framed') : ''
if (privileged())
  execFileSync('cc', ['-O1', '-fno-omit-frame-pointer', '-o', framed, join(root, 'test/live/programs/stacks.c')])

const NAMED = /^framed .*main;outermost;middle;innermost/m

/** The number of the honest program's stacks that were shown with names. */
function named(c: Capture): number {
  return c.out().match(new RegExp(NAMED, 'gm'))?.length ?? 0
}

/** The lines of a program. */
function linesOf(c: Capture, name: string): string[] {
  return c
    .out()
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
}

/** Waits until the honest program, run repeatedly, has its names even after another one has appeared. */
async function othersAreNamed(c: Capture, hostileName: string): Promise<void> {
  await expect.poll(() => linesOf(c, hostileName).length, { timeout: 30_000 }).toBeGreaterThan(2)
  const before = named(c)
  await honest(framed)
  await expect.poll(() => named(c), { timeout: 30_000 }).toBeGreaterThan(before + 40)
}

/** A program with 40,000 symbols in one table, which its section headers reference 4,096 times. */
function evilProgram(): string {
  const plain = join(dir, 'evil')
  execFileSync('cc', ['-O1', '-fno-omit-frame-pointer', '-static', '-x', 'c', '-', '-o', plain], {
    input: `#include <unistd.h>
int main(void) { for (int i = 0; i < 300; i++) { getppid(); usleep(50000); } return 0; }`,
  })
  const program = readFileSync(plain)
  const sections = elfBytes(
    [
      { type: STRTAB, link: 0, bytes: Buffer.from('\0evil\0') },
      { type: SYMTAB, link: 1, bytes: symbols(40_000) },
    ],
    4096,
  )
  // offsets count from the start of the program
  const headers = Number(sections.readBigUInt64LE(40))
  for (let at = headers + 64; at < sections.length; at += 64)
    sections.writeBigUInt64LE(sections.readBigUInt64LE(at + 24) + BigInt(program.length), at + 24)
  program.writeBigUInt64LE(BigInt(program.length + headers), 40)
  program.writeUInt16LE(64, 58)
  program.writeUInt16LE(4096, 60)
  program.writeUInt16LE(0, 62)
  writeFileSync(plain, Buffer.concat([program, sections]))
  return plain
}

describe.runIf(privileged())('stacks are shown despite', () => {
  test('a program that references one table of symbols 4,096 times', async () => {
    const evil = evilProgram()
    const c = await captureStacks('-M', '12')
    hostile(evil, [])
    await othersAreNamed(c, 'evil')
    const { code, memory } = await c.end()
    expect(code, c.errors()).toBe(0)
    expect(memory).toBeLessThan(MOST_MEMORY)
    expect(c.errors()).toMatch(/not all functions of .*\/evil are named: it has several symbol tables/)
  })

  test.runIf(process.arch === 'x64')('a perf map of 63 MB that grows', async () => {
    const c = await captureStacks()
    hostile(compile(dir, 'perf_map'), ['63000000'])
    await othersAreNamed(c, 'perf_map')
    await expect
      .poll(() => c.errors(), { timeout: 30_000 })
      .toMatch(/not all functions of \/tmp\/perf-\d+\.map are named/)
    const from = performance.now()
    process.kill(c.pid, 'SIGINT')
    const { seconds, memory } = await c.end(from)
    // it ends on request, on a machine with much other load
    expect(seconds).toBeLessThan(10)
    expect(memory).toBeLessThan(MOST_MEMORY)
  })

  test.runIf(process.arch === 'x64' && existsSync('/dev/fuse'))(
    'a perf map on a file system that never answers',
    async () => {
      const c = await captureStacks()
      // it is root who mounts it
      hostile(compile(dir, 'silent_fuse'), ['60'], { uid: 0, gid: 0 })
      await othersAreNamed(c, 'silent_fuse')
      await expect.poll(() => c.errors(), { timeout: 30_000 }).toMatch(/are named: it is on a FUSE file system/)
      const from = performance.now()
      process.kill(c.pid, 'SIGINT')
      expect((await c.end(from)).seconds).toBeLessThan(10)
    },
  )
})
