// Queries about this machine. One capture of all calls without their data goes on through all of them, and the newest of it is
// kept; pages that show data have one of their own beside it, of what they ask for.
import { registry } from '../../fields/index.js'
import { planFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { hostArch } from '../../schema/arch.js'
import { users } from '../../source/accounts.js'
import { type CapturePlan, everything, IN_FLIGHT } from '../../source/plan.js'
import type { CaptureInfo } from '../../source/source.js'
import type { Plan } from './answer.js'
import { Counters } from './counters.js'
import { Gathering } from './gathering.js'
import { Joined } from './joined.js'
import { LISTED } from './list-answer.js'
import { LiveCapture } from './live-capture.js'
import { Moment } from './moment.js'
import { Past } from './past.js'
import type { Window } from './reading.js'
import { Ring } from './ring.js'
import { Seam } from './seam.js'
import type { Runner, Session } from './session.js'

const SECOND = 1e9
/** ms that a table is about at least, where it is about what was: times of threads are told once a second */
const LEAST_SPAN = 1000
/** ms for which what comes waits for what was just now */
const PATIENCE = 1000

/** A page's own capture. */
interface Own {
  readonly gathering: Gathering
  /** fulfilled when it has ended */
  readonly ended: Promise<void>
}

export class Live implements Runner {
  private closed = false
  private machine: LiveCapture | undefined
  private ofMachine: Gathering | undefined
  private ring: Ring | undefined
  private own: Own | undefined
  /** what is read of the ring for the present page */
  private past: Past | Moment | undefined
  /** captures of pages that were left */
  private readonly left = new Set<Promise<void>>()
  private readonly lacks = new Set<string>()
  private readonly counters = new Counters(true)
  /** events that captures of pages have lost, which were left */
  private lost = 0
  private wake: (() => void) | undefined

  constructor(private readonly s: Session) {}

  async run(): Promise<void> {
    if (this.s.plan === undefined)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    if (this.closed) return
    try {
      await this.captureMachine()
    } finally {
      this.leaveOwn()
      await Promise.all(this.left)
    }
  }

  asked(): void {
    this.wake?.()
    const { s, ofMachine, ring } = this
    if (ofMachine === undefined || this.closed) return
    this.leavePast()
    this.leaveOwn()
    const { plan, at } = s
    if (plan === undefined) return
    if (at !== undefined) {
      ofMachine.rest()
      this.lookBack(plan, (at - epochOf(ofMachine.capture.info)) * 1e6)
    } else if (plan.buffers > 0) this.beginOwn()
    else {
      ofMachine.begin()
      if (!plan.anew) this.reach(ofMachine, { last: ring?.last ?? 0 })
      else if (s.isNarrow && !plan.inFlight) this.beginWithLast(ofMachine, plan)
    }
  }

  /** What was found so far of what was before stays. */
  cancel(): void {
    const { past, s } = this
    if (past?.progress === undefined) return
    void past.stop()
    s.progress = undefined
    s.send()
    s.post({ kind: 'note', text: 'of what was before a part is shown' })
  }

  close(): void {
    this.closed = true
    this.machine?.stop()
    this.leaveOwn()
    this.wake?.()
  }

  async detail(id: string): Promise<void> {
    const found = Past.has(id) ? this.past?.event(id) : this.liveEvent(id)
    if (found === undefined) this.s.post({ kind: 'note', text: 'that event is no longer kept' })
    else this.s.describe(id, found.e, found.ctx)
  }

  private liveEvent(id: string): ReturnType<Past['event']> {
    const { answer, capture } = this.own?.gathering ?? this.ofMachine ?? {}
    const e = answer?.event?.(id)
    return e === undefined || capture === undefined ? undefined : { e, ctx: capture.ctx }
  }

  /** The capture of all calls, until the end. */
  private async captureMachine(): Promise<void> {
    const { s, counters } = this
    const { selfPid, redaction, keep } = s.start
    const plan = { ...everything(selfPid, 0), spare: redaction, times: true, inFlight: IN_FLIGHT.ALL }
    const machine = this.capture(plan)
    this.machine = machine
    const gathering = new Gathering(s, machine)
    this.ofMachine = gathering
    const ring = keep && Ring.open(machine, keep, (text) => s.post({ kind: 'note', text }))
    this.ring = ring
    counters.attach(machine.ctx)
    let meterAt = machine.now()
    const show = (e: Event) => {
      counters.add(e)
      if (this.own === undefined) gathering.add(e)
      else this.own.gathering.seam?.first(e)
    }
    s.begins(true, '', machine.info.hostname)
    try {
      await machine.run({
        sinks: ring === undefined ? [{ show }] : [{ show }, ring],
        call: (e) => gathering.call(e),
        began: () => (this.closed ? machine.stop() : this.asked()),
        batch: () => {
          const now = machine.now()
          counters.passed(now)
          s.progress = this.past?.progress
          if (now - meterAt >= SECOND) {
            s.post(counters.read(now - meterAt, { lost: this.lostSoFar(), kept: ring?.kept }))
            meterAt = now
          }
          if (this.own === undefined) gathering.batch()
          else this.reachOver(this.own.gathering)
        },
      })
    } finally {
      this.leavePast()
      await ring?.close()
    }
  }

  /** What was before belongs to the answer too, as far as it is kept. */
  private reach(gathering: Gathering, within: Partial<Window>): void {
    const { s, ring } = this
    const { plan } = s
    if (ring === undefined || plan === undefined) return
    const joined = new Joined(gathering.answer, gathering.answer?.sort)
    gathering.whole = joined
    s.answer = joined
    this.readBack(joined, ring, plan, within)
  }

  /** The answer is about a moment, a batch time (ns), as far as that is kept. */
  private lookBack(plan: Plan, at: number): void {
    const { s, ring } = this
    if (ring === undefined) return
    if (!plan.anew) {
      const joined = new Joined(undefined, plan.sort)
      s.answer = joined
      this.readBack(joined, ring, plan, { before: at })
      return
    }
    // calls in flight are told as often as the page is refreshed
    const span = Math.max(s.start.refresh, LEAST_SPAN) * 1e6 * (plan.inFlight ? 2 : 1)
    const moment = new Moment(ring, plan, this.windowOf(ring, { from: at - span, before: at }), () => {
      if (this.past !== moment) return
      s.progress = moment.progress
      if (moment.progress !== undefined) return
      s.answer = moment.reading.answer
      s.span = moment.reading.span
      s.send()
    })
    this.begin(moment)
  }

  /** The first answer is what was just now: of what has ended nothing more comes. */
  private beginWithLast(gathering: Gathering, plan: Plan): void {
    const { s, ring } = this
    if (ring === undefined) return
    const now = gathering.capture.now()
    const from = now - Math.max(s.start.refresh, LEAST_SPAN) * 1e6
    const moment = new Moment(ring, plan, this.windowOf(ring, { from, last: ring.last }), () => {
      if (this.past !== moment || moment.progress !== undefined) return
      const { answer, span } = moment.reading
      const late = gathering.capture.now() >= now + PATIENCE * 1e6
      gathering.delay(late || answer === undefined ? 0 : s.start.refresh)
      if (late || answer === undefined) return
      s.answer = answer
      s.span = span
      s.send()
    })
    gathering.delay(PATIENCE)
    this.begin(moment)
  }

  private readBack(joined: Joined, ring: Ring, plan: Plan, within: Partial<Window>): void {
    const { s } = this
    const past: Past = new Past(ring, plan, this.windowOf(ring, within, plan), () => {
      if (this.past !== past) return
      s.progress = past.progress
      s.send()
    })
    joined.past = past
    this.begin(past)
  }

  /** Reads what was, for the present page. */
  private begin(past: Past | Moment): void {
    this.past = past
    past.run().catch((e: unknown) => {
      if (this.past === past) this.s.post({ kind: 'note', text: `what was before cannot be shown: ${messageOf(e)}` })
    })
  }

  private windowOf(ring: Ring, within: Partial<Window>, plan?: Plan): Window {
    // where everything passes, more would be found than is shown
    const all = plan !== undefined && plan.filter === undefined && within.before === undefined
    const after = all ? ring.last - LISTED : 0
    const bounds = { from: 0, before: Number.POSITIVE_INFINITY, after, last: Number.POSITIVE_INFINITY }
    return { ...bounds, first: ring.capture.first, ...within }
  }

  /** The same for a page with a capture of its own, once the capture of all calls has come to where that begins. */
  private reachOver(gathering: Gathering): void {
    const { seam } = gathering
    if (seam === undefined || this.past !== undefined || gathering.answer === undefined || !seam.isPassed) return
    this.reach(gathering, { before: seam.before })
  }

  private leavePast(): void {
    void this.past?.stop()
    this.past = undefined
    this.s.progress = undefined
  }

  /** Begins the capture that the present page needs. */
  private beginOwn(): void {
    const { s, machine, ring } = this
    const { plan } = s
    if (plan === undefined) return
    s.answer = undefined
    let capture: LiveCapture
    try {
      capture = this.capture(this.ownPlan())
    } catch (e) {
      if (s.number !== undefined) s.post({ kind: 'refused', number: s.number, text: messageOf(e) })
      return
    }
    const gathering = new Gathering(s, capture)
    if (machine !== undefined && ring !== undefined && !plan.ofData) gathering.seam = new Seam(machine, capture)
    const isPresent = () => this.own?.gathering === gathering
    const ended = capture
      .run({
        sinks: [{ show: (e) => isPresent() && gathering.add(e) }],
        call: () => undefined,
        began: () => (isPresent() ? gathering.begin() : capture.stop()),
        batch: () => isPresent() && gathering.batch(),
      })
      .catch((e: unknown) => s.post({ kind: 'note', text: `this page's capture has ended: ${messageOf(e)}` }))
    this.own = { gathering, ended }
  }

  /** Ends the capture of the page before. */
  private leaveOwn(): void {
    const { own } = this
    if (own === undefined) return
    const { capture } = own.gathering
    this.own = undefined
    this.lost += capture.stats().lost
    capture.stop()
    const gone = own.ended.finally(() => this.left.delete(gone))
    this.left.add(gone)
  }

  private lostSoFar(): number {
    const { machine, own, lost } = this
    return lost + (machine?.stats().lost ?? 0) + (own?.gathering.capture.stats().lost ?? 0)
  }

  /** Begins a capture; what the kernel lacks is told once. */
  private capture(plan: CapturePlan): LiveCapture {
    const { s, lacks } = this
    return LiveCapture.begin(s.start, plan, s.plan?.filter, s.post, (texts) => {
      const more = texts.filter((text) => !lacks.has(text))
      if (more.length > 0) s.post({ kind: 'note', text: more.join('; ') })
      for (const text of more) lacks.add(text)
    })
  }

  /** The plan of a capture of what the present page shows. */
  private ownPlan(): CapturePlan {
    const { plan, start } = this.s
    // a name means another number in each container that has accounts of its own
    const accounts = start.runtimes.asked ? {} : { users: users() }
    return planFilter(plan?.filter, registry, {
      ...accounts,
      arch: hostArch() ?? 'x64',
      output: plan?.fields ?? [],
      snaplen: plan?.buffers ?? 0,
      spare: start.redaction,
      selfPid: start.selfPid,
      buffers: true,
      latency: true,
    })
  }
}

/** ms since the epoch at a capture's start */
function epochOf({ startSec, startNsec }: CaptureInfo): number {
  return startSec * 1e3 + startNsec / 1e6
}

function messageOf(e: unknown): string {
  return e instanceof Error ? e.message : String(e)
}
