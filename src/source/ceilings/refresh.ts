// When threads and descriptors are read anew, as records were left out that keep them true. That costs as much as many events: where
// CPU time has a ceiling, a small part of it at most is used for that.
import type { Reading } from './ceilings.js'

/** s from one time to the next at least */
const PAUSE = 10
/** s within which its cost shows */
const SHOWS = 3
/** The part of the ceiling that it may take. */
const PART = 0.1

export class Refresh {
  /** such records were left out since the last time */
  missed = false
  /** a cgroup whose records were left out is recorded again */
  ended = false
  private pause = PAUSE
  private at = Number.NEGATIVE_INFINITY
  /** the last time, until its cost has shown; usual: what was used then (CPUs) */
  private last: { readonly from: Reading; readonly usual: number } | undefined

  /** limit: CPUs that the capture may use. */
  constructor(private readonly limit: number) {}

  /** Whether it is to be done now; cost: what the capture uses (CPUs), leavesSome: some cgroup is recorded in part. */
  isDue(r: Reading, { cost, leavesSome }: { readonly cost: number; readonly leavesSome: boolean }): boolean {
    this.learn(r)
    if (!this.missed || !(this.ended || leavesSome) || r.at - this.at < this.pause) return false
    this.at = r.at
    this.last = { from: r, usual: cost }
    this.missed = this.ended = false
    return true
  }

  private learn(r: Reading): void {
    const { last } = this
    if (last === undefined || r.at - last.from.at < SHOWS) return
    this.last = undefined
    const used = r.cpu - last.from.cpu - last.usual * (r.at - last.from.at)
    this.pause = Math.max(PAUSE, used / (PART * this.limit))
  }
}
