// The loop: batch -> cursor -> state -> predicate -> sink, the same for every source. The rows of several hosts are
// processed in the order of their times. It awaits once per slice of rows, never per event.

import { type EventBatch, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { type BatchNs, laterOf } from '../model/time.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import { addLosses, eventsLost, NOTHING_LOST } from '../schema/losses.js'
import type { RowBounds } from '../source/row-bounds.js'
import type { CaptureSource, CaptureStats, OmittedRows } from '../source/source.js'
import { lossesIn, withStateLost } from '../source/stats.js'
import { mergedSnapshot } from '../state/snapshot-merge.js'
import type { State } from '../state/state.js'
import { FOLLOW, follow, followedTypes, idleTypes, NO_TYPES, withoutLookups } from './event-uses.js'
import { earliest, HostStream } from './host-stream.js'
import { countedCalls, NEVER_IDLE, outcomeOfHidden, outcomeOfRejected } from './row-outcome.js'
import { RunClock, type RunClockOptions } from './run-clock.js'
import { combine, isFull, KEEP, nextSeam, type Sink } from './sink.js'

export interface LoopOptions extends RunClockOptions {
  source: CaptureSource
  /** one for each of its hosts, see statesOf() */
  states: readonly State[]
  /** the filter's test; undefined: every event passes */
  predicate: ((e: Event) => boolean) | undefined
  sinks: readonly Sink[]
  /** bounds of the rows that the predicate passes; undefined: unknown */
  passing?: RowBounds | undefined
  /** stop after this many passing events */
  limit?: number | undefined
  /** enter events are delivered but not counted: they belong to their calls, which are counted when they end */
  callsOnly?: boolean | undefined
  /** threads and descriptors are not needed: the state remains that of the capture's start, and e.thread, e.fd are absent */
  stateless?: boolean | undefined
  /** a live run that ends by a limit still reads the calls in flight at that time, and what ceilings omitted */
  lastCalls?: boolean | undefined
  /** called after the states have loaded their snapshots */
  onLoaded?: (() => void) | undefined
  /** called after each batch, including empty ones */
  onBatch?: (() => void) | undefined
}

export class Loop {
  /** number of events that the predicate was evaluated for, and of those that passed */
  seen = 0
  shown = 0
  /** number of events by code, including hidden ones */
  readonly seenTypes = new Uint32Array(CODE_LIMIT)
  /** losses of a live capture up to the last row */
  private losses = NOTHING_LOST
  private lossEvents = 0
  private readonly clock: RunClock
  private readonly streams: readonly HostStream[]
  private readonly show: (e: Event) => void
  private readonly batchSinks: readonly Sink[]
  /** the sinks that can be full: most are never, and this is tested after each event */
  private readonly fillable: readonly Sink[]
  private readonly hide: (e: Event) => void
  private readonly limit: number
  /** flags of rows that are not counted */
  private readonly uncounted: number

  constructor(private readonly o: LoopOptions) {
    const members = o.source.members ?? [o.source]
    this.streams = members.map((source, host) => {
      const defs = source.tables?.defs ?? EVENTS
      const idle = o.passing === undefined ? NO_TYPES : idleTypes(o.passing.types, defs)
      return new HostStream(source, o.states[host] as State, idle, followedTypes(o.stateless === true, defs))
    })
    this.clock = new RunClock(o.source.info, o)
    this.limit = o.limit ?? Number.POSITIVE_INFINITY
    this.uncounted = o.callsOnly === true ? ROW.ENTER : 0
    this.show = combine(o.sinks, 'show')
    this.hide = combine(o.sinks, 'hidden')
    this.batchSinks = o.sinks.filter((s) => s.batch !== undefined)
    this.fillable = o.sinks.filter((s) => 'full' in s)
  }

  /** See RunClock. */
  get lastTime(): BatchNs {
    return this.clock.lastTime
  }

  /** See RunClock. */
  get reached(): number {
    return this.clock.reached
  }

  /** See RunClock. */
  get first(): { time: BatchNs | undefined } {
    return this.clock.first
  }

  /** of each host */
  get states(): readonly State[] {
    return this.o.states
  }

  /** Ends the run before the next batch. */
  stop(): void {
    this.clock.ended = true
  }

  /**
   * The source's statistics, and what the states had no room for. The losses of a live capture are those recorded by its events up to the
   * last one.
   */
  stats(): CaptureStats {
    const { source, states } = this.o
    const stats = source.stats()
    const { losses } = this
    const live = source.info.kind === 'live' ? { lost: eventsLost(losses), losses } : {}
    return withStateLost(
      { ...stats, ...live },
      states.reduce((sum, { capacity }) => sum + capacity.lost, 0),
    )
  }

  /**
   * Runs until the source ends or a limit is reached, then ends the sinks. `snapshot` is the source's. The caller must
   * close the source.
   */
  async run(snapshot: Snapshot): Promise<void> {
    const { streams, clock } = this
    const { source, sinks } = this.o
    for (const stream of streams) stream.load(source.members === undefined ? snapshot : await stream.source.snapshot())
    this.o.onLoaded?.()
    for (const s of sinks) s.begin?.()
    for (const stream of streams) {
      const { state, idle, source } = stream
      if (state.onData !== undefined) stream.idle = withoutLookups(idle, source.tables?.defs ?? EVENTS)
      await this.fill(stream)
    }
    for (let stream = earliest(streams); stream !== undefined && !clock.ended; stream = earliest(streams)) {
      const wait = this.process(stream)
      if (wait !== undefined) await wait
    }
    await this.deliverRest()
    for (const stream of streams) this.addOmitted(stream.source.omitted)
    if (clock.ended && this.o.lastCalls === true) for (const stream of streams) await this.readLastCalls(stream)
    for (const s of sinks) await s.end?.(clock.endTime)
  }

  private addOmitted(omitted: OmittedRows | undefined): void {
    if (omitted === undefined) return
    this.seen += omitted.rows
    this.clock.lastTime = laterOf(this.clock.lastTime, omitted.lastTime)
    // no row may have been delivered
    this.clock.findFirst(this.streams)
    for (let code = 0; code < CODE_LIMIT; code++) this.seenTypes[code]! += omitted.counts[code] as number
  }

  /**
   * Reads the next batch of a stream. If it has a snapshot, that replaces the state of a file, which restarts there, or is
   * merged into the state of a live capture, which has lost changes but continues.
   */
  private async fill(stream: HostStream): Promise<void> {
    if (this.clock.ended) return
    await stream.fill()
    const { batch, state, source } = stream
    if (this.clock.ended || batch === undefined || batch.count === 0 || batch.resync === undefined) return
    if (source.info.kind === 'live') batch.resync = mergedSnapshot(state, batch.resync)
    state.load(batch.resync)
  }

  /** Processes rows of a stream until those of another one come first. A returned promise must be awaited before the next call. */
  private process(stream: HostStream): Promise<void> | undefined {
    const { sinks } = this.o
    if (!stream.isOver) this.advance(stream, stream.batch as EventBatch)
    if (stream.isOver || this.clock.ended) return this.finish(stream)
    if (stream.row < stream.end && nextSeam(sinks) <= stream.time) return this.seam(stream.time)
    return isFull(this.fillable) ? this.flush() : undefined
  }

  private advance(stream: HostStream, batch: EventBatch): void {
    this.clock.findFirst(this.streams)
    const next = this.rows(stream, batch)
    if (next > stream.row) this.clock.advance(batch.time[next - 1] as BatchNs)
    stream.row = next
  }

  private async flush(): Promise<void> {
    for (const s of this.o.sinks) await s.flush?.()
  }

  /** Called when the batch of a stream is processed, or when the run ends. */
  private async finish(stream: HostStream): Promise<void> {
    const { batch } = stream
    await this.deliver(stream)
    await this.flush()
    if (!this.clock.ended && batch?.count === 0) this.clock.tickIdle(batch.time[0] as BatchNs)
    this.o.onBatch?.()
    await this.fill(stream)
  }

  /** Delivers the processed rows of incomplete batches at the end. */
  private async deliverRest(): Promise<void> {
    const rest = this.streams.filter((stream) => stream.delivered < stream.row)
    for (const stream of rest) await this.deliver(stream)
    if (rest.length > 0) await this.flush()
  }

  /** Delivers the rows of a stream that were processed since the last call to the sinks that take batches. */
  private async deliver(stream: HostStream): Promise<void> {
    const { batch, keep, delivered, row, host } = stream
    if (batch === undefined || delivered === row) return
    stream.delivered = row
    this.countLosses(stream, batch, delivered)
    for (const s of this.batchSinks) await s.batch?.(batch, keep, delivered, row, host)
  }

  /** Calls seam() of the sinks for which it is due; time: that of the next row. */
  private async seam(time: BatchNs): Promise<void> {
    for (const stream of this.streams) await this.deliver(stream)
    for (const s of this.o.sinks) if (s.seamAt !== undefined && time >= s.seamAt) await s.seam?.(time)
  }

  /** Adds the losses recorded in a live batch from row `from` up to the stream's current row. */
  private countLosses({ event, row, source }: HostStream, batch: EventBatch, from: number): void {
    const lossEvents = this.seenTypes[CODE.drop] as number
    if (lossEvents === this.lossEvents || source.info.kind !== 'live') return
    this.lossEvents = lossEvents
    for (let i = from; i < row; i++) {
      if (batch.type[i] !== CODE.drop) continue
      event.moveTo(batch, i)
      this.losses = addLosses(this.losses, lossesIn(event))
    }
  }

  /** Reads the rows after the end, of which only calls in flight and the counts of throttled events are used. */
  private async readLastCalls({ source, event, state, host }: HostStream): Promise<void> {
    source.stop()
    for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
      const keep = new Uint8Array(batch.count)
      for (let i = 0; i < batch.count; i++) {
        if (batch.type[i] !== CODE.ks_inflight && batch.type[i] !== CODE.throttle) continue
        event.moveTo(batch, i)
        state.apply(event)
        keep[i] =
          batch.type[i] === CODE.throttle ? this.showLast(event) : outcomeOfHidden(event.type, state, this.o.predicate)
      }
      if (!keep.some((outcome) => outcome !== KEEP.DROP)) continue
      for (const s of this.batchSinks) await s.batch?.(batch, keep, 0, batch.count, host)
      await this.flush()
    }
  }

  /** Processes an event after the end like any other one, within the limit of events. Returns a value of KEEP. */
  private showLast(e: Event): number {
    const { predicate } = this.o
    if (this.shown >= this.limit || (predicate !== undefined && !predicate(e))) return KEEP.DROP
    this.seen++
    this.shown++
    this.show(e)
    return KEEP.SHOWN
  }

  /** Processes rows of a stream up to its `end`, a limit, or until a sink is full. Returns the next row. */
  private rows({ state, event: e, idle, followed, keep, row, end }: HostStream, batch: EventBatch): number {
    const { sinks, predicate } = this.o
    const { clock, show, hide, seenTypes, limit, uncounted, fillable } = this
    const timeLimit = clock.limit
    const seamAt = nextSeam(sinks)
    let due = clock.nextDue(timeLimit, seamAt)
    const { flags, type, time, num } = batch
    let { seen, shown } = this
    let i = row
    for (; i < end; i++) {
      const at = time[i] as BatchNs
      if (at >= due) {
        const next = clock.tick(at, timeLimit, seamAt)
        if (next === undefined) break
        due = next
      }
      const code = type[i] as number
      const f = flags[i] as number
      seenTypes[code]!++
      const calls = countedCalls(f, num[i] as number, uncounted)
      if (idle[code] === 1 && (f & NEVER_IDLE) === 0) {
        seen += calls
        continue
      }
      e.moveTo(batch, i)
      if (followed[code] !== FOLLOW.nothing) follow(state, e, followed[code])
      if ((f & ROW.HIDDEN) !== 0) {
        keep[i] = outcomeOfHidden(code, state, predicate)
        hide(e)
        continue
      }
      seen += calls
      if (predicate !== undefined && !predicate(e)) {
        // read again: the state may need rows that the source did not mark
        keep[i] = outcomeOfRejected(flags[i] as number)
        continue
      }
      shown += calls
      keep[i] = KEEP.SHOWN
      show(e)
      if (shown >= limit || isFull(fillable)) {
        i++
        break
      }
    }
    if (shown >= limit) clock.ended = true
    this.seen = seen
    this.shown = shown
    return i
  }
}
