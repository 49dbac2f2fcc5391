// Builds the result of the present query from a live capture, and sends it when due.
import type { Event } from '../../model/event.js'
import type { LiveCapture } from './live-capture.js'
import type { Seam } from './seam.js'
import type { Session } from './session.js'
import type { ResultBuilder } from './view-plan.js'

/** ms after which a new query gets its first result */
const SOON = 250

export class LiveQuery {
  /** the builder of live rows, and the one that prepends rows of the past; the same if there are none */
  builder: ResultBuilder | undefined
  whole: ResultBuilder | undefined
  /** where this capture continues the rows of another capture */
  seam: Seam | undefined
  /**
   * batch times (ns): start of the result's rows, and the earliest time at which it may be sent; and capture time (ns)
   * at which it is due
   */
  private since = 0
  private least = 0
  private due = 0

  constructor(
    private readonly s: Session,
    readonly capture: LiveCapture,
  ) {}

  /** Starts the present query: its first result comes soon. */
  start(): void {
    const { s, capture } = this
    if (s.plan === undefined) return
    this.builder = s.plan.start(capture.ctx, true)
    this.whole = this.builder
    s.builder = this.builder
    capture.inFlight.done()
    this.builder.prime(capture.state, capture.reached)
    this.startAt(capture.reached)
    this.due = capture.now() + Math.min(SOON, s.refresh) * 1e6
  }

  /** Stops building: the page shows the past. */
  rest(): void {
    this.builder = undefined
    this.capture.inFlight.done()
  }

  /** Sends the next result in `ms`. */
  delay(ms: number): void {
    this.due = this.capture.now() + ms * 1e6
  }

  add(e: Event): void {
    const { s, seam, builder } = this
    if (s.plan?.inFlight === 'only' || (seam !== undefined && e.time < seam.from)) return
    builder?.add(e)
    seam?.second(e, String(e.num))
  }

  call(e: Event): void {
    if (this.s.plan?.inFlight !== undefined) this.builder?.add(e)
  }

  /** After each batch. Returns whether it has sent the result. */
  batch(): boolean {
    const { s, builder, capture } = this
    if (builder === undefined) return false
    const { state } = capture
    const now = capture.now()
    const { reached } = capture
    builder.keepUp?.(state, reached)
    if (now < this.due || reached < this.least || !this.isReady(builder)) return false
    s.look(state, capture.ctx)
    builder.sample(state, reached)
    s.span = Math.max(1, reached - this.since)
    for (const id of this.seam?.duplicates() ?? []) builder.drop?.(id)
    s.builder = this.whole
    s.send()
    if (s.plan?.restarts === true) {
      builder.clear()
      this.startAt(reached)
    }
    this.due = now + s.refresh * 1e6
    return true
  }

  /** Rows start at that batch time; a rate over only a few milliseconds would be meaningless. */
  private startAt(time: number): void {
    this.since = time
    this.least = time + (Math.min(SOON, this.s.refresh) / 2) * 1e6
  }

  /** Whether the result is complete: calls in flight are requested when it is due. */
  private isReady(builder: ResultBuilder): boolean {
    const { inFlight: request, lastTime } = this.capture
    const inFlight = this.s.plan?.inFlight
    if (inFlight === undefined) return true
    if (!request.isPending) {
      if (inFlight === 'only') builder.clear()
      request.send()
      return false
    }
    if (!request.complete(lastTime)) return false
    request.done()
    return true
  }
}
