// The last events that rules evaluated in a live capture, so that the next capture, which overlaps it, does not evaluate them again.
//
// Each capture has its own time for the end of a call. Which one is earlier depends on where their programs run: at the call's function, or at
// the tracepoint behind it; in between the thread may be preempted. But a thread makes one call after the other, and a capture records all that
// it wants up to its end. So a call was evaluated if it began before the end of the last call of its thread that was.
import type { Event } from '../../model/event.js'
import { type BootNs, bootOf } from '../../model/time.js'

/** number of events to remember; a power of two */
const KEPT = 1024
/** ns by which an event without a start may be later in the second capture */
const LATER = 50_000
/** ns after the last event from which on nothing is compared: a time of the same event is never that much later */
const SETTLED = 10e9

export class LastJudged {
  /** CLOCK_BOOTTIME (ns), thread and type of each; an event that is not the end of a call has the negative thread less 1 */
  private readonly times = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY)
  private readonly tids = new Float64Array(KEPT)
  private readonly types = new Float64Array(KEPT)
  /** 1: the second capture has had this event */
  private readonly repeated = new Uint8Array(KEPT)
  private next = 0
  /** time of the latest */
  private until = Number.NEGATIVE_INFINITY

  /** startBoot: of the capture whose events are recorded */
  constructor(readonly startBoot: BootNs) {}

  note(e: Event): void {
    const i = this.next++ & (KEPT - 1)
    const time = bootOf(this, e.time)
    this.times[i] = time
    this.tids[i] = threadOf(e)
    this.types[i] = e.type
    this.repeated[i] = 0
    if (time > this.until) this.until = time
  }

  /** Whether an event was already evaluated. startBoot: of the event's capture. */
  had(e: Event, startBoot: BootNs): boolean {
    const time = bootOf({ startBoot }, e.time)
    return e.latency === undefined ? this.hadMoment(e, time) : this.hadCall(e, time)
  }

  /** Whether an event may already have been evaluated. Once false, it is false for all later events. */
  matters(e: Event, startBoot: BootNs): boolean {
    return bootOf({ startBoot }, e.time) <= this.until + SETTLED
  }

  private hadCall({ tid, latency = 0 }: Event, time: number): boolean {
    const began = time - latency
    for (let back = 1; back <= KEPT; back++) {
      const i = (this.next - back) & (KEPT - 1)
      if ((this.times[i] as number) < began) return false
      if (this.tids[i] === tid) return true
    }
    // of its thread nothing is remembered: it was evaluated if it ended before what is
    return time < (this.times[this.next & (KEPT - 1)] as number)
  }

  /** An event whose start is unknown. Programs of both captures run at one place then, that of the earlier capture first. */
  private hadMoment(e: Event, time: number): boolean {
    const thread = threadOf(e)
    for (let back = 1; back <= KEPT; back++) {
      const i = (this.next - back) & (KEPT - 1)
      const noted = this.times[i] as number
      if (noted < time - LATER) break
      if (noted > time || this.tids[i] !== thread || this.types[i] !== e.type) continue
      if (this.repeated[i] === 1) break
      this.repeated[i] = 1
      return true
    }
    return time <= this.until
  }
}

function threadOf(e: Event): number {
  return e.isEnter || e.def.nr === undefined ? -1 - e.tid : e.tid
}
