// Counts calls in a Series for each label set, up to a limit on Prometheus series. Beyond the limit calls are counted in the series
// `other`, so that sums remain exact.
import { LATENCY_BUCKETS } from './latency-buckets.js'
import type { Labels } from './metric.js'

/** Direction of transfers. A transfer from one descriptor to another counts as read and as written. */
export const DIRECTIONS = ['read', 'write'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** The value of all labels of the series for calls beyond the limit. */
const OTHER = 'other'

/** The counts of one label set. */
export class Series {
  calls = 0
  errors = 0
  /** bytes by direction; undefined if no call had that direction */
  readonly bytes: { [D in Direction]?: number } = {}
  /** total latency (ns) of all calls with a known one */
  latency = 0
  /** calls with a known latency, by bucket */
  readonly buckets = new Float64Array(LATENCY_BUCKETS)
  /** time of the last call (ms of the table's clock) */
  usedAt = 0

  constructor(
    readonly labels: Labels,
    /** maximum number of Prometheus series that this is */
    readonly cost: number,
  ) {}

  /** Counts bytes of a direction. */
  move(direction: Direction, bytes: number): void {
    this.bytes[direction] = (this.bytes[direction] ?? 0) + bytes
  }

  /** Adds the counts of another series. */
  add(from: Series): void {
    this.calls += from.calls
    this.errors += from.errors
    this.latency += from.latency
    for (let i = 0; i < LATENCY_BUCKETS; i++) this.buckets[i]! += from.buckets[i] as number
    for (const [direction, bytes] of Object.entries(from.bytes) as [Direction, number][]) this.move(direction, bytes)
  }
}

/** ms without a call after which a series may be folded into `other`, and ms between two searches for such series */
const IDLE = 300_000
const SEARCH_INTERVAL = 10_000

/** Maximum number of folded label sets to count. */
const MOST_FOLDED = 10_000

/** Numbers of Prometheus series: each name with its labels is one, so a histogram has one for each bucket, and two more. */
export interface SeriesCapacity {
  /** maximum of all series */
  readonly limit: number
  /** series that do not depend on calls */
  readonly own: number
  /** series of a label set, without its bytes by direction */
  readonly each: number
}

export class SeriesTable {
  private readonly byKey = new Map<string, Series>()
  /** label sets that are counted as other: they exceeded the limit, or were idle and folded */
  private readonly foldedKeys = new Set<string>()
  /** maximum number of Prometheus series of label sets, and the number in use */
  private readonly available: number
  private used = 0
  /** undefined until it is used */
  private otherSeries: Series | undefined
  private searchedAt = Number.NEGATIVE_INFINITY
  /** changes when a series is removed: callers that cache series must then look them up again */
  generation = 0

  /** names: of the labels; now: ms of any monotonic clock */
  constructor(
    private readonly names: readonly string[],
    private readonly capacity: SeriesCapacity,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.available = capacity.limit - capacity.own - this.cost(DIRECTIONS.length)
  }

  /**
   * The series with these label values, in the order of the labels; '' if a label has none. directions: number of directions in
   * which its calls may transfer bytes.
   */
  series(values: readonly string[], directions: number): Series {
    const key = values.map((value) => `${value.length}:${value}`).join('')
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    // two series must not have the same labels
    if (values.every((value) => value === OTHER)) return this.other()
    const cost = this.cost(directions)
    if (this.used + cost > this.available) this.foldIdle()
    if (this.used + cost > this.available) {
      this.fold(key)
      return this.other()
    }
    const named = this.names.flatMap((name, i) => (values[i] === '' ? [] : [[name, values[i] as string] as const]))
    const series = new Series(Object.fromEntries(named), cost)
    this.used += cost
    this.foldedKeys.delete(key)
    series.usedAt = this.now()
    this.byKey.set(key, series)
    return series
  }

  /** All series; `other` is last. */
  all(): Series[] {
    return [...this.byKey.values(), ...(this.otherSeries === undefined ? [] : [this.otherSeries])]
  }

  /** Number of label sets with their own series. */
  get size(): number {
    return this.byKey.size
  }

  /** Number of label sets that are counted as other, at most MOST_FOLDED. */
  get folded(): number {
    return this.foldedKeys.size
  }

  /** Maximum number of Prometheus series. */
  get limit(): number {
    return this.capacity.limit
  }

  isOther(series: Series): boolean {
    return series === this.otherSeries
  }

  private other(): Series {
    this.otherSeries ??= new Series(
      Object.fromEntries(this.names.map((name) => [name, OTHER])),
      this.cost(DIRECTIONS.length),
    )
    return this.otherSeries
  }

  private cost(directions: number): number {
    return this.capacity.each + directions
  }

  private fold(key: string): void {
    if (this.foldedKeys.size < MOST_FOLDED) this.foldedKeys.add(key)
  }

  /** Folds series that were idle for long into `other`: their containers have probably ended, and new ones need the capacity. */
  private foldIdle(): void {
    const now = this.now()
    if (now - this.searchedAt < SEARCH_INTERVAL) return
    this.searchedAt = now
    for (const [key, series] of this.byKey) {
      if (now - series.usedAt < IDLE) continue
      this.other().add(series)
      this.byKey.delete(key)
      this.used -= series.cost
      this.fold(key)
      this.generation++
    }
  }
}
