// Queries about this machine. One capture of all calls goes on through all of them, and the newest of it is kept, with data only
// where buffers are armed; pages that show data have a capture of their own beside it, of what they ask for.
import type { Event } from '../../model/event.js'
import type { CapturePlan } from '../../source/plan.js'
import { CaptureWindow } from './capture-window.js'
import { CaptureWindows } from './capture-windows.js'
import { messageOf } from './context.js'
import { Counters } from './counters.js'
import { History } from './history.js'
import { LiveCapture } from './live-capture.js'
import { LiveQuery } from './live-query.js'
import type { Meter } from './messages.js'
import { hasOwnCapture, machinePlan, pagePlan, pastRange, stacksRefused } from './page-capture.js'
import { PastRows } from './past-rows.js'
import { Seam } from './seam.js'
import type { Runner, Session } from './session.js'
import type { ViewPlan } from './view-plan.js'
import type { ToWrite } from './writing.js'

const SECOND = 1e9
/** bytes of the data of each call that are kept where buffers are armed and nobody says how many */
const ARMED = 1024

/** A capture, and what its answers are gathered with. */
interface ActiveCapture {
  readonly capture: LiveCapture
  readonly liveQuery: LiveQuery
  /** when it began, ms since the epoch */
  readonly since: number
}

/** A page's own capture. */
interface PageCapture extends ActiveCapture {
  /** fulfilled when it has ended */
  readonly ended: Promise<void>
}

export class Live implements Runner {
  private closed = false
  private machine: ActiveCapture | undefined
  private own: PageCapture | undefined
  /** the capture that what is shown was gathered from */
  private shown: ActiveCapture | undefined
  /** another capture has begun while what is shown is held still: the query is asked again when it goes on */
  private isStale = false
  private readonly windows: CaptureWindows
  private readonly before: History
  /** bytes of the data of each call that the capture of all calls is to have */
  private armed: number
  /** performance.now() when the capture of all calls was ended for another one */
  private stoppedAt: number | undefined
  /** captures of pages that were left */
  private readonly ending = new Set<Promise<void>>()
  private readonly reportedLacks = new Set<string>()
  private readonly counters = new Counters(true)
  /** events that captures have lost which ended */
  private lost = 0
  private leftOut = 0
  private wake: (() => void) | undefined

  constructor(private readonly s: Session) {
    this.armed = s.start.snaplen ?? 0
    this.windows = new CaptureWindows(s.start.keep ?? { bytes: 0 })
    this.before = new History(s, this.windows)
  }

  async run(): Promise<void> {
    if (this.s.plan === undefined)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    try {
      while (!this.closed) await this.captureMachine()
    } finally {
      this.leaveOwn()
      this.before.leave()
      await Promise.all(this.ending)
      await this.windows.end()
    }
  }

  resume(): void {
    if (this.isStale) this.queryChanged()
  }

  queryChanged(): void {
    this.isStale = false
    this.wake?.()
    const { s, machine, windows, before } = this
    const { plan, at } = s
    if (machine === undefined || plan === undefined || this.closed) return
    before.leave()
    this.leaveOwn()
    s.data = this.aboutData(plan, undefined)
    const past = pastRange(plan, at, machine.capture)
    if (past !== undefined) {
      machine.liveQuery.rest()
      before.lookBack(plan, past.before, past.from)
    } else if (hasOwnCapture(plan)) this.startOwn(plan)
    else {
      machine.liveQuery.start()
      const captureWindow = windows.present
      if (captureWindow !== undefined && plan.joinsPast)
        before.join(machine.liveQuery, plan, { last: captureWindow.last })
      else if (captureWindow !== undefined && plan.restarts && s.isEntered && plan.inFlight === undefined)
        before.startWithLast(machine.liveQuery, plan)
    }
    this.shown = this.own ?? machine
  }

  cancel(): void {
    this.before.cancel()
  }

