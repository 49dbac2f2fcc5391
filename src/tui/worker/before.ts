// What was before now, for the present page: rows before those that come, a page as it was, or what has just ended.

import type { Plan } from './answer.js'
import { messageOf } from './context.js'
import type { Gathering } from './gathering.js'
import { Joined } from './joined.js'
import { LISTED } from './list-answer.js'
import { Moment } from './moment.js'
import { Past } from './past.js'
import type { Bounds, Rings } from './rings.js'
import type { Session } from './session.js'

/** ms that a table is about at least, where it is about what was: times of threads are told once a second */
const LEAST_SPAN = 1000
/** ms for which what comes waits for what was just now */
const PATIENCE = 1000

export class Before {
  private reading: Past | Moment | undefined

  constructor(
    private readonly s: Session,
    private readonly rings: Rings,
  ) {}

  /** 0..1 while something is read */
  get progress(): number | undefined {
    return this.reading?.progress
  }

  /** Something was found, or is looked for. */
  get isBegun(): boolean {
    return this.reading !== undefined
  }

  /** Rows of what was stand before those that come. */
  join(gathering: Gathering, plan: Plan, bounds: Bounds): void {
    const joined = new Joined(gathering.answer, gathering.answer?.sort, plan.parts)
    gathering.whole = joined
    this.s.answer = joined
    const { now } = this.rings.present ?? {}
    const from = plan.parts === undefined || now === undefined ? {} : { from: now - plan.parts.reach }
    // where everything passes, more would be found than is shown
    this.list(joined, plan, { ...bounds, ...from, ...(plan.filter === undefined && { most: LISTED }) })
  }

  /** The answer is about a moment, or about all from another one on: CLOCK_BOOTTIME (ns). */
  lookBack(plan: Plan, at: number, since?: number): void {
    const { s } = this
    if (plan.joins) {
      const joined = new Joined(undefined, plan.sort, plan.parts)
      s.answer = joined
      const from = Math.max(since ?? 0, at - (plan.parts?.reach ?? Number.POSITIVE_INFINITY))
      this.list(joined, plan, { from, before: at, all: since !== undefined })
      return
    }
    // calls in flight are told as often as the page is refreshed
    const span = this.span * (plan.inFlight === 'only' ? 2 : 1)
    const moment: Moment = new Moment(this.rings, plan, { from: since ?? at - span, before: at }, () => {
      if (this.reading !== moment || moment.progress !== undefined) return
      this.show(moment)
    })
    this.begin(moment)
  }

  /** The first answer is what was just now: of what has ended nothing more comes. */
  beginWithLast(gathering: Gathering, plan: Plan): void {
    const { s, rings } = this
    const { capture } = gathering
    const from = capture.now() + capture.info.startBoot - this.span
    const moment: Moment = new Moment(rings, plan, { from, last: rings.present?.last ?? 0 }, () => {
      if (this.reading !== moment || moment.progress !== undefined) return
      const shows = moment.reading?.done === true
      gathering.delay(shows ? s.refresh : 0)
      if (!shows) return
      s.look(capture.state, capture.ctx)
      this.show(moment)
    })
    gathering.delay(PATIENCE)
    this.begin(moment)
  }

  /** The event of a row of what was. */
  event(id: string): ReturnType<Past['event']> {
    return this.reading?.event(id)
  }

  /** What was found so far stays. */
  cancel(): void {
    const { reading, s } = this
    if (reading?.progress === undefined) return
    void reading.stop()
    s.progress = undefined
    s.send()
    s.post({ kind: 'note', text: 'of what was before a part is shown' })
  }

  /** The page is left. */
  leave(): void {
    void this.reading?.stop()
    this.reading = undefined
    this.s.progress = undefined
  }

  private list(joined: Joined, plan: Plan, bounds: Bounds): void {
    const { s } = this
    const past: Past = new Past(this.rings, plan, bounds, () => {
      if (this.reading !== past) return
      s.progress = past.progress
      s.send()
      if (!joined.isFull) return
      s.progress = undefined
      void past.stop()
    })
    joined.past = past
    this.begin(past)
  }

  private show({ reading }: Moment): void {
    if (reading === undefined) return
    const { s } = this
    s.answer = reading.answer
    s.progress = undefined
    s.span = reading.span
    s.send()
  }

  private begin(reading: Past | Moment): void {
    this.reading = reading
    reading.run().catch((e: unknown) => {
      if (this.reading === reading)
        this.s.post({ kind: 'note', text: `what was before cannot be shown: ${messageOf(e)}` })
    })
  }

  /** ns of what was that a table is about */
  private get span(): number {
    return Math.max(this.s.refresh, LEAST_SPAN) * 1e6
  }
}
