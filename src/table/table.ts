// The aggregation engine: events in, rows out. The values of an event are added to accumulators by row number. The row is found
// by its keys, usually from a hint: the row of the previous event with the same hash.

import type { FieldContext, FieldValue, Getter } from '../fields/field.js'
import { dependsOnTransferSide, type FieldUse } from '../fields/registry.js'
import { compileChecked } from '../filter/index.js'
import { type Event, SIDE } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import type { BatchNs } from '../model/time.js'
import type { State } from '../state/state.js'
import { MOST_EXITED } from '../state/threads.js'
import { accumulator, accumulators } from './accumulators.js'
import type { CompiledTable } from './compile.js'
import { Lineage } from './lineage.js'
import { type LiveColumn, readRows } from './read.js'
import { makeAdd } from './row-adder.js'
import { type Key, KeyColumn, RowIndex } from './row-index.js'
import { type OfHost, StateCursor } from './state-cursor.js'
import type { Cell, TableRow } from './types.js'

/** Maximum number of rows: limits the memory of a table whose keys never repeat. */
export const MAX_ROWS = 1 << 17

/** When a column of a table of threads is filled. */
function fillOf({ def, name }: FieldUse): LiveColumn['fill'] {
  if (def.sampled === true) return 'both'
  return /^(evt|fd|fs)\./.test(name) ? 'events' : 'samples'
}

export class Table {
  /** rows that were dropped because there were too many: the smallest by the sort column */
  dropped = 0
  /** samples since the last clear() */
  samples = 0
  readonly index: RowIndex
  readonly columns: readonly LiveColumn[]
  /** fields of groupBy, the latest values of each row */
  readonly groups: readonly LiveColumn[]
  private readonly passes: ((e: Event) => boolean) | undefined
  private readonly sampled: ((e: Event) => boolean) | undefined
  private readonly keys: readonly Getter[]
  private readonly atSamples: readonly LiveColumn[]
  /** of these, the columns that a row has from its first event on */
  private readonly atBirth: readonly LiveColumn[]
  private readonly put: (e: Event, counted: number) => number
  /** exited threads that were counted: each counts once */
  private readonly countedThreads = new WeakSet<Thread>()
  /** by state, the number of exited threads when they were last counted */
  private readonly exitsSeen = new WeakMap<State, number>()
  private readonly lineage: Lineage | undefined
  private readonly cursor = new StateCursor()

  constructor(
    readonly compiled: CompiledTable,
    ctx: FieldContext,
    private readonly maxRows = MAX_ROWS,
  ) {
    const { def, keys } = compiled
    this.passes = compiled.filter && compileChecked(compiled.filter, ctx).keep
    this.sampled = compiled.only && compileChecked(compiled.only, ctx).test
    this.lineage = def.ancestors === true ? new Lineage() : undefined
    this.keys = keys.map((k) => k.def.make(ctx, k.arg))
    this.index = new RowIndex(keys)
    const columnAccumulators = accumulators(compiled.columns.map((c) => ({ field: c.use.text, agg: c.agg })))
    this.columns = compiled.columns.map((c, i) => {
      const key = c.agg === 'last' ? keys.findIndex((k) => k.text === c.use.text) : -1
      const { into, filled } = columnAccumulators[i] as (typeof columnAccumulators)[number]
      return {
        get: c.use.def.make(ctx, c.use.arg),
        into: key < 0 ? into : new KeyColumn(this.index, key),
        fill: key >= 0 || !filled ? 'never' : def.threads === true ? fillOf(c.use) : 'events',
        newest: c.agg === 'last',
        extreme: c.agg === 'max' || c.agg === 'min',
        text: c.use.type === 'string',
        bySide: dependsOnTransferSide(c.use) && c.agg !== 'count',
      }
    })
    this.groups = compiled.groupBy.map((g) => ({
      get: g.def.make(ctx, g.arg),
      into: accumulator('last'),
      fill: def.threads === true ? 'samples' : 'events',
      newest: true,
      extreme: false,
      text: g.type === 'string',
      bySide: dependsOnTransferSide(g),
    }))
    const all = [...this.columns, ...this.groups]
    this.atSamples = all.filter((c) => c.fill === 'samples' || c.fill === 'both')
    this.atBirth = this.atSamples.filter((c) => c.newest || c.extreme)
    this.put = makeAdd(
      this.keys,
      all.filter((c) => c.fill === 'events' || c.fill === 'both'),
      this.index,
      def.positive === true,
      (e, values) => this.rowOf(e, values),
    )
  }

  /** Adds the event under the cursor if it passes the table's filter. */
  add(e: Event): void {
    const { sides } = e
    if (this.passes === undefined || this.passes(e)) this.addPassed(e)
    if (sides !== SIDE.NONE) e.keepSides(sides)
  }

  /** Adds an event that is known to pass the table's filter, for each side that counts. */
  addPassed(e: Event): void {
    if (this.lineage !== undefined) {
      if (e.thread !== undefined) this.climb(this.lineage, e, e.thread, e.time)
    } else if (e.sides === SIDE.BOTH) this.putBoth(e)
    else this.put(e, -1)
  }

  /** Adds a call that reads from one descriptor and writes to another to the rows of both; if it is the same row, as one call. */
  private putBoth(e: Event): void {
    e.look(SIDE.WRITE)
    const written = this.put(e, -1)
    e.look(SIDE.READ)
    this.put(e, written)
    e.look(SIDE.WRITE)
  }