  /** From now on data are kept too, or no more: another capture of all calls goes on. */
  arm(armed: boolean): void {
    const { start, post } = this.s
    const refusal =
      start.redaction?.noBuffers === true
        ? 'data are kept out of this capture: --no-buffers'
        : start.keep === undefined
          ? 'no data are kept, as nothing is (--last): pages have those from now on'
          : this.machine === undefined
            ? 'the capture is starting'
            : undefined
    if (refusal !== undefined || this.machine === undefined) {
      if (armed) post({ kind: 'note', text: refusal ?? '' })
      return
    }
    if (armed === this.armed > 0) return
    this.armed = armed ? start.snaplen || ARMED : 0
    this.stoppedAt = performance.now()
    this.machine.capture.stop()
  }

  /** Tells that another capture of all calls has begun. */
  private reportArmed(): void {
    if (this.stoppedAt === undefined) return
    const seconds = ((performance.now() - this.stoppedAt) / 1e3).toFixed(1)
    const now =
      this.armed > 0
        ? `buffers are armed: the first ${this.armed} bytes of data of each call are kept too`
        : 'no data are kept any more'
    this.s.post({ kind: 'note', text: `${now}; for ${seconds} s between nothing was captured` })
    this.stoppedAt = undefined
  }

  close(): void {
    this.closed = true
    this.machine?.capture.stop()
    this.leaveOwn()
    this.wake?.()
  }

  async detail(id: string): Promise<void> {
    const found = PastRows.has(id) ? this.before.event(id) : this.liveEvent(id)
    if (found === undefined) this.s.post({ kind: 'note', text: 'that event is no longer kept' })
    else this.s.describe(id, found.e, found.ctx)
  }

  async toWrite(): Promise<ToWrite> {
    const { present, isSplit } = this.windows
    if (present === undefined) throw new Error('nothing is kept that could be written: see --last')
    const copy = await present.copy()
    const without = isSplit ? { without: 'what was before buffers were armed or disarmed' } : {}
    return { open: () => copy.open(), close: () => copy.close(), read: [], ...without }
  }

  private liveEvent(id: string): ReturnType<PastRows['event']> {
    const { liveQuery, capture } = this.shown ?? {}
    const e = liveQuery?.builder?.event?.(id)
    return e === undefined || capture === undefined ? undefined : { e, ctx: capture.ctx }
  }

  /** The capture of all calls, until the end or until another one is needed. */
  private async captureMachine(): Promise<void> {
    const { s, counters, windows } = this
    const { keep } = s.start
    const capture = this.capture(machinePlan(s.start, this.armed))
    const liveQuery = new LiveQuery(s, capture)
    const since = Date.now()
    const armed = this.armed > 0
    this.reportArmed()
    const captureWindow = keep && CaptureWindow.open(capture, keep, armed, (text) => s.post({ kind: 'note', text }))
    counters.attach(capture.ctx)
    let meterAt = capture.reached
    const show = (e: Event) => {
      counters.add(e)
      if (this.own === undefined) liveQuery.add(e)
      else this.own.liveQuery.seam?.first(e)
    }
    try {
      s.reportSource(true, '', capture.info)
      await capture.run({
        sinks: captureWindow === undefined ? [{ show }] : [{ show }, captureWindow],
        call: (e) => liveQuery.call(e),
        started: () => {
          if (this.closed) return capture.stop()
          this.machine = { capture, liveQuery, since }
          if (captureWindow !== undefined) windows.add(captureWindow)
          if (s.held) this.isStale = true
          else this.queryChanged()
        },
        batch: () => {
          const now = capture.reached
          counters.advance(now)
          s.progress = this.before.progress ?? (this.isToJoin ? 0 : undefined)
          if (now - meterAt >= SECOND) {
            s.post(counters.read(now - meterAt, { ...this.missing(), kept: windows.retained(), armed }))
            meterAt = now
          }
          if (this.own === undefined) liveQuery.batch()
          else this.joinOwn(this.own)
        },
      })
    } finally {
      const { lost, leftOut = 0 } = capture.stats()
      this.lost += lost
      this.leftOut += leftOut
      this.machine = undefined
      if (captureWindow !== undefined && !windows.has(captureWindow)) await captureWindow.close()
    }
  }

