// Which processes those that are asked about hang on: their ancestors, and who shares their descriptors or directories.
import type { Snapshot } from '../model/snapshot.js'
import type { StateSummary } from '../source/summary.js'
import { Pairs } from './pairs.js'
import { sharersOfSockets, sharersOfTables } from './sharers.js'

const INIT = 1

export class Kin {
  /** pairs: what is known of the first process hangs on the second */
  private readonly pairs = new Pairs()
  /** each process's neighbours among those that may have the same sockets */
  private readonly ties = new Map<number, number[]>()
  private readonly reapers = new Set<number>([INIT])

  /** Adds what a block tells; blocks come in the order of the file. */
  add({ kin: [firsts, seconds], reapers }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) {
      this.pairs.add(firsts[i] as number, seconds[i] as number)
      this.tie(firsts[i] as number, seconds[i] as number)
    }
    for (const pid of reapers) this.reapers.add(pid)
  }

  /** Adds what was known at some time. */
  addSnapshot(s: Snapshot): void {
    for (const t of s.threads) this.pairs.add(t.pid, t.ptid)
    for (const [a, b] of sharersOfTables(s)) {
      this.pairs.add(a, b)
      this.pairs.add(b, a)
      this.tie(a, b)
    }
    for (const [a, b] of sharersOfSockets(s)) this.tie(a, b)
  }

  /** Forgets births: a keyframe follows. */
  clear(): void {
    this.pairs.clear()
    this.ties.clear()
  }

  /** These processes and all that they hang on; an id means every process that had it. */
  of(asked: ReadonlySet<number>): Set<number> {
    const all = new Set([...asked, ...this.reapers])
    this.pairs.addSeconds(all)
    return all
  }

  /** Those of the first processes whose second is among these. */
  childrenOf(parents: ReadonlySet<number>): Set<number> {
    return this.pairs.firstsOf(parents)
  }

  /** All that may have a socket which one of these processes has, too. */
  socketSharersOf(processes: ReadonlySet<number>): Set<number> {
    const all = new Set(processes)
    // what is added on the way is visited, too
    for (const pid of all) for (const other of this.ties.get(pid) ?? []) all.add(other)
    return all
  }

  private tie(a: number, b: number): void {
    if (a <= 0 || b <= 0 || a === b) return
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = this.ties.get(from)
      if (known === undefined) this.ties.set(from, [to])
      else known.push(to)
    }
  }
}
