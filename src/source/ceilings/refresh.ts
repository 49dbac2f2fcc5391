// Decides when threads and descriptors are read again after records that keep them correct were throttled. Reading costs as much as
// many events, so with a CPU limit only a small fraction of it is spent on that.
import type { Reading } from './ceilings.js'

/** shortest interval in s */
const PAUSE = 10
/** s until its cost has shown in the measurements */
const SHOWS = 3
/** the fraction of the CPU limit that it may use */
const SHARE = 0.1

type Used = Pick<Reading, 'at' | 'cpu'>

export class Refresh {
  /** such records were throttled since the last time */
  missed = false
  /** throttling of a cgroup has ended: it is recorded again */
  ended = false
  private pause = PAUSE
  /** the last time (s); initially the start, when everything was just read */
  private at: number | undefined
  /** the last time, until its cost has shown; usual: CPUs used before it */
  private last: { readonly from: Used; readonly usual: number } | undefined

  /** limit: CPUs that the capture may use */
  constructor(private readonly limit: number) {}

  /** Whether to read now. cost: CPUs that the capture uses; leavesSome: some cgroup is recorded in part. */
  isDue(r: Used, { cost, leavesSome }: { readonly cost: number; readonly leavesSome: boolean }): boolean {
    this.learn(r)
    this.at ??= r.at
    if (!this.missed || !(this.ended || leavesSome) || r.at - this.at < this.pause) return false
    this.at = r.at
    this.last = { from: r, usual: Math.min(cost, this.limit) }
    this.missed = this.ended = false
    return true
  }

  /** Whether measured costs at this time (s) include the cost of reading. */
  isShowing(at: number): boolean {
    return this.last !== undefined && at - this.last.from.at < SHOWS
  }

  private learn(r: Used): void {
    const { last } = this
    if (last === undefined || r.at - last.from.at < SHOWS) return
    this.last = undefined
    const used = r.cpu - last.from.cpu - last.usual * (r.at - last.from.at)
    this.pause = Math.max(PAUSE, used / (SHARE * this.limit))
  }
}
