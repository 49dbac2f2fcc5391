// One pass over a file or over retained events: builds a result, counts for the header, or both. It can be suspended
// and resumed.

import { rowsPassing, timesPassing } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { BatchNs } from '../../model/time.js'
import type { Redaction } from '../../redact/redaction.js'
import { CaptureRun } from '../../run/capture-run.js'
import { type ReadNeeds, readRequest } from '../../run/read-request.js'
import type { ReadRequest } from '../../source/read-request.js'
import type { RowBounds } from '../../source/row-bounds.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { styleWith } from './context.js'
import type { Counters } from './counters.js'
import { type Missing, missingIn } from './missing.js'
import type { ResultBuilder, ViewPlan } from './view-plan.js'

const SECOND = 1e9
/** ms between two partial results; without any rows yet, each block may bring the first */
const SOON = 250
const WITHOUT = 50
/** ms of reading after which pending requests are handled */
const TURN = 50

/** ns within which all calls in flight of one request are recorded */
const IN_FLIGHT_SPAN = 50e6
/** range of all batch times */
const ALWAYS = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
/** ns by which rows may arrive late */
const LATE = 500e6

type Context = CaptureRun['ctx']

/** The events of a live capture that a pass takes. */
export interface EventRange {
  /** batch time (ns) of the capture's first event */
  readonly first: { time: BatchNs | undefined }
  /** bounds of the batch time (ns): from the first (inclusive) to the second (exclusive) */
  readonly from: BatchNs
  readonly before: BatchNs
  /** bounds of the event number: above the first, up to the second (inclusive) */
  readonly after: number
  readonly last: number
}

/** Called by a pass. */
export interface Listener {
  opened(source: CaptureSource): void
  /** The state has changed: new containers may exist. */
  look(state: State, ctx: Context): void
  /** missing: of the capture so far. */
  counted(counters: Counters, missing: Missing): void
  /** A partial result is available; returns its number of rows. */
  part(reading: Reading): number
  /** Everything was read. */
  ended(source: CaptureSource): void
}

export class Reading {
  builder: ResultBuilder | undefined
  /** ns of capture time read so far, within the range of the query; and the fraction of the file */
  span = 1
  progress = 0
  /** it has read everything relevant */
  done = false
  /** number of rows when they were last sent */
  rows = 0
  private running: Promise<void> | undefined
  private captureRun: CaptureRun | undefined
  private resting = false
  private stopped = false
  private rested: (() => void) | undefined
  private wake: (() => void) | undefined
  /** capture time (ns) of the last sample */
  private sampled = Number.NEGATIVE_INFINITY
  /** performance.now() before which no progress is reported, and of the last time that requests were handled */
  private nextPost = 0
  private turn = 0

  /** the field context of its events */
  ctx: Context | undefined
  /** batch time of the last call in flight */
  private lastInFlight = Number.NEGATIVE_INFINITY
  /** the first event in range was read */
  private entered = false

  /**
   * Without `counters` only the parts of the file that the query needs are read. open: opens the source for a read
   * request. redaction: data to omit. range: set for the segments of a live capture, whose result has the newest rows,
   * as live ones have.
   */
  constructor(
    private readonly open: (request: ReadRequest) => Promise<CaptureSource>,
    readonly plan: ViewPlan | undefined,
    readonly counters: Counters | undefined,
    private readonly redaction: Redaction | undefined,
    private readonly listener: Listener,
    private readonly range?: EventRange,
  ) {}

  /** Starts or resumes; resolves when everything is read or the pass is suspended. Rejects if reading fails. */
  async advance(): Promise<void> {
    this.resting = false
    this.wake?.()
    this.running ??= this.run()
    const rest = new Promise<void>((resolve) => {
      this.rested = resolve
    })
    await Promise.race([this.running, rest])
  }

  /** Suspends before the next slice of the file. */
  rest(): void {
    this.resting = true
    this.rested?.()
  }

  /** Abandons the rest; resolves when the file is closed, even after an error. */
  async stop(): Promise<void> {
    this.stopped = true
    this.captureRun?.stop()
    this.rested?.()
    this.wake?.()
    await Promise.allSettled([this.running])
  }

  private async run(): Promise<void> {
    const { plan, redaction } = this
    const { filter, fields = [] } = plan ?? {}
    const everyTime = this.range !== undefined || plan?.inFlight !== undefined
    const looksAt = this.looksAt()
    const source = await this.open(readRequest({ filter, fields, looksAt, everyTime, containers: true, redaction }))
    try {
      await this.over(source)
      this.done = !this.stopped
      if (this.done) this.listener.ended(source)
    } finally {
      await source.close()
    }
  }

