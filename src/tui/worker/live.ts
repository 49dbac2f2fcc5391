// Queries about this machine. One capture of all calls without their data goes on through all of them; only pages that
// show data have one of their own, of what they ask for.

import { withNames } from '../../container/index.js'
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { filterByCgroup, planFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { Pipeline } from '../../pipeline.js'
import { redacted } from '../../redact/source.js'
import { hostArch } from '../../schema/arch.js'
import { users } from '../../source/accounts.js'
import { LiveSource } from '../../source/live.js'
import { captureNow } from '../../source/now.js'
import { type CapturePlan, everything, IN_FLIGHT } from '../../source/plan.js'
import { confine } from '../../source/privilege.js'
import type { CaptureSource } from '../../source/source.js'
import { State } from '../../state/state.js'
import type { Answer } from './answer.js'
import { contextOf } from './context.js'
import { Counters } from './counters.js'
import { Telling } from './in-flight.js'
import type { Runner, Session } from './session.js'

const SECOND = 1e9
/** ms after which a new query gets its first answer */
const SOON = 250

export class Live implements Runner {
  private closed = false
  private source: CaptureSource | undefined
  private ctx: FieldContext | undefined
  private telling: Telling | undefined
  private readonly lacks = new Set<string>()
  private readonly counters = new Counters(true)
  private lost = 0
  /** bytes of data that the present capture has of each call */
  private buffers = 0
  /** the query that the present capture was made for */
  private madeFor: number | undefined
  /** capture time (ns) at which the answer's rows begin, and at which it is due */
  private since = 0
  private due = 0
  private wake: (() => void) | undefined

  constructor(private readonly s: Session) {}

  async run(): Promise<void> {
    while (!this.closed) {
      if (this.s.plan === undefined)
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      else await this.capture()
    }
  }

  asked(): void {
    this.wake?.()
    if (this.source === undefined) return
    if (this.fits()) this.begin()
    else this.source.stop()
  }

  cancel(): void {}

  close(): void {
    this.closed = true
    this.source?.stop()
    this.wake?.()
  }

  async detail(id: string): Promise<void> {
    const e = this.s.answer?.event?.(id)
    if (e === undefined || this.ctx === undefined) this.s.post({ kind: 'note', text: 'that event is no longer kept' })
    else this.s.describe(id, e, this.ctx)
  }

  /** The running capture has what the present query needs. */
  private fits(): boolean {
    const wanted = this.s.plan?.buffers ?? 0
    return wanted === this.buffers && (wanted === 0 || this.madeFor === this.s.number)
  }

  private plan(): CapturePlan {
    const { plan, start } = this.s
    if (plan === undefined || plan.buffers === 0)
      return { ...everything(start.selfPid, 0), spare: start.redaction, times: true, inFlight: IN_FLIGHT.ALL }
    // a name means another number in each container that has accounts of its own
    const accounts = start.runtimes.asked ? {} : { users: users() }
    return planFilter(plan.filter, registry, {
      ...accounts,
      arch: hostArch() ?? 'x64',
      output: plan.fields,
      snaplen: plan.buffers,
      spare: start.redaction,
      selfPid: start.selfPid,
      buffers: true,
      latency: true,
    })
  }

  /** One capture, until another one is needed. */
  private async capture(): Promise<void> {
    const { s } = this
    this.buffers = s.plan?.buffers ?? 0
    this.madeFor = s.number
    const plan = this.plan()
    const kernel = new LiveSource({ plan, ...(s.start.buffer === undefined ? {} : { bufferBytes: s.start.buffer }) })
    this.tell(kernel)
    const source = redacted(this.named(kernel), s.start.redaction)
    this.source = source
    try {
      const state = new State(source.info)
      const first = { time: undefined }
      this.ctx = contextOf(state, first)
      state.watcher = filterByCgroup(plan, s.plan?.filter, this.ctx, kernel)
      const telling = new Telling(kernel, () => this.now(kernel))
      this.telling = telling
      state.onInFlight = (call) => {
        if (s.plan?.inFlight === true && telling.has(call.time)) s.answer?.add(call)
      }
      this.counters.attach(this.ctx)
      s.begins(true, '', source.info.hostname)
      const snapshot = await source.snapshot()
      confine({ live: true, attach: true })
      this.begin()
      if (this.closed || !this.fits()) source.stop()
      const pipeline = this.over(source, state, first)
      await pipeline.run(snapshot)
      this.lost += pipeline.stats().lost
    } finally {
      this.source = undefined
      await source.close()
    }
  }

  /** What the kernel lacks is told once. */
  private tell({ notices }: LiveSource): void {
    const more = notices.map((t) => t.text).filter((text) => !this.lacks.has(text))
    if (more.length > 0) this.s.post({ kind: 'note', text: more.join('; ') })
    for (const text of more) this.lacks.add(text)
  }

  /** With names of containers, which come when they come: rows do not wait for them. */
  private named(source: LiveSource): CaptureSource {
    const { asked, cri, docker } = this.s.start.runtimes
    if (!asked) return source
    const complain = (text: string) => this.s.post({ kind: 'note', text })
    return withNames(source, { cri, docker, env: process.env, hold: false, complain })
  }

  private over(source: CaptureSource, state: State, first: { time: number | undefined }): Pipeline {
    const { s, counters } = this
    let meterAt = this.now(source)
    const pipeline = new Pipeline({
      source,
      state,
      first,
      predicate: undefined,
      sinks: [
        {
          show: (e: Event) => {
            counters.add(e)
            if (s.plan?.inFlight !== true) s.answer?.add(e)
          },
        },
      ],
      onBatch: () => {
        const now = this.now(source)
        counters.passed(now)
        s.answer?.keepUp?.(state, now)
        if (now - meterAt >= SECOND) {
          s.post(counters.read(now - meterAt, this.lost + pipeline.stats().lost))
          meterAt = now
        }
        if (now < this.due || s.answer === undefined || !this.fits() || !this.gathered(s.answer, pipeline.lastTime))
          return
        if (this.ctx !== undefined) s.look(state, this.ctx)
        s.answer.sample(state, now)
        s.span = Math.max(1, now - this.since)
        s.send()
        if (s.plan?.anew === true) {
          s.answer.clear()
          this.since = now
        }
        this.due = now + s.start.refresh * 1e6
      },
    })
    return pipeline
  }

  /** The answer has what it needs: calls in flight are asked for when it is due. `last`: time of the last event. */
  private gathered(answer: Answer, last: number): boolean {
    const { telling } = this
    if (this.s.plan?.inFlight !== true || telling === undefined) return true
    if (!telling.asked) {
      answer.clear()
      telling.ask()
      return false
    }
    if (!telling.complete(last)) return false
    telling.done()
    return true
  }

  /** The present query begins: its first answer comes soon. */
  private begin(): void {
    const { s } = this
    if (this.ctx === undefined || this.source === undefined || s.plan === undefined) return
    s.answer = s.plan.begin(this.ctx, true)
    this.telling?.done()
    this.since = this.now(this.source)
    s.answer.prime(this.ctx.state, this.since)
    this.due = this.since + Math.min(SOON, s.start.refresh) * 1e6
  }

  /** ns since the capture's start. */
  private now(source: CaptureSource): number {
    return captureNow(source.info)
  }
}
