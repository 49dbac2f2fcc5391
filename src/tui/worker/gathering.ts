// Gathers the answer of the present query from a live capture, and sends it when it is due.
import type { Event } from '../../model/event.js'
import type { Answer } from './answer.js'
import type { LiveCapture } from './live-capture.js'
import type { Seam } from './seam.js'
import type { Session } from './session.js'

/** ms after which a new query gets its first answer */
const SOON = 250

export class Gathering {
  /** what comes, and what was before with it; the same where nothing was */
  answer: Answer | undefined
  whole: Answer | undefined
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
  begin(): void {
    const { s, capture } = this
    if (s.plan === undefined) return
    this.answer = s.plan.begin(capture.ctx, true)
    this.whole = this.answer
    s.answer = this.answer
    capture.telling.done()
    this.answer.prime(capture.state, capture.reached)
    this.startAt(capture.reached)
    this.due = capture.now() + Math.min(SOON, s.refresh) * 1e6
  }

  /** The answer is not about what comes. */
  rest(): void {
    this.answer = undefined
    this.capture.telling.done()
  }

  /** The next answer comes in so many ms. */
  delay(ms: number): void {
    this.due = this.capture.now() + ms * 1e6
  }

  add(e: Event): void {
    const { s, seam, answer } = this
    if (s.plan?.inFlight === 'only' || (seam !== undefined && e.time < seam.from)) return
    answer?.add(e)
    seam?.second(e, String(e.num))
  }

  call(e: Event): void {
    if (this.s.plan?.inFlight !== undefined) this.answer?.add(e)
  }

  /** After each batch. */
  batch(): void {
    const { s, answer, capture } = this
    if (answer === undefined) return
    const { state } = capture
    const now = capture.now()
    const { reached } = capture
    answer.keepUp?.(state, reached)
    if (now < this.due || reached < this.least || !this.gathered(answer)) return
    s.look(state, capture.ctx)
    answer.sample(state, reached)
    s.span = Math.max(1, reached - this.since)
    for (const id of this.seam?.twice() ?? []) answer.drop?.(id)
    s.answer = this.whole
    s.send()
    if (s.plan?.anew === true) {
      answer.clear()
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
  private gathered(answer: Answer): boolean {
    const { telling, lastTime } = this.capture
    const inFlight = this.s.plan?.inFlight
    if (inFlight === undefined) return true
    if (!telling.asked) {
      if (inFlight === 'only') answer.clear()
      telling.ask()
      return false
    }
    if (!telling.complete(lastTime)) return false
    telling.done()
    return true
  }
}