  private async over(source: CaptureSource): Promise<void> {
    const { plan, counters, listener, range } = this
    const run = new CaptureRun(source, styleWith(plan?.rules ?? counters?.rules), { first: range?.first })
    const { ctx, states, first } = run
    this.ctx = ctx
    this.captureRun = run
    listener.opened(source)
    counters?.attach(ctx)
    const requested = plan?.filter === undefined ? ALWAYS : timesPassing(plan.filter, source.info)
    const builder = plan?.start(ctx, range !== undefined)
    this.builder = builder
    const inFlight = plan?.inFlight
    if (inFlight !== undefined) for (const state of states) state.onInFlight = (call) => this.inFlight(call)
    this.turn = performance.now()
    await run.begin()
    if (this.stopped) return
    const loop = await run.run({
      predicate: undefined,
      passing: this.passing(source.info),
      onLoaded: () => {
        for (const state of states) {
          if (range === undefined) builder?.prime(state, 0)
          listener.look(state, ctx)
        }
      },
      sinks: [
        {
          show: (e: Event) => {
            if (range !== undefined && !this.counts(e, range)) return
            counters?.add(e)
            if (inFlight !== 'only') builder?.add(e)
          },
          flush: () => this.yieldToRequests(),
        },
      ],
      onBatch: () => {
        const time = run.loop?.lastTime ?? 0
        this.cover(time, first.time, requested)
        if (range !== undefined && !this.entered) return
        if (time - this.sampled >= SECOND) this.sample(ctx, time)
        else for (const state of states) builder?.keepUp?.(state, time)
        this.reportProgress(source)
      },
    })
    if (this.stopped) return
    this.cover(loop.lastTime, first.time, requested)
    if (range !== undefined) this.enter(range)
    const end = Math.min(loop.lastTime, range?.before ?? Number.POSITIVE_INFINITY)
    if (range !== undefined) this.span = Math.max(1, Math.min(range.before, Math.max(end, range.from)) - range.from)
    this.sample(ctx, end)
    this.count()
  }

  /** Everything up to a capture time (ns) was read; the capture starts at `first`. */
  private cover(
    time: number,
    first: number | undefined,
    requested: { readonly lo: number; readonly hi: number },
  ): void {
    this.span = Math.max(1, Math.min(time, requested.hi) - Math.max(first ?? time, requested.lo))
  }

  private looksAt(): ReadNeeds['looksAt'] {
    const { plan, counters, range } = this
    if (plan === undefined || counters !== undefined) return 'everything'
    // few blocks contain calls in flight, but which ones is known only when they are read
    if (plan.inFlight !== undefined) return plan.inFlight === 'only' ? 'calls in flight' : 'everything'
    // for retained live events the state is sampled, too
    return plan.passingOnly && range === undefined ? 'passing' : 'state'
  }

  /** Bounds around the relevant rows; undefined: all are relevant. */
  private passing(info: CaptureInfo): RowBounds | undefined {
    const { plan } = this
    return plan?.filter !== undefined && this.looksAt() === 'passing' ? rowsPassing(plan.filter, info.has) : undefined
  }

  /** Takes a call in flight. A live capture records them repeatedly: only the last set counts. */
  private inFlight(call: Event): void {
    const { builder, range, plan } = this
    if (range !== undefined) {
      if (call.time < range.from || call.time >= range.before) return
      if (plan?.inFlight === 'only' && call.time > this.lastInFlight + IN_FLIGHT_SPAN) builder?.clear()
      this.lastInFlight = call.time
    }
    builder?.add(call)
  }

  /** Whether an event is in range. */
  private counts(e: Event, range: EventRange): boolean {
    if (e.time >= range.before) {
      if (e.time >= range.before + LATE) this.captureRun?.stop()
      return false
    }
    if (e.time < range.from || e.num <= range.after || e.num > range.last) return false
    if (!this.entered) this.enter(range)
    return true
  }

  /** Starts the result with the state at the start of the range. */
  private enter(range: EventRange): void {
    const { ctx, builder } = this
    if (this.entered || ctx === undefined) return
    this.entered = true
    for (const state of ctx.states) builder?.prime(state, range.from)
  }

  /** Updates builder and listener to the state at a capture time (ns). */
  private sample(ctx: Context, time: number): void {
    for (const state of ctx.states) {
      this.builder?.sample(state, time)
      this.listener.look(state, ctx)
    }
    this.sampled = time
  }

  /** A file never blocks, so the UI's requests would have to wait: lets them run. Also waits here while suspended. */
  private async yieldToRequests(): Promise<void> {
    if (performance.now() - this.turn < TURN) return
    await new Promise((resolve) => setImmediate(resolve))
    while (this.resting && !this.stopped)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    this.turn = performance.now()
  }

  /** Reports progress and a partial result, unless the last report is recent. */
  private reportProgress(source: CaptureSource): void {
    const now = performance.now()
    if (now < this.nextPost) return
    this.count()
    this.progress = source.progress() ?? 0
    const soon = this.builder === undefined || this.listener.part(this) > 0 ? SOON : WITHOUT
    this.nextPost = performance.now() + Math.max(soon, 4 * (performance.now() - now))
  }

  private count(): void {
    if (this.counters !== undefined) this.listener.counted(this.counters, missingIn(this.captureRun?.stats()))
  }
}
