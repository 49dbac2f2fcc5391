// Capture time during a run: how far the run is, when its intervals end, and when a run that is limited in time ends.
import { type BatchNs, batchNs, earlierOf, laterOf } from '../model/time.js'
import { type CaptureInfo, captureNow } from '../source/source.js'
import type { HostStream } from './host-stream.js'
import type { Ticker } from './sink.js'

export interface RunClockOptions {
  /** receives the batch time (ns) of the capture's first event, visible or not, for fields that count from it */
  first?: { time: BatchNs | undefined }
  /** stop after this many ns of capture time, counted from the capture's start (live) or the first event (files) */
  duration?: number | undefined
  ticker?: Ticker | undefined
}

export class RunClock {
  /** batch time (ns) of the last event */
  lastTime = batchNs(0)
  /** batch time (ns) up to which everything was read; in a live capture it also advances without events, never back */
  reached = batchNs(0)
  /** batch time (ns) of the first event, visible or not */
  readonly first: { time: BatchNs | undefined }
  /** the run ends before the next batch: a limit was reached, or it was stopped */
  ended = false
  private readonly isLive: boolean

  constructor(
    private readonly info: CaptureInfo,
    private readonly o: RunClockOptions,
  ) {
    this.first = o.first ?? { time: undefined }
    this.isLive = info.kind === 'live'
  }

  /** Batch time (ns) at which the run ends: time passes in a live capture without events, too. */
  get endTime(): BatchNs {
    return this.isLive ? laterOf(this.reached, captureNow(this.info)) : this.lastTime
  }

  /** Batch time (ns) at which a run that is limited in time ends. */
  get limit(): number {
    const { duration } = this.o
    if (duration === undefined) return Number.POSITIVE_INFINITY
    return this.isLive ? duration : (this.first.time ?? 0) + duration
  }

  findFirst(streams: readonly HostStream[]): void {
    if (this.first.time !== undefined) return
    const times = streams.flatMap((stream) => stream.first ?? [])
    if (times.length > 0) this.first.time = times.reduce(earlierOf)
  }

  /** Records the time of a processed row. */
  advance(time: BatchNs): void {
    this.lastTime = time
    this.reached = laterOf(this.reached, time)
  }

  /** The next time at which tick() must be called: at the limit, at the next seam, or when the ticker is due. */
  nextDue(limit: number, seamAt: number): number {
    return Math.min(limit, seamAt, this.o.ticker?.due ?? Number.POSITIVE_INFINITY)
  }

  /**
   * Called before a row at time `at`, which is due: ends the run or an interval. Returns the next due time; undefined if
   * the row must not be processed now.
   */
  tick(at: BatchNs, limit: number, seamAt: number): number | undefined {
    const { ticker } = this.o
    if (at > limit) this.ended = true
    if (this.ended || at >= seamAt) return undefined
    if (ticker !== undefined && at >= ticker.due) ticker.tick(at)
    return this.nextDue(limit, seamAt)
  }

  /** Called with the time of an empty batch: without events, a live run must still reach its limit and end its intervals. */
  tickIdle(time: BatchNs): void {
    const { duration, ticker } = this.o
    if (!this.isLive) return
    // not the current time: this process may have been suspended since the batch was read
    this.reached = laterOf(this.reached, earlierOf(time, captureNow(this.info)))
    // the end of the run also ends the last interval
    if (duration !== undefined && this.reached > duration) this.ended = true
    else if (ticker !== undefined && this.reached >= ticker.due) ticker.tick(this.reached)
  }
}
