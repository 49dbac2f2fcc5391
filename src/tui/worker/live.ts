// Queries about this machine. One capture of all calls goes on through all of them, and the newest of it is kept, with data only
// where buffers are armed; pages that show data have a capture of their own beside it, of what they ask for.
import type { Event } from '../../model/event.js'
import type { CapturePlan } from '../../source/plan.js'
import type { Plan } from './answer.js'
import { Before } from './before.js'
import { messageOf } from './context.js'
import { Counters } from './counters.js'
import { Gathering } from './gathering.js'
import { LiveCapture } from './live-capture.js'
import type { Meter } from './messages.js'
import { hasOwnCapture, machinePlan, pagePlan, pastOf, stacksRefused } from './page-capture.js'
import { Past } from './past.js'
import { Ring } from './ring.js'
import { Rings } from './rings.js'
import { Seam } from './seam.js'
import type { Runner, Session } from './session.js'
import type { ToWrite } from './writing.js'

const SECOND = 1e9
/** bytes of the data of each call that are kept where buffers are armed and nobody says how many */
const ARMED = 1024

/** A capture, and what its answers are gathered with. */
interface Capturing {
  readonly capture: LiveCapture
  readonly gathering: Gathering
  /** when it began, ms since the epoch */
  readonly since: number
}

/** A page's own capture. */
interface Own extends Capturing {
  /** fulfilled when it has ended */
  readonly ended: Promise<void>
}

export class Live implements Runner {
  private closed = false
  private machine: Capturing | undefined
  private own: Own | undefined
  /** the capture that what is shown was gathered from */
  private shown: Capturing | undefined
  /** another capture has begun while what is shown is held still: the query is asked again when it goes on */
  private isLate = false
  private readonly rings: Rings
  private readonly before: Before
  /** bytes of the data of each call that the capture of all calls is to have */
  private armed: number
  /** performance.now() when the capture of all calls was ended for another one */
  private stoppedAt: number | undefined
  /** captures of pages that were left */
  private readonly left = new Set<Promise<void>>()
  private readonly lacks = new Set<string>()
  private readonly counters = new Counters(true)
  /** events that captures have lost which ended */
  private lost = 0
  private leftOut = 0
  private wake: (() => void) | undefined

