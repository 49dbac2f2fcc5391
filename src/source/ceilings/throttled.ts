// The cgroups that are throttled at present, with the start and the reason.
import type { Ceiling, CgroupCalls, Change } from './ceilings.js'

interface Throttled {
  readonly ceiling: Ceiling
  readonly leaves: Change['leaves']
  /** start, in s of the capture */
  readonly since: number
  /** the cgroup's counts at the start */
  readonly before: CgroupCalls
  /** shortest duration of this throttling in s */
  readonly least: number
}

/** s: shortest duration of throttling, and the upper bound to which it grows if throttling recurs soon after each end */
const LEAST = 2
const LONGEST = 60

export class ThrottledCgroups {
  private readonly now = new Map<number, Throttled>()
  /** ended throttling: time of the end (s), and the shortest duration that applied */
  private readonly ended = new Map<number, { at: number; least: number }>()

  get(cgroup: number): Throttled | undefined {
    return this.now.get(cgroup)
  }

  entries(): IterableIterator<[number, Throttled]> {
    return this.now.entries()
  }

  start(cgroup: number, at: number, how: Pick<Throttled, 'ceiling' | 'leaves' | 'before'>): Change {
    const last = this.ended.get(cgroup)
    const again = last !== undefined && at - last.at < last.least * 2
    this.now.set(cgroup, { ...how, since: at, least: again ? Math.min(LONGEST, last.least * 2) : LEAST })
    return { cgroup, change: 'begin', ceiling: how.ceiling, leaves: how.leaves, leftOut: 0, lasted: 0 }
  }

  /** calls: the cgroup's counts now */
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