  /**
   * Samples the state at batch time `time` (ns): every thread is a row. Threads that exited since the last sample, and
   * processes of which only the id is known, are included if they have a row or a value to add. Does nothing for tables
   * without `threads`.
   */
  sample(state: State, time: BatchNs): void {
    if (this.compiled.def.threads !== true) return
    this.samples++
    // first, as a running thread may have the id of an exited one
    this.sampleExited(state, time)
    for (const t of state.threads.values()) this.sampleThread(state, t, time)
  }

  /**
   * Between two samples: counts exited threads before the state forgets them, if there are many. Call it after each batch: a
   * batch may contain the exits of half as many threads as the state retains.
   */
  keepUp(state: State, time: BatchNs): void {
    if (this.compiled.def.threads !== true || state.table.exits - (this.exitsSeen.get(state) ?? 0) < MOST_EXITED / 4)
      return
    this.sampleExited(state, time)
  }

  /** Sets the starting point of fields that count from one sample to the next (thread.cputime). */
  prime(state: State, time: BatchNs): void {
    if (this.compiled.def.threads !== true) return
    for (const t of state.threads.values())
      for (const c of this.atSamples) c.get(this.cursor.at(state, t, undefined, time))
    for (const t of state.table.exited()) this.countedThreads.add(t)
    this.exitsSeen.set(state, state.table.exits)
  }

  /** The rows, sorted. spanNs: the time that they cover, for rates. Default order and number: the declaration's. */
  read(spanNs: number, options: { sort?: { column: number; ascending?: boolean }; top?: number } = {}): TableRow[] {
    return readRows(this, spanNs, options)
  }

  /** Removes all rows. */
  clear(): void {
    this.index.clear()
    this.lineage?.clear()
    this.samples = 0
    this.dropped = 0
  }

  private sampleExited(state: State, time: BatchNs): void {
    this.exitsSeen.set(state, state.table.exits)
    for (const t of state.table.exited()) {
      if (this.countedThreads.has(t)) continue
      this.countedThreads.add(t)
      this.sampleThread(state, t, time)
    }
  }

  private sampleThread(state: State, t: Thread, time: BatchNs): void {
    const e = this.cursor.at(state, t, undefined, time)
    if (this.sampled !== undefined && !this.sampled(e)) return
    if (this.lineage === undefined) this.fill(e, t)
    else this.climb(this.lineage, state, t, time)
  }

  /** Adds rows for the process and its ancestors. */
  private climb(lineage: Lineage, host: OfHost, t: Thread, time: BatchNs): void {
    lineage.visitNew(t, (process) => this.fill(this.cursor.at(host, process, undefined, time), process))
  }

  /** Adds the sampled values of a thread. */
  private fill(e: Event, t: Thread): void {
    const keys = this.keys.map((k) => k(e))
    if (keys.includes(undefined)) return
    const values = this.atSamples.map((c) => c.get(e))
    const counts = (v: Cell, i: number) => this.atSamples[i]?.newest === false && typeof v === 'number' && v > 0
    const used = (v: Cell, i: number) => counts(v, i) && this.atSamples[i]?.extreme === false
    const isRow = () => this.index.find(this.index.keyed(keys as FieldValue[])) >= 0
    if (this.lineage === undefined) {
      if (t.exited && !values.some(counts) && !isRow()) return
      // only its id is known
      if (t.leader.placeholder && !values.some(used) && !isRow()) return
    }
    const row = this.rowOf(e, keys as FieldValue[])
    for (let i = 0; i < values.length; i++) {
      const v = values[i]
      // an exited thread has no memory and no threads any more: ignore these zeros
      if (v !== undefined && !(t.exited && v === 0)) this.atSamples[i]?.into.add(row, v)
    }
  }

  /** The row of these key values; created if there is none. */
  private rowOf(e: Event, values: readonly FieldValue[]): number {
    const keys = this.index.keyed(values)
    const known = this.index.find(keys)
    if (known >= 0) return known
    if (this.index.count >= this.maxRows) this.dropHalf()
    const row = this.index.make(keys as Key[])
    for (const c of this.columns) c.into.reset(row)
    for (const g of this.groups) g.into.reset(row)
    for (const c of this.atBirth) {
      const v = c.get(e)
      if (v !== undefined) c.into.add(row, v)
    }
    return row
  }

  /** Drops the half of the rows that sorts last. */
  private dropHalf(): void {
    const { column, ascending } = this.compiled.sort
    const { count } = this.index
    const by = this.columns[column]?.into
    const rank = Float64Array.from({ length: count }, (_, row) => {
      const v = by?.read(row, 1e9)
      return typeof v === 'number' ? (ascending ? -v : v) : Number.NEGATIVE_INFINITY
    })
    const order = Array.from({ length: count }, (_, row) => row).sort((a, b) => rank[b]! - rank[a]! || a - b)
    const remaining = order.slice(0, Math.ceil(count / 2)).sort((a, b) => a - b)
    this.dropped += count - remaining.length
    for (const { into } of [...this.columns, ...this.groups])
      for (let to = 0; to < remaining.length; to++) if (remaining[to] !== to) into.move(remaining[to] as number, to)
    this.index.keep(remaining)
  }
}
