// The loop: batch -> cursor -> state -> predicate -> sink, the same for every source. Awaits once per slice of rows, never
// per event.
import { callsOf, type EventBatch, ROW } from './model/batch.js'
import { Event, SIDE } from './model/event.js'
import type { Snapshot } from './model/snapshot.js'
import { CODE, CODE_LIMIT } from './schema/codes.js'
import { EVENTS, isSyscall, LAYOUTS } from './schema/events/index.js'
import { addLosses, eventsLost, NOTHING_LOST } from './schema/losses.js'
import type { EventDef } from './schema/types.js'
import { combine, isFull, KEEP, nextSeam, type Sink, type Ticker } from './sink.js'
import { lossesIn } from './source/loss-events.js'
import { captureNow } from './source/now.js'
import { allRows, type RowBounds } from './source/row-bounds.js'
import type { CaptureSource, CaptureStats, LeftOut } from './source/source.js'
import { changesState } from './state/effects/index.js'
import { Hosts } from './state/hosts.js'
import { mergedSnapshot } from './state/snapshot-merge.js'
import type { State } from './state/state.js'

/** Rows with one of these flags are not left out for their type. */
const MATTERS = ROW.HIDDEN | ROW.STATE

/** What an event is for besides being shown. state: it may change threads and descriptors; sides: a call on two of them counts from both */
const FOLLOW = { nothing: 0, state: 1, sides: 2 } as const

export interface PipelineOptions {
  source: CaptureSource
  /** of several hosts (CaptureSource.members), the states of all: see pipelineOver() */
  state: State | Hosts
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
  /** the times of events that nobody looks at do not matter: a source may leave them out */
  sparse?: boolean | undefined
  /** a live run that ends by a limit still takes the calls in flight then, and what ceilings left out */
  lastCalls?: boolean | undefined
  /** called once the state has the snapshot */
  onLoaded?: (() => void) | undefined
  /** called after each batch, also after an empty one */
  onBatch?: (() => void) | undefined
}

export class Pipeline {
  /** events that reached the predicate, and those that passed it */
  seen = 0
  shown = 0
  /** events by code, the hidden ones included */
  readonly seenTypes = new Uint32Array(CODE_LIMIT)
  /** capture time (ns) of the last event */
  lastTime = 0
  /** capture time (ns) of the first event, shown or not */
  readonly first: { time: number | undefined }
  protected ended = false
  /** of a live capture, up to the last row */
  private losses = NOTHING_LOST
  /** those of the current host */
  protected state: State
  protected event: Event
  private readonly show: (e: Event) => void
  private readonly keepers: readonly Sink[]
  private readonly hide: (e: Event) => void
  /** what becomes of each row of the batch, see KEEP */
  private keep = new Uint8Array(0)
  /** by event code, 1 where an event neither passes nor changes the state: such rows are only counted */
  protected idle: Uint8Array
  /** by event code, of FOLLOW: names of containers and their cgroups are asked for where threads are not */
  private readonly followed = new Uint8Array(CODE_LIMIT)
  private readonly limit: number

  constructor(protected readonly o: PipelineOptions) {
    this.state = o.state instanceof Hosts ? o.state.current : o.state
    this.event = cursorOf(o.source)
    this.idle = this.idleOf(o.source)
    if (o.stateless !== true) this.followed.fill(FOLLOW.state)
    else {
      for (const def of o.source.tables?.defs ?? EVENTS)
        if (def?.transfer !== undefined) this.followed[def.code] = FOLLOW.sides
      this.followed[CODE.container] = FOLLOW.state
      this.followed[CODE.ks_cgroup] = FOLLOW.state
    }
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
    const { source, sinks } = this.o
    const { state } = this
    state.containers.foretell(source.namesLater ?? [])
    state.load(snapshot)
    this.o.onLoaded?.()
    for (const s of sinks) s.begin?.()
    const left = this.leaveOut(source, this.idle)
    while (!this.ended) {
      const batch = await source.next()
      if (batch === undefined) break
      if (batch.count > 0 && !this.ended) await this.take(batch)
      for (const s of sinks) await s.flush?.()
      this.o.onBatch?.()
      if (this.ended) break
      if (batch.count === 0) this.checkClock()
    }
    if (left !== undefined) this.count(left)
    if (this.ended && this.o.lastCalls === true) await this.takeLastCalls()
    for (const s of sinks) await s.end?.(this.lastTime)
  }

  /** By event code of a source, 1 where an event neither passes nor changes the state. */
  protected idleOf(source: CaptureSource): Uint8Array {
    const { passing } = this.o
    return passing === undefined ? new Uint8Array(CODE_LIMIT) : idleTypes(passing.types, source.tables?.defs ?? EVENTS)
  }

  /** Asks the source to leave out what would only be counted. */
  protected leaveOut(source: CaptureSource, idle: Uint8Array): LeftOut | undefined {
    const { sparse, passing } = this.o
    if (sparse !== true || passing === undefined || source.leaveOut === undefined) return undefined
    // what codes of the capture's own tables mean is not known to who made the bounds
    const bounds = source.tables === undefined ? passing : allRows()
    const left = { types: idle, bounds, counts: new Uint32Array(CODE_LIMIT), rows: 0, lastTime: 0 }
    source.leaveOut(left)
    return left
  }

  protected count(left: LeftOut): void {
    this.seen += left.rows
    this.lastTime = Math.max(this.lastTime, left.lastTime)
    // nothing may have been delivered
    this.first.time ??= this.o.source.firstTime
    for (let code = 0; code < CODE_LIMIT; code++) this.seenTypes[code]! += left.counts[code]!
  }

