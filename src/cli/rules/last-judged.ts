// The last events that rules evaluated in a live capture, so that the next capture, which overlaps it, does not evaluate them again. The kernel
// timestamps an event for each capture separately, so the same event has a slightly later time in the second capture.

import type { Event } from '../../model/event.js'
import { type BootNs, bootOf } from '../../model/time.js'

/** number of events to remember; a power of two */
const KEPT = 64
/** ns by which the same event may be later */
const LATER = 50_000

export class LastJudged {
  /** CLOCK_BOOTTIME (ns), thread and type of each */
  private readonly times = new Float64Array(KEPT)
  private readonly tids = new Float64Array(KEPT)
  private readonly types = new Float64Array(KEPT)
  private next = 0
  /** time of the latest */
  private until = Number.NEGATIVE_INFINITY

  /** startBoot: of the capture whose events are recorded */
  constructor(readonly startBoot: BootNs) {}

  note(e: Event): void {
    const i = this.next++ & (KEPT - 1)
    const time = bootOf(this, e.time)
    this.times[i] = time
    this.tids[i] = e.tid
    this.types[i] = e.type
    if (time > this.until) this.until = time
  }

  /** Whether an event was already evaluated; each recorded event matches once. startBoot: of the event's capture. */
  had(e: Event, startBoot: BootNs): boolean {
    const time = bootOf({ startBoot }, e.time)
    if (time <= this.until) return true
    if (!this.matters(e, startBoot)) return false
    for (let i = 0; i < KEPT; i++) {
      if (this.tids[i] !== e.tid || this.types[i] !== e.type || time - (this.times[i] as number) > LATER) continue
      this.tids[i] = -1
      return true
    }
    return false
  }

  /** Whether an event may already have been evaluated. Once false, it is false for all later events. */
  matters(e: Event, startBoot: BootNs): boolean {
    return bootOf({ startBoot }, e.time) <= this.until + LATER
  }
}
