// Accumulators: one object per column holds the aggregates of all rows, by row number.
import type { FieldValue } from '../fields/field.js'
import { Histogram } from '../model/histogram.js'
import { Distinct } from './distinct.js'
import type { Aggregation, Cell } from './types.js'

export interface Accumulator {
  /** Adds a value to a row. `last`, `count` and `distinct` accept any value, other aggregations only numbers. */
  add(row: number, value: FieldValue): void
  /** The row's aggregate; undefined if nothing was added. spanNs: for rates. */
  read(row: number, spanNs: number): Cell
  /** Clears `row`. */
  reset(row: number): void
  /** Moves a row's aggregate to another row number. */
  move(from: number, to: number): void
}

const FIRST = 64

function enlarged<T extends Float64Array | Uint32Array>(old: T, row: number): T {
  const bigger = new (old.constructor as new (n: number) => T)(Math.max(row + 1, old.length * 2))
  bigger.set(old)
  return bigger
}

/** One number per row. NaN: nothing was added. */
abstract class Numbers implements Accumulator {
  protected values = new Float64Array(FIRST)
  abstract add(row: number, value: FieldValue): void

  read(row: number, _spanNs: number): Cell {
    const v = this.values[row] as number
    return Number.isNaN(v) ? undefined : v
  }
  reset(row: number): void {
    if (row >= this.values.length) this.values = enlarged(this.values, row)
    this.values[row] = Number.NaN
  }
  move(from: number, to: number): void {
    this.values[to] = this.values[from] as number
  }
}

class Sum extends Numbers {
  add(row: number, exact: number | bigint): void {
    const value = Number(exact)
    const v = this.values[row] as number
    // NaN is not equal to itself
    // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
    this.values[row] = v === v ? v + value : value
  }
}

class Rate extends Sum {
  override read(row: number, spanNs: number): Cell {
    const v = this.values[row] as number
    return Number.isNaN(v) || spanNs <= 0 ? undefined : (v * 1e9) / spanNs
  }
}

class Count extends Numbers {
  add(row: number): void {
    const v = this.values[row] as number
    // biome-ignore lint/suspicious/noSelfCompare: the cheapest test for NaN
    this.values[row] = v === v ? v + 1 : 1
  }
}

class Min extends Numbers {
  add(row: number, exact: number | bigint): void {
    const value = Number(exact)
    if (!((this.values[row] as number) <= value)) this.values[row] = value
  }
}

class Max extends Numbers {
  add(row: number, exact: number | bigint): void {
    const value = Number(exact)
    if (!((this.values[row] as number) >= value)) this.values[row] = value
  }
}

class Average extends Sum {
  private counts = new Float64Array(FIRST)

  override add(row: number, value: number | bigint): void {
    super.add(row, value)
    this.counts[row]!++
  }
  override read(row: number): Cell {
    const n = this.counts[row] as number
    return n === 0 ? undefined : (this.values[row] as number) / n
  }
  override reset(row: number): void {
    super.reset(row)
    if (row >= this.counts.length) this.counts = enlarged(this.counts, row)
    this.counts[row] = 0
  }
  override move(from: number, to: number): void {
    super.move(from, to)
    this.counts[to] = this.counts[from] as number
  }
}

/** The latest value, of any type. */
class Last implements Accumulator {
  private readonly values: Cell[] = []

  add(row: number, value: FieldValue): void {
    this.values[row] = typeof value === 'object' ? copied(value) : value
  }
  read(row: number): Cell {
    return this.values[row]
  }
  reset(row: number): void {
    this.values[row] = undefined
  }
  move(from: number, to: number): void {
    this.values[to] = this.values[from]
  }
}

/** A copy, as getters reuse their arrays and buffers from event to event. */
function copied(value: Exclude<FieldValue, string | number | bigint | boolean>): FieldValue {
  return value instanceof Uint8Array ? value.slice() : [...value]
}

/** One object per row, created with the row's first value. */
class Objects<T extends { add(value: FieldValue): void }> implements Accumulator {
  private readonly objects: (T | undefined)[] = []

