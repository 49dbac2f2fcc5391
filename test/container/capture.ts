// ksys in the background: started before the test's actions, and ended with its output.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { ksys, main } from '../helpers/ksys.js'
import { captureStarted, type Row, readRows } from '../helpers/live.js'

export class Capture {
  stdout = ''
  stderr = ''
  private static readonly running = new Set<Capture>()
  private readonly child: ChildProcess

  /** Ends the captures that a failure has left running. */
  static stopAll(): void {
    for (const c of Capture.running) c.child.kill('SIGKILL')
  }

  private constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    Capture.running.add(this)
    this.child.once('close', () => Capture.running.delete(this))
    this.child.stdout?.setEncoding('utf8').on('data', (s: string) => {
      this.stdout += s
    })
    this.child.stderr?.setEncoding('utf8').on('data', (s: string) => {
      this.stderr += s
    })
  }

  /** Captures into a trace; fulfilled when it captures. */
  static async into(trace: string, args: readonly string[]): Promise<Capture> {
    const c = new Capture(['-w', trace, ...args])
    await captureStarted(trace)
    return c
  }

  /** Runs a command that says on stderr when it captures; fulfilled then. */
  static async saying(args: readonly string[], ready: RegExp): Promise<Capture> {
    const c = new Capture(args)
    while (!ready.test(c.stderr) && c.child.exitCode === null) await new Promise((done) => setTimeout(done, 20))
    return c
  }

  /** Prints while it captures; `drive` is repeated until this (or anything) has been printed. */
  static async printing(
    args: readonly string[],
    drive: () => void,
    enough = (text: string): boolean => text !== '',
  ): Promise<Capture> {
    const c = new Capture(args)
    while (!enough(c.stdout) && c.child.exitCode === null) {
      drive()
      await new Promise((done) => setTimeout(done, 100))
    }
    return c
  }

  /** Waits until it has printed this. */
  async printed(text: RegExp): Promise<void> {
    while (!text.test(this.stdout) && this.child.exitCode === null) await new Promise((done) => setTimeout(done, 50))
  }

  /** It gets no CPU until it is released. */
  halt(): void {
    this.child.kill('SIGSTOP')
  }

  goOn(): void {
    this.child.kill('SIGCONT')
  }

  /** Ends it as Ctrl-C does. Throws if its exit code is another one. */
  async stop(exit = 0): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGINT')
      await once(this.child, 'close')
    }
    if (this.child.exitCode !== exit) throw new Error(`ksys ended with ${this.child.exitCode}: ${this.stderr}`)
  }
}

/** One start of a container that runs /bin/true: its calls from the exec on, with the containers that they are shown with. */
export interface Start {
  readonly pid: number
  readonly names: readonly string[]
  readonly calls: number
}

const STARTS = ['proc.pid', 'evt.type', 'evt.rawres', 'container.id', 'container.name'] as const
const OWN = (mark: string) => `proc.name=true and proc.args=${mark}`
/** The format of lines that startsOf() reads, and the filter of these lines. */
export const startLines = (mark: string): string[] => [
  '-j',
  '-p',
  `*${STARTS.map((f) => `%${f}`).join(' ')}`,
  OWN(mark),
]

/** The starts in a trace whose processes have this argument, identified by process rather than by name. */
export function startsIn(trace: string, mark: string): Start[] {
  return startsOf(readRows(trace, STARTS, [OWN(mark)]))
}

export function startsOf(rows: readonly Row[]): Start[] {
  const byPid = new Map<number, Row[]>()
  for (const row of rows) {
    const pid = Number(row['proc.pid'])
    byPid.set(pid, [...(byPid.get(pid) ?? []), row])
  }
  return [...byPid].map(([pid, calls]) => ({
    pid,
    names: [...new Set(calls.map((c) => `${c['container.id']} ${c['container.name']}`))],
    calls: calls.length,
  }))
}

/** Fails if a filter prints something else for a trace than for its complete events. */
export function sameAsReadingAll(trace: string, filters: readonly string[]): void {
  const printed = (filter: string, env: Record<string, string>) =>
    ksys(['-r', trace, '-p', '*%evt.num %proc.pid %container.name %evt.type %evt.args', filter], { env })
  for (const filter of filters) {
    const some = printed(filter, {})
    const all = printed(filter, { KSYS_READ: 'all' })
    expect(some.stdout, filter).toBe(all.stdout)
    expect([some.code, some.stderr], filter).toEqual([all.code, all.stderr])
  }
}
