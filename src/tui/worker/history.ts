// The past for the present page: rows before the live ones, a page at an earlier time, or what has just ended.

import { addNs, type BootNs, bootNs, bootOf, laterOf } from '../../model/time.js'
import type { CaptureWindows, PastBounds } from './capture-windows.js'
import { messageOf } from './context.js'
import { JoinedBuilder } from './joined-builder.js'
import { LISTED } from './list-builder.js'
import type { LiveQuery } from './live-query.js'
import { PastRows } from './past-rows.js'
import type { Session } from './session.js'
import { TableAt } from './table-at.js'
import type { ViewPlan } from './view-plan.js'

/** minimum span (ms) of a table over the past: CPU times of threads are reported once a second */
const LEAST_SPAN = 1000
/** ms that the live result waits for rows of the last refresh */
const PATIENCE = 1000

export class History {
  private reading: PastRows | TableAt | undefined

  constructor(
    private readonly s: Session,
    private readonly windows: CaptureWindows,
  ) {}

  /** 0..1 while the past is being read */
  get progress(): number | undefined {
    return this.reading?.progress
  }

  /** The past was read, or is being read. */
  get isStarted(): boolean {
    return this.reading !== undefined
  }

  /** Prepends rows of the past to the live rows. */
  join(liveQuery: LiveQuery, plan: ViewPlan, bounds: PastBounds): void {
    const joined = new JoinedBuilder(liveQuery.builder, liveQuery.builder?.sort, plan.segments)
    liveQuery.whole = joined
    this.s.builder = joined
    const { now } = this.windows.present ?? {}
    const from = plan.segments === undefined || now === undefined ? {} : { from: addNs(now, -plan.segments.reach) }
    // without a filter, more rows would be found than are shown
    this.list(joined, plan, { ...bounds, ...from, ...(plan.filter === undefined && { most: LISTED }) })
  }

  /** Shows the page at time `at`, or everything from `since` to `at`: CLOCK_BOOTTIME (ns). */
  lookBack(plan: ViewPlan, at: BootNs, since?: BootNs): void {
    const { s } = this
    if (plan.joinsPast) {
      const joined = new JoinedBuilder(undefined, plan.sort, plan.segments)
      s.builder = joined
      const from = laterOf(since ?? bootNs(0), addNs(at, -(plan.segments?.reach ?? Number.POSITIVE_INFINITY)))
      this.list(joined, plan, { from, before: at, all: since !== undefined })
      return
    }
    // calls in flight are recorded once a refresh
    const span = this.span * (plan.inFlight === 'only' ? 2 : 1)
    const tableAt: TableAt = new TableAt(this.windows, plan, { from: since ?? addNs(at, -span), before: at }, () => {
      if (this.reading !== tableAt || tableAt.progress !== undefined) return
      this.show(tableAt)
    })
    this.start(tableAt)
  }

  /** The first result covers the last refresh: what has ended produces no new rows. */
  startWithLast(liveQuery: LiveQuery, plan: ViewPlan): void {
    const { s, windows } = this
    const { capture } = liveQuery
    const from = addNs(bootOf(capture.info, capture.now()), -this.span)
    const tableAt: TableAt = new TableAt(windows, plan, { from, last: windows.present?.last ?? 0 }, () => {
      if (this.reading !== tableAt || tableAt.progress !== undefined) return
      const shows = tableAt.reading?.done === true
      liveQuery.delay(shows ? s.refresh : 0)
      if (!shows) return
      s.look(capture.state, capture.ctx)
      this.show(tableAt)
    })
    liveQuery.delay(PATIENCE)
    this.start(tableAt)
  }

  /** The event of a row of the past. */
  event(id: string): ReturnType<PastRows['event']> {
    return this.reading?.event(id)
  }

  /** Stops reading; rows found so far remain. */
  cancel(): void {
    const { reading, s } = this
    if (reading?.progress === undefined) return
    void reading.stop()
    s.progress = undefined
    s.send()
    s.post({ kind: 'note', text: 'only a part of the past is shown' })
  }

  /** Ends reading: another page is shown. */
  leave(): void {
    void this.reading?.stop()
    this.reading = undefined
    this.s.progress = undefined
  }

  private list(joined: JoinedBuilder, plan: ViewPlan, bounds: PastBounds): void {
    const { s } = this
    const past: PastRows = new PastRows(this.windows, plan, bounds, () => {
      if (this.reading !== past) return
      s.progress = past.progress
      s.send()
      if (!joined.isFull) return
      s.progress = undefined
      void past.stop()
    })
    joined.past = past
    this.start(past)
  }

  private show({ reading }: TableAt): void {
    if (reading === undefined) return
    const { s } = this
    s.builder = reading.builder
    s.progress = undefined
    s.span = reading.span
    s.send()
  }

  private start(reading: PastRows | TableAt): void {
    this.reading = reading
    reading.run().catch((e: unknown) => {
      if (this.reading === reading) this.s.post({ kind: 'note', text: `the past cannot be shown: ${messageOf(e)}` })
    })
  }

  /** ns of the past that a table covers */
  private get span(): number {
    return Math.max(this.s.refresh, LEAST_SPAN) * 1e6
  }
}