  constructor(private readonly s: Session) {
    this.armed = s.start.snaplen ?? 0
    this.rings = new Rings(s.start.keep ?? { bytes: 0 })
    this.before = new Before(s, this.rings)
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
      await Promise.all(this.left)
      await this.rings.end()
    }
  }

  goOn(): void {
    if (this.isLate) this.asked()
  }

  asked(): void {
    this.isLate = false
    this.wake?.()
    const { s, machine, rings, before } = this
    const { plan, at } = s
    if (machine === undefined || plan === undefined || this.closed) return
    before.leave()
    this.leaveOwn()
    s.data = this.aboutData(plan, undefined)
    const past = pastOf(plan, at, machine.capture)
    if (past !== undefined) {
      machine.gathering.rest()
      before.lookBack(plan, past.before, past.from)
    } else if (hasOwnCapture(plan)) this.beginOwn(plan)
    else {
      machine.gathering.begin()
      const ring = rings.present
      if (ring !== undefined && plan.joins) before.join(machine.gathering, plan, { last: ring.last })
      else if (ring !== undefined && plan.anew && s.isEntered && plan.inFlight === undefined)
        before.beginWithLast(machine.gathering, plan)
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
  private tellArmed(): void {
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
    const found = Past.has(id) ? this.before.event(id) : this.liveEvent(id)
    if (found === undefined) this.s.post({ kind: 'note', text: 'that event is no longer kept' })
    else this.s.describe(id, found.e, found.ctx)
  }

  async toWrite(): Promise<ToWrite> {
    const { present, isSplit } = this.rings
    if (present === undefined) throw new Error('nothing is kept that could be written: see --last')
    const copy = await present.copy()
    const without = isSplit ? { without: 'what was before buffers were armed or disarmed' } : {}
    return { open: () => copy.open(), close: () => copy.close(), read: [], ...without }
  }

  private liveEvent(id: string): ReturnType<Past['event']> {
    const { gathering, capture } = this.shown ?? {}
    const e = gathering?.answer?.event?.(id)
    return e === undefined || capture === undefined ? undefined : { e, ctx: capture.ctx }
  }

  /** The capture of all calls, until the end or until another one is needed. */
  private async captureMachine(): Promise<void> {
    const { s, counters, rings } = this
    const { keep } = s.start
    const capture = this.capture(machinePlan(s.start, this.armed))
    const gathering = new Gathering(s, capture)
    const since = Date.now()
    const armed = this.armed > 0
    this.tellArmed()
    const ring = keep && Ring.open(capture, keep, armed, (text) => s.post({ kind: 'note', text }))
    counters.attach(capture.ctx)
    let meterAt = capture.reached
    const show = (e: Event) => {
      counters.add(e)
      if (this.own === undefined) gathering.add(e)
      else this.own.gathering.seam?.first(e)
    }
    try {
      s.begins(true, '', capture.info)
      await capture.run({
        sinks: ring === undefined ? [{ show }] : [{ show }, ring],
        call: (e) => gathering.call(e),
        began: () => {
          if (this.closed) return capture.stop()
          this.machine = { capture, gathering, since }
          if (ring !== undefined) rings.add(ring)
          if (s.held) this.isLate = true
          else this.asked()
        },
        batch: () => {
          const now = capture.reached
          counters.passed(now)
          s.progress = this.before.progress ?? (this.isToJoin ? 0 : undefined)
          if (now - meterAt >= SECOND) {
            s.post(counters.read(now - meterAt, { ...this.missing(), kept: rings.kept(), armed }))
            meterAt = now
          }
          if (this.own === undefined) gathering.batch()
          else this.joinOwn(this.own)
        },
      })
    } finally {
      const { lost, leftOut = 0 } = capture.stats()
      this.lost += lost
      this.leftOut += leftOut
      this.machine = undefined
      if (ring !== undefined && !rings.has(ring)) await ring.close()
    }
  }

  /** Begins the capture that the present page needs. */
  private beginOwn(plan: Plan): void {
    const { s, machine, rings } = this
    s.answer = undefined
    let capture: LiveCapture
    try {
      const refused = stacksRefused(plan, s.start)
      if (refused !== undefined) throw new Error(refused)
      capture = this.capture(pagePlan(plan, s.start), plan)
    } catch (e) {
      if (s.number !== undefined) s.post({ kind: 'refused', number: s.number, text: messageOf(e) })
      return
    }
    const gathering = new Gathering(s, capture)
    const since = Date.now()
    s.data = this.aboutData(plan, since)
    if (machine !== undefined && plan.joins && rings.present !== undefined && (!plan.ofData || rings.haveData))
      gathering.seam = new Seam(machine.capture, capture)
    const isPresent = () => this.own?.gathering === gathering
    const ended = capture
      .run({
        sinks: [{ show: (e) => isPresent() && gathering.add(e) }],
        call: () => undefined,
        began: () => (isPresent() ? gathering.begin() : capture.stop()),
        batch: () => isPresent() && gathering.batch(),
      })
      .catch((e: unknown) => s.post({ kind: 'note', text: `this page's capture has ended: ${messageOf(e)}` }))
    this.own = { capture, gathering, since, ended }
  }

  /** What was before is still to come. */
  private get isToJoin(): boolean {
    return this.own?.gathering.seam !== undefined && !this.before.isBegun
  }

  /** What was before is shown too, once the capture of all calls has come to where the page's own begins. */
  private joinOwn({ gathering }: Own): void {
    const { seam, answer } = gathering
    const { plan } = this.s
    if (!this.isToJoin || seam?.isPassed !== true || answer === undefined || plan === undefined) return
    this.before.join(gathering, plan, { before: seam.at })
  }

  /** Ends the capture of the page before. */
  private leaveOwn(): void {
    const { own } = this
    if (own === undefined) return
    const { capture } = own
    this.own = undefined
    this.lost += capture.stats().lost
    capture.stop()
    const gone = own.ended.finally(() => this.left.delete(gone))
    this.left.add(gone)
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
  private aboutData({ buffers }: Plan, own: number | undefined): string | undefined {
    const { machine, armed } = this
    const { redaction, keep } = this.s.start
    if (buffers === 0) return undefined
    if (redaction?.noBuffers === true) return 'data are kept out'
    const since = (time: number) => `data since ${new Date(time).toTimeString().slice(0, 8)}`
    if (armed > 0 && machine !== undefined) return since(machine.since)
    return `${own === undefined ? 'without data' : since(own)}${keep === undefined ? '' : '; B arms buffers'}`
  }

  /** Begins a capture; what the kernel lacks is told once. page: what it is of. */
  private capture(plan: CapturePlan, page?: Plan): LiveCapture {
    const { s, lacks } = this
    return LiveCapture.begin(s.start, plan, page, s.post, (texts) => {
      const more = texts.filter((text) => !lacks.has(text))
      if (more.length > 0) s.post({ kind: 'note', text: more.join('; ') })
      for (const text of more) lacks.add(text)
    })
  }
}
