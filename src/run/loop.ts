// The loop: batch -> cursor -> state -> predicate -> sink, the same for every source, of one host or of several, whose rows come in the
// order of their times. Awaits once per slice of rows, never per event.
import { callsOf, type EventBatch, ROW } from '../model/batch.js'
import type { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import { addLosses, eventsLost, NOTHING_LOST } from '../schema/losses.js'
import type { RowBounds } from '../source/row-bounds.js'
import type { CaptureSource, CaptureStats, OmittedRows } from '../source/source.js'
import { captureNow } from '../source/source.js'
import { lossesIn } from '../source/stats.js'
import { mergedSnapshot } from '../state/snapshot-merge.js'
import type { State } from '../state/state.js'
import { FOLLOW, follow, followedTypes, idleTypes, NO_TYPES } from './event-uses.js'
import { earliest, Lane } from './lane.js'
import { combine, isFull, KEEP, nextSeam, type Sink, type Ticker } from './sink.js'

/** Rows with one of these flags are not left out for their type. */
const MATTERS = ROW.HIDDEN | ROW.STATE

export interface LoopOptions {
  source: CaptureSource
  /** of each of its hosts, see statesOf() */
  states: readonly State[]
  /** the filter's test; undefined shows everything */
  predicate: ((e: Event) => boolean) | undefined
  sinks: readonly Sink[]
  /** bounds around the rows that the predicate passes; undefined: nothing is known */
  passing?: RowBounds | undefined
  /** filled with the batch time (ns) of the capture's first event, shown or not, for fields that count from it */
  first?: { time: number | undefined }
  /** stop after so many shown events */
  limit?: number | undefined
  /** stop after so many ns of capture time, counted from the capture's start (live) or the first event (files) */
  duration?: number | undefined
  ticker?: Ticker | undefined
  /** nobody asks for threads and descriptors: the state stays that of the capture's start, and e.thread, e.fd are absent */
  stateless?: boolean | undefined
  /** a live run that ends by a limit still takes the calls in flight then, and what ceilings left out */
  lastCalls?: boolean | undefined
  /** called once the states have their snapshots */
  onLoaded?: (() => void) | undefined
  /** called after each batch, also after an empty one */
  onBatch?: (() => void) | undefined
}

export class Loop {
  /** events that reached the predicate, and those that passed it */
  seen = 0
  shown = 0
  /** events by code, the hidden ones included */
  readonly seenTypes = new Uint32Array(CODE_LIMIT)
  /** capture time (ns) of the last event */
  lastTime = 0
  /** capture time (ns) up to which everything was looked at; live it goes on where nothing happens. It never goes back */
  reached = 0
  /** capture time (ns) of the first event, shown or not */
  readonly first: { time: number | undefined }
  private ended = false
  /** of a live capture, up to the last row */
  private losses = NOTHING_LOST
  private lossEvents = 0
  private readonly lanes: readonly Lane[]
  private readonly show: (e: Event) => void
  private readonly keepers: readonly Sink[]
  private readonly hide: (e: Event) => void
  private readonly limit: number

  constructor(private readonly o: LoopOptions) {
    const members = o.source.members ?? [o.source]
    this.lanes = members.map((source, host) => {
      const defs = source.tables?.defs ?? EVENTS
      const idle = o.passing === undefined ? NO_TYPES : idleTypes(o.passing.types, defs)
      return new Lane(source, o.states[host] as State, idle, followedTypes(o.stateless === true, defs))
    })
    this.limit = o.limit ?? Number.POSITIVE_INFINITY
    this.first = o.first ?? { time: undefined }
    this.show = combine(o.sinks, 'show')
    this.hide = combine(o.sinks, 'hidden')
    this.keepers = o.sinks.filter((s) => s.batch !== undefined)
  }

  /** Ends the run before the next batch. */
  stop(): void {
    this.ended = true
  }

  /** The source's; of a live one the losses are those that the events up to the last one tell of. */
  stats(): CaptureStats {
    const { source } = this.o
    if (source.info.kind !== 'live') return source.stats()
    return { ...source.stats(), lost: eventsLost(this.losses), losses: this.losses }
  }

  /**
   * Runs until the source ends or a limit is reached, then ends the sinks. `snapshot` is the source's. The source is left
   * for the caller to close.
   */
  async run(snapshot: Snapshot): Promise<void> {
    const { lanes } = this
    const { source, sinks } = this.o
    for (const lane of lanes) lane.load(source.members === undefined ? snapshot : await lane.source.snapshot())
    this.o.onLoaded?.()
    for (const s of sinks) s.begin?.()
    for (const lane of lanes) await this.fill(lane)
    for (let lane = earliest(lanes); lane !== undefined && !this.ended; lane = earliest(lanes)) {
      const wait = this.turn(lane)
      if (wait !== undefined) await wait
    }
    await this.giveOthers()
    for (const lane of lanes) this.addOmitted(lane.source.omitted)
    if (this.ended && this.o.lastCalls === true) for (const lane of lanes) await this.takeLastCalls(lane)
    for (const s of sinks) await s.end?.(this.endTime())
  }

  /** Capture time (ns) at which the run ends: time passes live without events, too. */
  private endTime(): number {
    const { info } = this.o.source
    return info.kind === 'live' ? Math.max(this.reached, captureNow(info)) : this.lastTime
  }

  private addOmitted(omitted: OmittedRows | undefined): void {
    if (omitted === undefined) return
    this.seen += omitted.rows
    this.lastTime = Math.max(this.lastTime, omitted.lastTime)
    // nothing may have been delivered
    this.findFirst()
    for (let code = 0; code < CODE_LIMIT; code++) this.seenTypes[code]! += omitted.counts[code] as number
  }

  private findFirst(): void {
    if (this.first.time !== undefined) return
    const times = this.lanes.flatMap((lane) => lane.first ?? [])
    if (times.length > 0) this.first.time = Math.min(...times)
  }

  /** Brings the next rows of a lane. A file may begin anew there; a live capture goes on, and has lost what would have told of changes. */
  private async fill(lane: Lane): Promise<void> {
    if (this.ended) return
    await lane.fill()
    const { batch, state, source } = lane
    if (this.ended || batch === undefined || batch.count === 0 || batch.resync === undefined) return
    if (source.info.kind === 'live') batch.resync = mergedSnapshot(state, batch.resync)
    state.load(batch.resync)
  }

  /** Handles rows of a lane until another one's turn comes. A promise: that has to be waited for first. */
  private turn(lane: Lane): Promise<void> | undefined {
    const { sinks } = this.o
    if (!lane.isOver) this.advance(lane, lane.batch as EventBatch)
    if (lane.isOver || this.ended) return this.finish(lane)
    if (lane.row < lane.end && nextSeam(sinks) <= lane.time) return this.seam(lane.time)
    return isFull(sinks) ? this.flush() : undefined
  }

  private advance(lane: Lane, batch: EventBatch): void {
    this.findFirst()
    const next = this.rows(lane, batch)
    if (next > lane.row) this.lastTime = batch.time[next - 1] as number
    this.reached = Math.max(this.reached, this.lastTime)
    lane.row = next
  }

  private async flush(): Promise<void> {
    for (const s of this.o.sinks) await s.flush?.()
  }

  /** The batch of a lane is over, or the run is. */
  private async finish(lane: Lane): Promise<void> {
    const isEmpty = lane.batch?.count === 0
    await this.give(lane)
    await this.flush()
    if (!this.ended && isEmpty) this.checkClock(lane.batch as EventBatch)
    this.o.onBatch?.()
    await this.fill(lane)
  }

  /** Gives what was looked at of lanes whose batches are not over. */
  private async giveOthers(): Promise<void> {
    const others = this.lanes.filter((lane) => lane.given < lane.row)
    for (const lane of others) await this.give(lane)
    if (others.length > 0) await this.flush()
  }

  /** Gives the rows of a lane that were looked at since it was done last to those who keep them. */
  private async give(lane: Lane): Promise<void> {
    const { batch, keep, given, row, host } = lane
    if (batch === undefined || given === row) return
    lane.given = row
    this.countLosses(lane, batch, given)
    for (const s of this.keepers) await s.batch?.(batch, keep, given, row, host)
  }

  /** The next row has that time. */
  private async seam(time: number): Promise<void> {
    for (const lane of this.lanes) await this.give(lane)
    for (const s of this.o.sinks) if (s.seamAt !== undefined && time >= s.seamAt) await s.seam?.(time)
  }

  /** Adds what a live batch tells of from row `from` to the row that the lane is at. */
  private countLosses({ event, row, source }: Lane, batch: EventBatch, from: number): void {
    const lossEvents = this.seenTypes[CODE.drop] as number
    if (lossEvents === this.lossEvents || source.info.kind !== 'live') return
    this.lossEvents = lossEvents
    for (let i = from; i < row; i++) {
      if (batch.type[i] !== CODE.drop) continue
      event.moveTo(batch, i)
      this.losses = addLosses(this.losses, lossesIn(event))
    }
  }

  /** Of what comes after the end only the calls in flight count, and what ceilings left out up to it. */
  private async takeLastCalls({ source, event, state, host }: Lane): Promise<void> {
    source.stop()
    for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
      const keep = new Uint8Array(batch.count)
      for (let i = 0; i < batch.count; i++) {
        if (batch.type[i] !== CODE.ks_inflight && batch.type[i] !== CODE.throttle) continue
        event.moveTo(batch, i)
        state.apply(event)
        keep[i] = batch.type[i] === CODE.throttle ? this.showLast(event) : KEEP.HIDDEN
      }
      if (!keep.some((fate) => fate !== KEEP.DROP)) continue
      for (const s of this.keepers) await s.batch?.(batch, keep, 0, batch.count, host)
      await this.flush()
    }
  }

  /** What becomes of an event that comes last, which is like any other: a limit of events has it, too. */
  private showLast(e: Event): number {
    const { predicate } = this.o
    if (this.shown >= this.limit || (predicate !== undefined && !predicate(e))) return KEEP.DROP
    this.seen++
    this.shown++
    this.show(e)
    return KEEP.SHOWN
  }

  /** Handles rows of a lane until its end, a limit, or the room in the sinks ends; returns the next row. */
  private rows({ state, event: e, idle, followed, keep, row, end }: Lane, batch: EventBatch): number {
    const { sinks, predicate } = this.o
    const { show, hide, seenTypes, limit } = this
    const until = this.until()
    const seamAt = nextSeam(sinks)
    let turn = this.nextTurn(until, seamAt)
    const { flags, type, time, num } = batch
    let { seen, shown } = this
    let i = row
    for (; i < end; i++) {
      const at = time[i] as number
      if (at >= turn) {
        const next = this.tick(at, until, seamAt)
        if (next === undefined) break
        turn = next
      }
      const code = type[i] as number
      const f = flags[i] as number
      seenTypes[code]!++
      const calls = callsOf(f, num[i] as number)
      if (idle[code] === 1 && (f & MATTERS) === 0) {
        seen += calls
        continue
      }
      e.moveTo(batch, i)
      if (followed[code] !== FOLLOW.nothing) follow(state, e, followed[code])
      if ((f & ROW.HIDDEN) !== 0) {
        keep[i] = KEEP.HIDDEN
        hide(e)
        continue
      }
      seen += calls
      if (predicate !== undefined && !predicate(e)) {
        keep[i] = fateOfRefused(f)
        continue
      }
      shown += calls
      keep[i] = KEEP.SHOWN
      show(e)
      if (shown >= limit || isFull(sinks)) {
        i++
        break
      }
    }
    if (shown >= limit) this.ended = true
    this.seen = seen
    this.shown = shown
    return i
  }

  /** The first time at which anything but the row is to be looked at. */
  private nextTurn(until: number, seamAt: number): number {
    return Math.min(until, seamAt, this.o.ticker?.due ?? Number.POSITIVE_INFINITY)
  }

  /** Ends the interval that is over at time `at`; returns the next turn, undefined when no row is handled before others look. */
  private tick(at: number, until: number, seamAt: number): number | undefined {
    const { ticker } = this.o
    if (at > until) this.ended = true
    if (this.ended || at >= seamAt) return undefined
    if (ticker !== undefined && at >= ticker.due) ticker.tick(at)
    return this.nextTurn(until, seamAt)
  }

  /** Capture time at which a limited run ends. */
  private until(): number {
    if (this.o.duration === undefined) return Number.POSITIVE_INFINITY
    return this.o.source.info.kind === 'live' ? this.o.duration : (this.first.time ?? 0) + this.o.duration
  }

  /** A quiet machine brings no event that would end a run limited in time, or an interval. */
  private checkClock({ time }: EventBatch): void {
    const { source, duration, ticker } = this.o
    if (source.info.kind !== 'live') return
    // not the present: this process may have been kept from running since
    this.reached = Math.max(this.reached, Math.min(time[0] as number, captureNow(source.info)))
    if (ticker !== undefined && this.reached >= ticker.due) ticker.tick(this.reached)
    if (duration !== undefined && this.reached > duration) this.ended = true
  }
}

/** What becomes of a row with these flags that the predicate refused. */
function fateOfRefused(flags: number): number {
  return (flags & ROW.STATE) === 0 ? KEEP.DROP : KEEP.HIDDEN
}