  /** Begins the capture that the present page needs. */
  private startOwn(plan: ViewPlan): void {
    const { s, machine, windows } = this
    s.builder = undefined
    let capture: LiveCapture
    try {
      const refused = stacksRefused(plan, s.start)
      if (refused !== undefined) throw new Error(refused)
      capture = this.capture(pagePlan(plan, s.start), plan)
    } catch (e) {
      if (s.number !== undefined) s.post({ kind: 'refused', number: s.number, text: messageOf(e) })
      return
    }
    const liveQuery = new LiveQuery(s, capture)
    const since = Date.now()
    s.data = this.aboutData(plan, since)
    if (
      machine !== undefined &&
      plan.joinsPast &&
      windows.present !== undefined &&
      (!plan.needsData || windows.haveData)
    )
      liveQuery.seam = new Seam(machine.capture, capture)
    const isPresent = () => this.own?.liveQuery === liveQuery
    const ended = capture
      .run({
        sinks: [{ show: (e) => isPresent() && liveQuery.add(e) }],
        call: () => undefined,
        started: () => (isPresent() ? liveQuery.start() : capture.stop()),
        batch: () => isPresent() && liveQuery.batch(),
      })
      .catch((e: unknown) => s.post({ kind: 'note', text: `this page's capture has ended: ${messageOf(e)}` }))
    this.own = { capture, liveQuery, since, ended }
  }

  /** What was before is still to come. */
  private get isToJoin(): boolean {
    return this.own?.liveQuery.seam !== undefined && !this.before.isStarted
  }

  /** What was before is shown too, once the capture of all calls has come to where the page's own begins. */
  private joinOwn({ liveQuery }: PageCapture): void {
    const { seam, builder } = liveQuery
    const { plan } = this.s
    if (!this.isToJoin || seam?.isPassed !== true || builder === undefined || plan === undefined) return
    this.before.join(liveQuery, plan, { before: seam.at })
  }

  /** Ends the capture of the page before. */
  private leaveOwn(): void {
    const { own } = this
    if (own === undefined) return
    const { capture } = own
    this.own = undefined
    this.lost += capture.stats().lost
    capture.stop()
    const gone = own.ended.finally(() => this.ending.delete(gone))
    this.ending.add(gone)
  }

  /** Events that are missing so far, for what reason. */
  private missing(): Pick<Meter, 'lost' | 'leftOut'> {
    const [machine, own] = [this.machine?.capture.stats(), this.own?.capture.stats()]
    return {
      lost: this.lost + (machine?.lost ?? 0) + (own?.lost ?? 0),
      leftOut: this.leftOut + (machine?.leftOut ?? 0),
    }
  }

  /** What is to be known of the data of a page that shows some. own: when its own capture began. */
  private aboutData({ buffers }: ViewPlan, own: number | undefined): string | undefined {
    const { machine, armed } = this
    const { redaction, keep } = this.s.start
    if (buffers === 0) return undefined
    if (redaction?.noBuffers === true) return 'data are kept out'
    const since = (time: number) => `data since ${new Date(time).toTimeString().slice(0, 8)}`
    if (armed > 0 && machine !== undefined) return since(machine.since)
    return `${own === undefined ? 'without data' : since(own)}${keep === undefined ? '' : '; B arms buffers'}`
  }

  /** Begins a capture; what the kernel lacks is told once. page: what it is of. */
  private capture(plan: CapturePlan, page?: ViewPlan): LiveCapture {
    const { s, reportedLacks: lacks } = this
    return LiveCapture.start(s.start, plan, page, s.post, (texts) => {
      const more = texts.filter((text) => !lacks.has(text))
      if (more.length > 0) s.post({ kind: 'note', text: more.join('; ') })
      for (const text of more) lacks.add(text)
    })
  }
}
