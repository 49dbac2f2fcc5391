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
  /** the last time; at first the beginning, when all was just read */
  private at: number | undefined
  /** the same until its cost has shown; usual: what was used then (CPUs) */
  private last: { readonly from: Reading; readonly usual: number } | undefined

  /** limit: CPUs that the capture may use. */
  constructor(private readonly limit: number) {}

  /** Whether it is to be done now; cost: what the capture uses (CPUs), leavesSome: some cgroup is recorded in part. */
  isDue(r: Reading, { cost, leavesSome }: { readonly cost: number; readonly leavesSome: boolean }): boolean {
    this.learn(r)
    this.at ??= r.at
    if (!this.missed || !(this.ended || leavesSome) || r.at - this.at < this.pause) return false
    this.at = r.at
    this.last = { from: r, usual: Math.min(cost, this.limit) }
    this.missed = this.ended = false
    return true
  }

  /** Costs are not those of events alone at this moment (s). */
  isShowing(at: number): boolean {
    return this.last !== undefined && at - this.last.from.at < SHOWS
  }

  private learn(r: Reading): void {
    const { last } = this
    if (last === undefined || r.at - last.from.at < SHOWS) return
    this.last = undefined
    const used = r.cpu - last.from.cpu - last.usual * (r.at - last.from.at)
    this.pause = Math.max(PAUSE, used / (PART * this.limit))
  }
}
