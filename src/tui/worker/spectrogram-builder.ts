// Builds the rows of a spectrogram: the number of calls by interval and latency.
import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { State } from '../../state/state.js'
import { joinFilters } from '../../table/index.js'
import { filterOf, type SpectrogramView } from '../../views/define.js'
import { PARTS, partOf } from '../latency-parts.js'
import { Intervals, MOST_INTERVALS } from './intervals.js'
import type { RowData } from './messages.js'
import type { ResultBuilder, RowSlice, ViewPlan } from './view-plan.js'

const LATENCY = 'evt.latency'

/** refresh: ms between two results of a live capture. Throws FilterError. */
export function planSpectrogram(view: SpectrogramView, filter: string | undefined, refresh: number): ViewPlan {
  if (filter !== undefined) checkFilter(filter, registry)
  const all = joinFilters(filter, filterOf(view))
  const checked = all === undefined ? undefined : checkFilter(all, registry)
  const step = refresh * 1e6
  return {
    columns: [],
    filter: checked,
    fields: [LATENCY],
    passingOnly: true,
    restarts: false,
    joinsPast: true,
    sort: undefined,
    most: MOST_INTERVALS,
    inFlight: undefined,
    needsData: false,
    buffers: 0,
    segments: { reach: (MOST_INTERVALS + 1) * step, join: joinIntervals },
    start: (ctx, live) => new SpectrogramBuilder(checked, ctx, live ? step : undefined),
  }
}

class SpectrogramBuilder implements ResultBuilder {
  sort = undefined
  private readonly intervals: Intervals
  /** number of calls by latency part, by interval */
  private counts = new Map<number, number[]>()
  private readonly test: ((e: Event) => boolean) | undefined
  private readonly latency: Getter

  constructor(filter: CheckedFilter | undefined, ctx: FieldContext, step: number | undefined) {
    const { startSec, startNsec } = ctx.info
    this.intervals = new Intervals(BigInt(startSec) * 1_000_000_000n + BigInt(startNsec), step)
    this.test = filter && compileChecked(filter, ctx).test
    this.latency = registry.find(LATENCY).def.make(ctx, undefined)
  }

  add(e: Event): void {
    if (this.test !== undefined && !this.test(e)) return
    this.intervalAt(e.time)[partOf(this.latency(e) as number)]!++
  }

  prime(): void {}

  /** Time has passed: the interval exists even without events. */
  sample(_state: State, time: number): void {
    this.intervalAt(time)
  }

  take(): RowSlice {
    const { intervals } = this
    const rows = [...this.counts].map(([at, cells]): RowData => {
      const keys = [intervals.begin(at), intervals.begin(at + 1)]
      return { id: String(keys[0]), keys, cells: [...cells] }
    })
    const all = joinIntervals(rows)
    return { rows: all, total: all.length }
  }

  reread(): RowSlice {
    return this.take()
  }

  clear(): void {
    this.counts.clear()
  }

  private intervalAt(time: number): number[] {
    const { intervals, counts } = this
    const joined = intervals.grow(time)
    if (joined > 1) this.join(joined)
    const at = intervals.at(time)
    let interval = counts.get(at)
    if (interval === undefined) {
      interval = new Array<number>(PARTS).fill(0)
      counts.set(at, interval)
      for (const old of counts.keys()) {
        if (counts.size <= MOST_INTERVALS) break
        counts.delete(old)
      }
    }
    return interval
  }

  /** Merges each `many` intervals into one. */
  private join(many: number): void {
    const before = this.counts
    this.counts = new Map()
    for (const [at, cells] of before) {
      const to = Math.floor(at / many)
      const there = this.counts.get(to)
      this.counts.set(to, there === undefined ? cells : added(there, cells))
    }
  }
}

function added(a: readonly number[], b: readonly number[]): number[] {
  return a.map((n, i) => n + (b[i] as number))
}

/** The newest rows in order: rows of equal intervals are merged, and intervals without events get empty rows. */
export function joinIntervals(rows: readonly RowData[]): RowData[] {
  const known = new Map<string, RowData>()
  for (const row of rows) {
    const id = String(row.keys[0])
    const there = known.get(id)
    known.set(id, there === undefined ? { ...row, id } : { ...there, cells: added(numbers(there), numbers(row)) })
  }
  const there = [...known.values()].map((r) => r.keys[0] as bigint).sort((a, b) => (a < b ? -1 : 1))
  const [first, newest] = [there[0], there.at(-1)]
  if (first === undefined || newest === undefined) return []
  const step = ((rows[0] as RowData).keys[1] as bigint) - ((rows[0] as RowData).keys[0] as bigint)
  const out: RowData[] = []
  for (let begin = newest; begin >= first && out.length < MOST_INTERVALS; begin -= step) {
    const id = String(begin)
    out.push(known.get(id) ?? { id, keys: [begin, begin + step], cells: NOTHING })
  }
  return out.reverse()
}

const NOTHING: readonly number[] = new Array<number>(PARTS).fill(0)

function numbers(row: RowData): readonly number[] {
  return row.cells as readonly number[]
}