  /** Of what comes after the end only the calls in flight count, and what ceilings left out up to it. */
  private async takeLastCalls(): Promise<void> {
    const { source, sinks } = this.o
    source.stop()
    for (let batch = await source.next(); batch !== undefined; batch = await source.next()) {
      const keep = new Uint8Array(batch.count)
      for (let i = 0; i < batch.count; i++) {
        if (batch.type[i] !== CODE.ks_inflight && batch.type[i] !== CODE.throttle) continue
        this.event.moveTo(batch, i)
        this.state.apply(this.event)
        keep[i] = batch.type[i] === CODE.throttle ? this.showLast() : KEEP.HIDDEN
      }
      if (!keep.some((fate) => fate !== KEEP.DROP)) continue
      await this.give(batch, keep, 0, batch.count)
      for (const s of sinks) await s.flush?.()
    }
  }

  /** What becomes of the event that the cursor is at, which is like any other: a limit of events has it, too. */
  private showLast(): number {
    const { predicate } = this.o
    if (this.shown >= this.limit || (predicate !== undefined && !predicate(this.event))) return KEEP.DROP
    this.seen++
    this.shown++
    this.show(this.event)
    return KEEP.SHOWN
  }

  private async take(batch: EventBatch): Promise<void> {
    if (batch.resync !== undefined) this.resyncFrom(batch, batch.resync)
    if (this.keep.length < batch.capacity) this.keep = new Uint8Array(batch.capacity)
    const { keep } = this
    keep.fill(KEEP.DROP, 0, batch.count)
    this.first.time ??= this.o.source.firstTime ?? firstOf(batch, this.o.source)
    let row = 0
    let kept = 0
    const drops = this.seenTypes[CODE.drop]
    while (!this.ended && row < batch.count) {
      const next = this.rows(batch, row, keep)
      if (next > row) this.lastTime = batch.time[next - 1] as number
      row = next
      if (row === batch.count || this.ended) break
      if (nextSeam(this.o.sinks) <= (batch.time[row] as number)) {
        await this.give(batch, keep, kept, row)
        kept = row
        await this.seam(batch.time[row] as number)
      }
      if (isFull(this.o.sinks)) for (const s of this.o.sinks) await s.flush?.()
    }
    if (this.seenTypes[CODE.drop] !== drops) this.countLosses(batch, row)
    await this.give(batch, keep, kept, row)
  }

  /** Gives rows [from, to) to those who keep them. */
  protected async give(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    if (from < to) for (const s of this.keepers) await s.batch?.(batch, keep, from, to)
  }

  /** The next row has that time. */
  private async seam(time: number): Promise<void> {
    for (const s of this.o.sinks) if (s.seamAt !== undefined && time >= s.seamAt) await s.seam?.(time)
  }

  /** Adds what the batch tells of before row `end`. */
  private countLosses(batch: EventBatch, end: number): void {
    if (this.o.source.info.kind !== 'live') return
    for (let i = 0; i < end; i++) {
      if (batch.type[i] !== CODE.drop) continue
      this.event.moveTo(batch, i)
      this.losses = addLosses(this.losses, lossesIn(this.event))
    }
  }

  /** A file begins anew; a live capture goes on, and has lost what would have told of changes. */
  private resyncFrom(batch: EventBatch, snapshot: Snapshot): void {
    const { state } = this
    if (this.o.source.info.kind === 'live') batch.resync = mergedSnapshot(state, snapshot)
    state.load(batch.resync ?? snapshot)
  }

  /** Handles rows from `row` on until `end`, a limit, or the room in the sinks ends; returns the next row. */
  protected rows(batch: EventBatch, row: number, keep: Uint8Array, end = batch.count): number {
    const { sinks, predicate } = this.o
    const { state, show, hide, seenTypes, idle, followed, limit, event: e } = this
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
  private checkClock(): void {
    const { source, duration, ticker } = this.o
    if (source.info.kind !== 'live') return
    const now = captureNow(source.info)
    if (ticker !== undefined && now >= ticker.due) ticker.tick(now)
    if (duration !== undefined && now > duration) this.ended = true
  }
}

/** A cursor over the rows of a source. */
export function cursorOf({ tables }: CaptureSource): Event {
  const { defs, layouts } = tables ?? { defs: EVENTS, layouts: LAYOUTS }
  return new Event(defs, layouts)
}

/** Time of a batch's first event, the recorder's own calls apart. */
export function firstOf(batch: EventBatch, { info }: CaptureSource): number | undefined {
  if (!info.has.recorderRows) return batch.count === 0 ? undefined : batch.time[0]
  for (let i = 0; i < batch.count; i++) if ((batch.flags[i]! & ROW.HIDDEN) === 0) return batch.time[i]
  return undefined
}

function idleTypes(passing: Uint8Array, defs: readonly (EventDef | undefined)[]): Uint8Array {
  return passing.map((passes, code) => {
    const def = EVENTS[code]
    // what a code of the capture's own tables means is not known to who made `passing`
    return passes === 0 && def !== undefined && def === defs[code] && !changesState(def, isEnter(code)) ? 1 : 0
  })
}

/** Of calls, even codes are enter events; what is no call has only those. */
function isEnter(code: number): boolean {
  return (code & 1) === 0 && isSyscall(code)
}

/** What becomes of a row with these flags that the predicate refused. */
function fateOfRefused(flags: number): number {
  return (flags & ROW.STATE) === 0 ? KEEP.DROP : KEEP.HIDDEN
}

function follow(state: State, e: Event, how: number | undefined): void {
  if (how === FOLLOW.state) state.apply(e)
  else e.sides = SIDE.BOTH
}
