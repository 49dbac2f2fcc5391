// After a loss the events no longer show what exists. It is read again, and replaces the state when the events have reached the time of
// reading.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'

/** ns without losses after which the loss is over, and ns after which an ongoing loss is not waited for any longer */
const CALM = 300e6
const LONGEST = 10e9
/** ns between two readings at least, and as a multiple of the duration of a reading */
const PAUSE = 1e9
const SHARE = 5

export class Resync {
  private lost = 0
  /** when the first loss was noticed that no reading has followed; all times here are capture time (ns) */
  private since: number | undefined
  /** when the last loss was noticed */
  private latest = 0
  private notBefore = 0
  private read: { readonly snapshot: Snapshot; readonly at: number } | undefined

  /** `readState` reads what exists; `now` returns the capture time. */
  constructor(
    private readonly readState: () => Snapshot,
    private readonly now: () => number,
  ) {}

  /** The state misses changes, because of a loss that no snapshot has followed. */
  get isDue(): boolean {
    return this.since !== undefined || this.read !== undefined || this.notBefore === Number.POSITIVE_INFINITY
  }

  /** Call for each batch. Returns what existed at its first event, if that had to be read again. */
  snapshotBefore(batch: Pick<EventBatch, 'count' | 'time'>, lost: number): Snapshot | undefined {
    if (lost > this.lost) {
      this.lost = lost
      this.latest = this.now()
      this.since ??= this.latest
    }
    if (this.since !== undefined) this.consider(this.since)
    const { read } = this
    if (read === undefined || batch.count === 0 || (batch.time[0] as number) < read.at) return undefined
    this.read = undefined
    return read.snapshot
  }

  private consider(since: number): void {
    const at = this.now()
    if (at < this.notBefore || (at - this.latest < CALM && at - since < LONGEST)) return
    this.since = undefined
    try {
      this.read = { snapshot: this.readState(), at }
      const took = this.now() - at
      this.notBefore = at + took + Math.max(PAUSE, SHARE * took)
    } catch {
      // the kernel checks for the right to read each time, and it was given up: what was lost stays unknown
      this.notBefore = Number.POSITIVE_INFINITY
    }
  }
}
