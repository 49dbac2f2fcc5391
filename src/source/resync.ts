// After a loss the events no longer tell what exists: it is read again, and takes the place of the state when the events
// have come to that moment.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'

/** Nothing was lost for so long: it is over. A loss that goes on is not waited for longer than that. Both ns. */
const CALM = 300e6
const LONGEST = 10e9
/** Between two readings there are at least so many ns, and so many times as many as a reading took. */
const PAUSE = 1e9
const SHARE = 5

export class Resync {
  private lost = 0
  /** when the loss was noticed that nothing was read after, and the last one; capture time (ns) as everything here */
  private since: number | undefined
  private latest = 0
  private notBefore = 0
  private read: { readonly snapshot: Snapshot; readonly at: number } | undefined

  /** `look` reads what exists, `now` tells the capture's time. */
  constructor(
    private readonly look: () => Snapshot,
    private readonly now: () => number,
  ) {}

  /** To be asked about each batch: what existed when its first event happened, where that had to be read anew. */
  before(batch: Pick<EventBatch, 'count' | 'time'>, lost: number): Snapshot | undefined {
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
      this.read = { snapshot: this.look(), at }
      const took = this.now() - at
      this.notBefore = at + took + Math.max(PAUSE, SHARE * took)
    } catch {
      // the right to look was given up on a kernel that asks for it each time: what was lost stays unknown
      this.notBefore = Number.POSITIVE_INFINITY
    }
  }
}
