// Queries on this machine. One capture of all calls runs all the time and its newest events are retained, with data
// only while buffers are armed. A page that shows what it lacks (more data, stacks) has a second capture, restricted to
// what the page shows.
import { knowAddressNames } from '../../fields/name-lookups.js'
import type { Event } from '../../model/event.js'
import type { CapturePlan } from '../../source/plan.js'
import { machinePlan, needsOwnCapture, pagePlan, pastRange, stacksRefused } from './capture-plans.js'
import { CaptureWindow } from './capture-window.js'
import { CaptureWindows } from './capture-windows.js'
import { messageOf } from './context.js'
import { Counters, isMeterDue } from './counters.js'
import { History } from './history.js'
import { LiveCapture } from './live-capture.js'
import { LiveQuery } from './live-query.js'
import { addMissing, type Missing, missingIn, NOTHING_MISSING } from './missing.js'
import { PageCapture } from './page-capture.js'
import { PastRows } from './past-rows.js'
import type { Runner, Session } from './session.js'
import type { ViewPlan } from './view-plan.js'
import type { ToWrite } from './writing.js'

/** bytes of data retained of each call while buffers are armed, by default */
const ARMED = 1024

/** A running capture, and the query that reads it. */
interface ActiveCapture {
  readonly capture: LiveCapture
  readonly liveQuery: LiveQuery
  /** when it started, ms since the epoch */
  readonly since: number
}

/** The capture of all calls. */
interface MachineCapture extends ActiveCapture {
  /** bytes of data that it records of each call */
  readonly snaplen: number
}

