// The worker's work: one capture and the question that is asked of it now. Files are read again for each question, a live
// capture goes on and only what becomes of its events changes.
import type { FieldContext } from '../../fields/field.js'
import { FilterError, pruneFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { Pipeline, type Sink } from '../../pipeline.js'
import { LiveSource } from '../../source/live.js'
import { openTrace } from '../../source/open.js'
import { everything } from '../../source/plan.js'
import type { CaptureSource } from '../../source/source.js'
import { State } from '../../state/state.js'
import { type View, WHOLE_MACHINE } from '../../views/define.js'
import { type Answer, type Plan, planAnswer, SENT, ViewError } from './answer.js'
import { Counters } from './counters.js'
import type { Ask, Report, Request, WorkerStart } from './messages.js'

const SECOND = 1e9
/** ms after which a new question gets its first answer, and between the partial ones of a file */
const SOON = 250
/** ms of reading after which requests are looked at */
const TURN = 50
/** rows of a list in a partial answer */
const PARTIAL = 500

export class Session {
  private ask: Ask | undefined
  private plan: Plan | undefined
  private answer: Answer | undefined
  private pinned: string | undefined
  private cancelled = false
  private closed = false
  /** ends the waiting for the next question */
  private wake: (() => void) | undefined
  private pipeline: Pipeline | undefined
  private source: CaptureSource | undefined
  private ctx: FieldContext | undefined
  /** the last answer's span and progress, for answering again in another order */
  private span = 0
  private progress: number | undefined
  /** capture time (ns) at which the present answer's rows begin, live */
  private since = 0
  private due = 0

  constructor(
    private readonly start: WorkerStart,
    private readonly views: readonly View[],
    private readonly post: (r: Report) => void,
  ) {}

  /** Runs until it is closed or the capture ends. */
  async run(): Promise<void> {
    if (this.start.files.length === 0) await this.live()
    else await this.files()
  }

  take(r: Request): void {
    if (r.kind === 'ask') this.asked(r)
    else if (r.kind === 'sort') this.sorted(r.number, r.sort)
    else if (r.kind === 'pin') this.pinned = r.id
    else if (r.kind === 'clear') this.answer?.clear()
    else if (r.kind === 'cancel') this.cancel()
    else this.close()
  }

  private close(): void {
    this.closed = true
    this.pipeline?.stop()
    this.source?.stop()
    this.wake?.()
  }

  private cancel(): void {
    if (this.start.files.length === 0 || this.pipeline === undefined) return
    this.cancelled = true
    this.pipeline.stop()
  }

  private asked(ask: Ask): void {
    const plan = this.check(ask)
    if (plan === undefined) return
    this.ask = ask
    this.plan = plan
    this.answer = undefined
    this.cancelled = false
    this.pinned = undefined
    if (this.start.files.length === 0) this.beginLive()
    else {
      this.pipeline?.stop()
      this.wake?.()
    }
  }

  /** What the question is answered with; undefined when it cannot be, which the UI is told. */
  private check(ask: Ask): Plan | undefined {
    const refuse = (text: string) => this.post({ kind: 'refused', number: ask.number, text })
    const view = this.views.find((v) => v.id === ask.view)
    if (view === undefined) {
      const ids = this.views.filter((v) => v.appliesTo.includes(WHOLE_MACHINE)).map((v) => v.id)
      refuse(`there is no view "${ask.view}"; views are ${ids.join(', ')}`)
      return undefined
    }
    try {
      return planAnswer(view, ask.filter, this.start.containers, ask.sort)
    } catch (e) {
      if (e instanceof FilterError) refuse(e.format())
      else if (e instanceof ViewError) refuse(e.message)
      else throw e
      return undefined
    }
  }

  private sorted(number: number, sort: NonNullable<Ask['sort']>): void {
    const { answer, ask } = this
    if (answer === undefined || ask?.number !== number) return
    answer.sort = sort
    this.send(answer.again(SENT, this.pinned), answer)
  }

  // Live

  private async live(): Promise<void> {
    const source = new LiveSource({
      plan: { ...everything(this.start.selfPid, 0), times: true },
      ...(this.start.buffer === undefined ? {} : { bufferBytes: this.start.buffer }),
    })
    this.source = source
    const state = new State(source.info)
    const counters = this.begin(source, state)
    const snapshot = await source.snapshot()
    this.beginLive()
    let meterAt = 0
    this.pipeline = new Pipeline({
      source,
      state,
      predicate: undefined,
      sinks: [this.sink(counters)],
      onBatch: () => {
        const now = this.now(source)
        counters.passed(now)
        if (now - meterAt >= SECOND) {
          this.post(counters.read(now - meterAt, source.stats().lost))
          meterAt = now
        }
        if (now < this.due || this.answer === undefined) return
        this.answer.sample(state, now)
        this.span = Math.max(1, now - this.since)
        this.send(this.answer.take(this.span, SENT, this.pinned), this.answer)
        if (this.view?.table !== undefined) this.answer.clear()
        this.since = now
        this.due = now + this.start.refresh * 1e6
      },
    })
    if (this.closed) source.stop()
    await this.pipeline.run(snapshot)
    await source.close()
  }

  /** A live question begins: its first answer comes soon. */
  private beginLive(): void {
    if (this.ctx === undefined || this.source === undefined || this.plan === undefined) return
    this.answer = this.plan.begin(this.ctx)
    this.since = this.now(this.source)
    this.due = this.since + Math.min(SOON, this.start.refresh) * 1e6
  }

  /** ns since the capture's start. */
  private now(source: CaptureSource): number {
    return (Date.now() / 1e3 - source.info.startSec) * SECOND - source.info.startNsec
  }

  // Files

  private async files(): Promise<void> {
    let whole = false
    while (!this.closed) {
      const { plan } = this
      if (plan === undefined || this.answer !== undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
        continue
      }
      // the first time the header's numbers are counted too, which needs every event
      whole = (await this.read(plan, !whole)) || whole
    }
  }

  /** Reads all files for a question. Returns whether they were read to their end. */
  private async read(plan: Plan, counting: boolean): Promise<boolean> {
    let done = true
    const number = this.ask?.number
    for (const [i, path] of this.start.files.entries()) {
      const source = await openTrace(path, {
        prune: counting || plan.filter === undefined ? undefined : (info) => pruneFilter(plan.filter as never, info),
      })
      this.source = source
      try {
        const state = new State(source.info)
        const counters = this.begin(source, state)
        this.answer ??= plan.begin(this.ctx as FieldContext)
        await this.over(source, state, counting ? counters : undefined, i)
      } finally {
        await source.close()
      }
      for (const d of source.damage)
        this.post({ kind: 'note', text: `${d.file} is damaged: ${d.what}; what was readable is shown` })
      done = !this.cancelled && this.ask?.number === number && !this.closed
      if (!done) break
    }
    if (this.ask?.number !== number || this.closed) return false
    this.progress = undefined
    if (this.answer !== undefined) this.send(this.answer.take(this.span, SENT, this.pinned), this.answer)
    return done
  }

  private async over(source: CaptureSource, state: State, counters: Counters | undefined, file: number): Promise<void> {
    const answer = this.answer as Answer
    const from: { time: number | undefined } = { time: undefined }
    let sampled = Number.NEGATIVE_INFINITY
    let nextPost = performance.now() + SOON
    const files = this.start.files.length
    const pipeline = new Pipeline({
      source,
      state,
      first: from,
      predicate: undefined,
      sinks: [this.sink(counters, answer)],
      onBatch: () => {
        const time = pipeline.lastTime
        this.span = Math.max(1, time - (from.time ?? time))
        if (time - sampled >= SECOND) {
          answer.sample(state, time)
          sampled = time
        }
        const now = performance.now()
        if (now < nextPost) return
        this.progress = (file + (source.progress() ?? 0)) / files
        if (counters !== undefined) this.post(counters.read(counters.span, source.stats().lost))
        this.send(answer.take(this.span, PARTIAL, this.pinned), answer)
        nextPost = performance.now() + Math.max(SOON, 4 * (performance.now() - now))
      },
    })
    this.pipeline = pipeline
    const snapshot = await source.snapshot()
    if (this.closed || this.answer !== answer) return
    await pipeline.run(snapshot)
    this.pipeline = undefined
    if (this.answer !== answer) return
    answer.sample(state, pipeline.lastTime)
    if (counters !== undefined) this.post(counters.read(counters.span, source.stats().lost))
  }

  // Both

  /** Tells the UI what is captured; returns the counters of its header. */
  private begin(source: CaptureSource, state: State): Counters {
    const live = this.start.files.length === 0
    this.ctx = {
      info: source.info,
      state,
      format: { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 },
    }
    this.post({ kind: 'source', live, label: this.start.files.join(' '), host: source.info.hostname })
    return new Counters(this.ctx, live)
  }

  private sink(counters: Counters | undefined, answer?: Answer): Sink {
    let turn = performance.now()
    const flush = async () => {
      // a file never waits for anything: the UI's requests would
      if (performance.now() - turn < TURN) return
      await new Promise((resolve) => setImmediate(resolve))
      turn = performance.now()
    }
    if (answer !== undefined)
      return {
        show: (e: Event) => {
          counters?.add(e)
          answer.add(e)
        },
        flush,
      }
    return {
      show: (e: Event) => {
        counters?.add(e)
        this.answer?.add(e)
      },
    }
  }

  private get view(): View | undefined {
    return this.views.find((v) => v.id === this.ask?.view)
  }

  private send(part: { rows: Rows['rows']; total: number }, answer: Answer): void {
    if (this.ask === undefined || this.plan === undefined) return
    this.post({
      kind: 'rows',
      number: this.ask.number,
      columns: this.plan.columns,
      rows: part.rows,
      total: part.total,
      sort: answer.sort,
      span: this.span,
      progress: this.progress,
      cancelled: this.cancelled,
    })
  }
}

type Rows = Extract<Report, { kind: 'rows' }>
