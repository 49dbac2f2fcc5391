// The cgroups that are throttled at a moment, since when and for what.
import type { Ceiling, CgroupCalls, Change } from './ceilings.js'

export interface Throttled {
  readonly ceiling: Ceiling
  readonly leaves: Change['leaves']
  /** s of the capture */
  readonly since: number
  /** what had been left out of the cgroup before */
  readonly before: CgroupCalls
  /** s for which it stays throttled at least */
  readonly least: number
}

/** s: throttled for so long at least, and at most where it comes again at once after each end */
const LEAST = 2
const LONGEST = 60

export class ThrottledCgroups {
  private readonly now = new Map<number, Throttled>()
  /** those that were, with the end (s) and how long they had to stay */
  private readonly ended = new Map<number, { at: number; least: number }>()

  get(cgroup: number): Throttled | undefined {
    return this.now.get(cgroup)
  }

  entries(): IterableIterator<[number, Throttled]> {
    return this.now.entries()
  }

  begin(cgroup: number, at: number, how: Pick<Throttled, 'ceiling' | 'leaves' | 'before'>): Change {
    const last = this.ended.get(cgroup)
    const again = last !== undefined && at - last.at < last.least * 2
    this.now.set(cgroup, { ...how, since: at, least: again ? Math.min(LONGEST, last.least * 2) : LEAST })
    return { cgroup, change: 'begin', ceiling: how.ceiling, leaves: how.leaves, leftOut: 0, lasted: 0 }
  }

  /** calls: what was counted of it up to now */
  end(cgroup: number, at: number, calls: CgroupCalls | undefined): Change | undefined {
    const t = this.now.get(cgroup)
    if (t === undefined) return undefined
    this.now.delete(cgroup)
    for (const [other, { at: then }] of this.ended) if (at - then > LONGEST) this.ended.delete(other)
    this.ended.set(cgroup, { at, least: t.least })
    const leftOut = Math.max(0, (calls?.leftOut ?? 0) - t.before.leftOut)
    return { cgroup, change: 'end', ceiling: t.ceiling, leaves: t.leaves, leftOut, lasted: at - t.since }
  }
}
