// The events that were judged last in a live capture, so that another one that was attached before it ended does not have them judged once
// more. The kernel times an event for each capture by itself, one after the other in the same call: what is the same event comes a little later
// in the second one.
import type { Event } from '../../model/event.js'

/** events that are kept; a power of two */
const KEPT = 64
/** ns by which the same event may come later */
const LATER = 50_000

export class LastJudged {
  /** CLOCK_BOOTTIME (ns), thread and type of each */
  private readonly times = new Float64Array(KEPT)
  private readonly tids = new Float64Array(KEPT)
  private readonly types = new Float64Array(KEPT)
  private next = 0
  /** time of the latest */
  private until = Number.NEGATIVE_INFINITY

  /** startBoot: of the capture that events are noted of */
  constructor(private readonly startBoot: number) {}

  note(e: Event): void {
    const i = this.next++ & (KEPT - 1)
    const time = this.startBoot + e.time
    this.times[i] = time
    this.tids[i] = e.tid
    this.types[i] = e.type
    if (time > this.until) this.until = time
  }

  /** Whether an event of a capture was judged already; each that was noted counts once. startBoot: of that capture. */
  had(e: Event, startBoot: number): boolean {
    const time = startBoot + e.time
    if (time <= this.until) return true
    if (!this.matters(e, startBoot)) return false
    for (let i = 0; i < KEPT; i++) {
      if (this.tids[i] !== e.tid || this.types[i] !== e.type || time - (this.times[i] as number) > LATER) continue
      this.tids[i] = -1
      return true
    }
    return false
  }

  /** Whether an event may have been judged; those behind it have not either. */
  matters(e: Event, startBoot: number): boolean {
    return startBoot + e.time <= this.until + LATER
  }
}
