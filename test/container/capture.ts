// ksys in the background: begun before anything is driven, ended with what it printed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import { ksys, main } from '../helpers/ksys.js'
import { begun, type Row, readRows } from '../helpers/live.js'

export class Capture {
  stdout = ''
  stderr = ''
  private static readonly running = new Set<Capture>()
  private readonly child: ChildProcess

  /** Ends those that a failure has left running. */
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
    await begun(trace)
    return c
  }

  /** Prints as it captures; `drive` is repeated until that has been printed (anything). */
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

  /** Waits until it has printed that. */
  async printed(text: RegExp): Promise<void> {
    while (!text.test(this.stdout) && this.child.exitCode === null) await new Promise((done) => setTimeout(done, 50))
  }

  /** It gets no CPU until it is let go on. */
  halt(): void {
    this.child.kill('SIGSTOP')
  }

  goOn(): void {
    this.child.kill('SIGCONT')
  }

  /** Ends it as Ctrl-C does. Throws when that is not how it ends. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGINT')
      await once(this.child, 'close')
    }
    if (this.child.exitCode !== 0) throw new Error(`ksys ended with ${this.child.exitCode}: ${this.stderr}`)
  }
}

/** One start of a container that runs /bin/true: its calls from the exec on, as who they are shown. */
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

/** The starts in a trace whose processes have this argument, told by process and not by what names them. */
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

/** Fails when a filter prints something else of a trace than it does where all of that is read. */
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