export class Live implements Runner {
  private closed = false
  private machine: MachineCapture | undefined
  private own: PageCapture | undefined
  /** the capture whose rows are shown */
  private shown: ActiveCapture | undefined
  /** another capture has started while the page is paused: the query is sent again when it resumes */
  private isStale = false
  private readonly windows: CaptureWindows
  private readonly before: History
  /** bytes of data of each call that the next capture of all calls records */
  private armed: number
  /** performance.now() when the capture of all calls was stopped to be restarted */
  private stoppedAt: number | undefined
  /** captures of former pages that are ending */
  private readonly ending = new Set<Promise<void>>()
  private readonly reportedLacks = new Set<string>()
  private readonly counters = new Counters(true)
  /** of captures that have ended */
  private wasMissing = NOTHING_MISSING
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
    const { plan, at, start } = s
    if (machine === undefined || plan === undefined || this.closed) return
    const { capture, snaplen } = machine
    before.leave()
    this.leaveOwn()
    s.data = this.aboutData(plan, undefined)
    const past = pastRange(plan, at, capture)
    if (past !== undefined) {
      machine.liveQuery.rest()
      before.lookBack(plan, past.before, past.from)
    } else if (needsOwnCapture(plan, { snaplen, lost: capture.stats().lost }, start)) this.startOwn(plan)
    else {
      machine.liveQuery.start()
      const captureWindow = windows.present
      if (captureWindow !== undefined && this.joinsPast(plan))
        before.join(machine.liveQuery, plan, { last: captureWindow.last })
      else if (captureWindow !== undefined && plan.restarts && s.isEntered && plan.inFlight === undefined)
        before.startWithLast(machine.liveQuery, plan)
    }
    this.shown = this.own ?? machine
  }

  cancel(): void {
    this.before.cancel()
  }

  /** Starts or stops retaining data: restarts the capture of all calls. */
  arm(armed: boolean): void {
    const { start, post } = this.s
    const refusal =
      start.redaction?.noBuffers === true
        ? 'data capture is off (--no-buffers)'
        : start.keep === undefined
          ? 'no history is retained (see --last): pages show data from now on'
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

  /** Reports that the capture of all calls was restarted. */
  private reportArmed(): void {
    if (this.stoppedAt === undefined) return
    const seconds = ((performance.now() - this.stoppedAt) / 1e3).toFixed(1)
    const now =
      this.armed > 0 ? `recording the first ${this.armed} bytes of data of each call` : 'data are no longer recorded'
    this.s.post({ kind: 'note', text: `${seconds} s were not captured; ${now}` })
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
    if (found === undefined) this.s.post({ kind: 'note', text: 'that event is no longer in memory' })
    else this.s.describe(id, found.e, found.ctx)
  }

  async toWrite(): Promise<ToWrite> {
    const { present, isSplit } = this.windows
    if (present === undefined) throw new Error('no history is retained that could be written (see --last)')
    const copy = await present.copy()
    const without = isSplit ? { without: 'events before buffers were armed or disarmed' } : {}
    return { open: () => copy.open(), close: () => copy.close(), read: [], ...without }
  }

  private liveEvent(id: string): ReturnType<PastRows['event']> {
    const { liveQuery, capture } = this.shown ?? {}
    const e = liveQuery?.builder?.event?.(id)
    return e === undefined || capture === undefined ? undefined : { e, ctx: capture.ctx }
  }

  /** Runs the capture of all calls until the end, or until it has to be restarted. */
  private async captureMachine(): Promise<void> {
    const { s, counters, windows } = this
    const { keep } = s.start
    const capture = this.capture(machinePlan(s.start, this.armed))
    const liveQuery = new LiveQuery(s, capture)
    const since = Date.now()
    const snaplen = this.armed
    const armed = snaplen > 0
    this.reportArmed()
    const captureWindow = keep && CaptureWindow.open(capture, keep, armed, (text) => s.post({ kind: 'note', text }))
    counters.attach(capture.ctx)
    knowAddressNames(capture.state)
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
          this.machine = { capture, liveQuery, since, snaplen }
          if (captureWindow !== undefined) windows.add(captureWindow)
          if (s.held) this.isStale = true
          else this.queryChanged()
        },
        batch: () => {
          const now = capture.reached
          counters.advance(now)
          s.progress = this.before.progress ?? (this.isToJoin ? 0 : undefined)
          const sent = this.own === undefined ? liveQuery.batch() : this.joinOwn(this.own)
          if (!isMeterDue(now - meterAt, sent)) return
          s.post(counters.read(now - meterAt, { ...this.missing(), retained: windows.retained(), armed }))
          meterAt = now
        },
      })
    } finally {
      this.wasMissing = addMissing(this.wasMissing, missingIn(capture.stats()))
      this.machine = undefined
      if (captureWindow !== undefined && !windows.has(captureWindow)) await captureWindow.close()
    }
  }

  /** Starts the capture that the present page needs. */
  private startOwn(plan: ViewPlan): void {
    const { s, machine } = this
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
    this.own = new PageCapture(s, capture, this.joinsPast(plan) ? machine?.capture : undefined)
    s.data = this.aboutData(plan, this.own.since)
  }

  /** Whether a page also shows the past: it is retained, with data if the page shows data. */
  private joinsPast({ joinsPast, needsData }: ViewPlan): boolean {
    const { present, haveData } = this.windows
    return joinsPast && present !== undefined && (!needsData || haveData)
  }

  /** Rows of the past have to be added yet. */
  private get isToJoin(): boolean {
    return this.own?.liveQuery.seam !== undefined && !this.before.isStarted
  }

  /** Adds rows of the past, once the capture of all calls has reached the start of the page's own capture. */
  private joinOwn({ liveQuery }: PageCapture): false {
    const { seam, builder } = liveQuery
    const { plan } = this.s
    if (this.isToJoin && seam?.isPassed === true && builder !== undefined && plan !== undefined)
      this.before.join(liveQuery, plan, { before: seam.at })
    return false
  }

  /** Ends the former page's capture. */
  private leaveOwn(): void {
    const { own } = this
    if (own === undefined) return
    this.own = undefined
    this.wasMissing = addMissing(this.wasMissing, missingIn(own.capture.stats()))
    own.leave()
    const ended = own.ended.finally(() => this.ending.delete(ended))
    this.ending.add(ended)
  }

  /** What is missing so far. */
  private missing(): Missing {
    return [this.machine, this.own].map((one) => missingIn(one?.capture.stats())).reduce(addMissing, this.wasMissing)
  }

  /** Status of the data on a page that shows data. own: when its own capture started. */
  private aboutData({ buffers }: ViewPlan, own: number | undefined): string | undefined {
    const { machine } = this
    const { redaction, keep } = this.s.start
    if (buffers === 0) return undefined
    if (redaction?.noBuffers === true) return 'data are not captured'
    const since = (time: number) => `data since ${new Date(time).toTimeString().slice(0, 8)}`
    if (machine !== undefined && machine.snaplen > 0) return since(machine.since)
    return `${own === undefined ? 'without data' : since(own)}${keep === undefined ? '' : '; B arms buffers'}`
  }

  /** Starts a capture; features that the kernel lacks are reported once. page: its plan, for a page's own capture. */
  private capture(plan: CapturePlan, page?: ViewPlan): LiveCapture {
    const { s, reportedLacks: lacks } = this
    return LiveCapture.start(s.start, plan, page, s.post, (texts) => {
      const more = texts.filter((text) => !lacks.has(text))
      if (more.length > 0) s.post({ kind: 'note', text: more.join('; ') })
      for (const text of more) lacks.add(text)
    })
  }
}
