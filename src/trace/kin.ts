// Which processes those that are asked about hang on: their ancestors, and who shares their descriptors or directories.
import type { Snapshot } from '../model/snapshot.js'
import type { StateSummary } from '../source/summary.js'

const INIT = 1

export class Kin {
  /** pairs: what is known of the first process hangs on the second */
  private firsts: number[] = []
  private seconds: number[] = []
  private readonly reapers = new Set<number>([INIT])

  /** Adds what a block tells; blocks come in the order of the file. */
  add({ kin: [firsts, seconds], reapers }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) this.pair(firsts[i] as number, seconds[i] as number)
    for (const pid of reapers) this.reapers.add(pid)
  }

  /** Adds what was known at some time. */
  addSnapshot(s: Snapshot): void {
    const processOf = new Map(s.threads.map((t) => [t.tid, t.pid]))
    for (const t of s.threads) {
      this.pair(t.pid, t.ptid)
      const owner = t.fdsOf === undefined ? undefined : processOf.get(t.fdsOf)
      if (owner === undefined || owner === t.pid) continue
      this.pair(t.pid, owner)
      this.pair(owner, t.pid)
    }
  }

  /** Forgets births: a keyframe follows. */
  clear(): void {
    this.firsts = []
    this.seconds = []
  }

  /** These processes and all that they hang on; an id means every process that had it. */
  of(asked: ReadonlySet<number>): Set<number> {
    const all = new Set([...asked, ...this.reapers])
    // parents are born before their children: from the end, few rounds are needed
    for (let before = -1; before !== all.size; ) {
      before = all.size
      for (let i = this.firsts.length - 1; i >= 0; i--)
        if (all.has(this.firsts[i] as number)) all.add(this.seconds[i] as number)
    }
    return all
  }

  /** Those of the first processes whose second is among these. */
  childrenOf(parents: ReadonlySet<number>): Set<number> {
    const children = new Set<number>()
    for (let i = 0; i < this.firsts.length; i++)
      if (parents.has(this.seconds[i] as number)) children.add(this.firsts[i] as number)
    return children
  }

  private pair(first: number, second: number): void {
    if (second <= 0) return
    this.firsts.push(first)
    this.seconds.push(second)
  }
}
