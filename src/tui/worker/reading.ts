// One pass over a file, or over what is kept of this machine: it answers a query, counts for the header, or both. It can rest, and goes on from where it was.
import { rowsPassing, timesPassing } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { Redaction } from '../../redact/redaction.js'
import { CaptureRun } from '../../run/capture-run.js'
import { type ReadNeeds, readRequest } from '../../run/read-request.js'
import type { ReadRequest } from '../../source/read-request.js'
import type { RowBounds } from '../../source/row-bounds.js'
import type { CaptureInfo, CaptureSource, CaptureStats } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { styleWith } from './context.js'
import type { Counters } from './counters.js'
import type { ResultBuilder, ViewPlan } from './view-plan.js'

const SECOND = 1e9
/** ms between two partial answers; without any rows yet, each block may bring the first */
const SOON = 250
const WITHOUT = 50
/** ms of reading after which requests are looked at */
const TURN = 50

/** ns within which all calls in flight are told */
const TELLING = 50e6
/** batch times of everything */
const ALWAYS = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
/** ns by which rows may come late */
const LATE = 500e6

type Context = CaptureRun['ctx']

/** Which events count, of a pass over a part of a live capture. */
export interface EventRange {
  /** batch time (ns) of the capture's first event */
  readonly first: { time: number | undefined }
  /** those of this batch time (ns) or later, and those of an earlier one than that */
  readonly from: number
  readonly before: number
  /** those with a higher number than the first, up to the second */
  readonly after: number
  readonly last: number
}

/** What a pass tells while it goes on. */
export interface Listener {
  opened(source: CaptureSource): void
  /** The state has changed: containers may have come. */
  look(state: State, ctx: Context): void
  /** `lost`: events that the capture lost so far. */
  counted(counters: Counters, missing: Pick<CaptureStats, 'lost' | 'leftOut'>): void
  /** There is a part of the answer; returns how many rows it has. */
  part(reading: Reading): number
  /** All was read. */
  ended(source: CaptureSource): void
}

export class Reading {
  builder: ResultBuilder | undefined
  /** ns of capture time that were read, of those that the query asks for, and the part of the file */
  span = 1
  progress = 0
  /** it has read all that matters */
  done = false
  /** rows that the answer had when they were last sent */
  rows = 0
  private running: Promise<void> | undefined
  private captureRun: CaptureRun | undefined
  private resting = false
  private stopped = false
  private rested: (() => void) | undefined
  private wake: (() => void) | undefined
  /** capture time (ns) at which the answer was last told of the state */
  private sampled = Number.NEGATIVE_INFINITY
  /** performance.now() before which nothing is told, and at which requests were last looked at */
  private nextPost = 0
  private turn = 0

  /** the fields of the events of its answer */
  ctx: Context | undefined
  /** when a call in flight was told last */
  private lastInFlight = Number.NEGATIVE_INFINITY
  /** the first event that counts has come */
  private entered = false

  /**
   * Without `counters` only the parts of the file are read that matter to the query. open: the source, by what is requested
   * of it. redaction: what is kept out of it. range: of a part of a live capture, which is answered as live ones are: with the newest rows.
   */
  constructor(
    private readonly open: (request: ReadRequest) => Promise<CaptureSource>,
    readonly plan: ViewPlan | undefined,
    readonly counters: Counters | undefined,
    private readonly redaction: Redaction | undefined,
    private readonly listener: Listener,
    private readonly range?: EventRange,
  ) {}

  /** Begins or goes on; fulfilled when all is read or it is to rest. Throws what makes reading impossible. */
  async advance(): Promise<void> {
    this.resting = false
    this.wake?.()
    this.running ??= this.run()
    const rest = new Promise<void>((resolve) => {
      this.rested = resolve
    })
    await Promise.race([this.running, rest])
  }

  /** Waits before the next slice of the file until it is to go on. */
  rest(): void {
    this.resting = true
    this.rested?.()
  }

  /** Gives up what was not read; fulfilled when the file is closed, however that went. */
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
    this.count(source)
  }

  /** All up to a capture time (ns) was read, of what began at `first`. */
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
    // few blocks tell calls in flight, and which those are is known only when they are read
    if (plan.inFlight !== undefined) return plan.inFlight === 'only' ? 'calls in flight' : 'everything'
    // of what is kept of a live capture the state is looked at, too
    return plan.passingOnly && range === undefined ? 'passing' : 'state'
  }

  /** Bounds around the rows that count; undefined: all do. */
  private passing(info: CaptureInfo): RowBounds | undefined {
    const { plan } = this
    return plan?.filter !== undefined && this.looksAt() === 'passing' ? rowsPassing(plan.filter, info.has) : undefined
  }

  /** Of a live capture those count that were told last: they are told again and again. */
  private inFlight(call: Event): void {
    const { builder, range, plan } = this
    if (range !== undefined) {
      if (call.time < range.from || call.time >= range.before) return
      if (plan?.inFlight === 'only' && call.time > this.lastInFlight + TELLING) builder?.clear()
      this.lastInFlight = call.time
    }
    builder?.add(call)
  }

  /** Whether an event is in the range. */
  private counts(e: Event, range: EventRange): boolean {
    if (e.time >= range.before) {
      if (e.time >= range.before + LATE) this.captureRun?.stop()
      return false
    }
    if (e.time < range.from || e.num <= range.after || e.num > range.last) return false
    if (!this.entered) this.enter(range)
    return true
  }

  /** The answer begins with the state as it is. */
  private enter(range: EventRange): void {
    const { ctx, builder } = this
    if (this.entered || ctx === undefined) return
    this.entered = true
    for (const state of ctx.states) builder?.prime(state, range.from)
  }

  /** Brings the answer, and whoever looks at containers, up to the state at a capture time (ns). */
  private sample(ctx: Context, time: number): void {
    for (const state of ctx.states) {
      this.builder?.sample(state, time)
      this.listener.look(state, ctx)
    }
    this.sampled = time
  }

  /** A file never waits for anything: the UI's requests would. Here it also rests. */
  private async yieldToRequests(): Promise<void> {
    if (performance.now() - this.turn < TURN) return
    await new Promise((resolve) => setImmediate(resolve))
    while (this.resting && !this.stopped)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    this.turn = performance.now()
  }

  /** Tells how far it is, and what there is of the answer, unless that was told just now. */
  private reportProgress(source: CaptureSource): void {
    const now = performance.now()
    if (now < this.nextPost) return
    this.count(source)
    this.progress = source.progress() ?? 0
    const soon = this.builder === undefined || this.listener.part(this) > 0 ? SOON : WITHOUT
    this.nextPost = performance.now() + Math.max(soon, 4 * (performance.now() - now))
  }

  private count(source: CaptureSource): void {
    if (this.counters !== undefined) this.listener.counted(this.counters, source.stats())
  }
}
