// Gathers the answer of the present query from a live capture, and sends it when it is due.
import type { Event } from '../../model/event.js'
import type { LiveCapture } from './live-capture.js'
import type { Seam } from './seam.js'
import type { Session } from './session.js'
import type { ResultBuilder } from './view-plan.js'

/** ms after which a new query gets its first answer */
const SOON = 250

export class LiveQuery {
  /** what comes, and what was before with it; the same where nothing was */
  builder: ResultBuilder | undefined
  whole: ResultBuilder | undefined
  /** where it goes on with what another capture has */
  seam: Seam | undefined
  /** event time (ns) at which the answer's rows begin, which it must have reached, and capture time at which it is due */
  private since = 0
  private least = 0
  private due = 0

  constructor(
    private readonly s: Session,
    readonly capture: LiveCapture,
  ) {}

  /** The present query begins: its first answer comes soon. */
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

  /** The answer is not about what comes. */
  rest(): void {
    this.builder = undefined
    this.capture.inFlight.done()
  }

  /** The next answer comes in so many ms. */
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

  /** After each batch. */
  batch(): void {
    const { s, builder, capture } = this
    if (builder === undefined) return
    const { state } = capture
    const now = capture.now()
    const { reached } = capture
    builder.keepUp?.(state, reached)
    if (now < this.due || reached < this.least || !this.isReady(builder)) return
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
  }

  /** Rows begin at that event time: a rate over a few of its milliseconds would say nothing. */
  private startAt(time: number): void {
    this.since = time
    this.least = time + (Math.min(SOON, this.s.refresh) / 2) * 1e6
  }

  /** The answer has what it needs: calls in flight are asked for when it is due. */
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