  constructor(
    private readonly make: () => T,
    private readonly result: (object: T) => Cell,
  ) {}

  add(row: number, value: FieldValue): void {
    let o = this.objects[row]
    if (o === undefined) {
      o = this.make()
      this.objects[row] = o
    }
    o.add(value)
  }
  read(row: number): Cell {
    const o = this.objects[row]
    return o === undefined ? undefined : this.result(o)
  }
  reset(row: number): void {
    this.objects[row] = undefined
  }
  move(from: number, to: number): void {
    this.objects[to] = this.objects[from]
  }
  protected at(row: number): T | undefined {
    return this.objects[row]
  }
}

/** A histogram of numbers or, for grouped rows, of the histogram cells of these rows. */
class Counts {
  readonly all = new Histogram()

  add(value: FieldValue): void {
    if (typeof value === 'number' || typeof value === 'bigint') this.all.add(Number(value))
    else if (Array.isArray(value))
      for (const [power, n] of value.entries()) if (typeof n === 'number' && n > 0) this.all.add(2 ** power, n)
  }
}

/** Aggregates that are computed from a histogram. */
const HISTOGRAM = {
  p50: (h: Histogram): Cell => h.percentile(0.5),
  p90: (h: Histogram): Cell => h.percentile(0.9),
  p99: (h: Histogram): Cell => h.percentile(0.99),
  histogram: (h: Histogram): Cell => {
    const doublings = h.doublings()
    return [...new Array<number>(doublings[0]?.power ?? 0).fill(0), ...doublings.map((d) => d.count)]
  },
} as const

class Histograms extends Objects<Counts> {
  constructor(result: (h: Histogram) => Cell) {
    super(
      () => new Counts(),
      (c) => result(c.all),
    )
  }

  histogram(row: number): Histogram | undefined {
    return this.at(row)?.all
  }
}

/** Computes another aggregate from the histograms of another column. */
class SameHistograms implements Accumulator {
  constructor(
    private readonly others: Histograms,
    private readonly result: (h: Histogram) => Cell,
  ) {}

  add(): void {}
  read(row: number): Cell {
    const h = this.others.histogram(row)
    return h && this.result(h)
  }
  reset(): void {}
  move(): void {}
}

const MAKE: Readonly<Record<Aggregation, () => Accumulator>> = {
  sum: () => new Sum() as Accumulator,
  rate: () => new Rate() as Accumulator,
  count: () => new Count() as Accumulator,
  min: () => new Min() as Accumulator,
  max: () => new Max() as Accumulator,
  avg: () => new Average() as Accumulator,
  last: () => new Last(),
  distinct: () =>
    new Objects(
      () => new Distinct(),
      (d) => d.count,
    ),
  p50: () => new Histograms(HISTOGRAM.p50),
  p90: () => new Histograms(HISTOGRAM.p90),
  p99: () => new Histograms(HISTOGRAM.p99),
  histogram: () => new Histograms(HISTOGRAM.histogram),
}

/** The accumulator of one column. */
export function accumulator(agg: Aggregation): Accumulator {
  return MAKE[agg]()
}

/**
 * The accumulators of several columns. Percentiles and histograms of the same field share the values of the first of these
 * columns; `filled`: values are added to this accumulator.
 */
export function accumulators(
  columns: readonly { readonly field: string; readonly agg: Aggregation }[],
): { readonly into: Accumulator; readonly filled: boolean }[] {
  const shared = new Map<string, Histograms>()
  return columns.map(({ field, agg }) => {
    const first = shared.get(field)
    if (first !== undefined && agg in HISTOGRAM)
      return { into: new SameHistograms(first, HISTOGRAM[agg as keyof typeof HISTOGRAM]), filled: false }
    const into = accumulator(agg)
    if (into instanceof Histograms) shared.set(field, into)
    return { into, filled: true }
  })
}

/** Aggregations whose values must be numbers. */
export function wantsNumbers(agg: Aggregation): boolean {
  return agg !== 'last' && agg !== 'count' && agg !== 'distinct'
}
