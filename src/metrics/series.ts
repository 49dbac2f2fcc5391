// The series that calls are counted in: as many as there are sets of labels, up to a limit. What finds no place counts as other, so
// that sums over all series stay exact.
import { LATENCY_BUCKETS } from './latency-buckets.js'
import type { Labels } from './metric.js'

/** Which way calls move data. What goes from one descriptor to another counts as read and as written. */
export const DIRECTIONS = ['read', 'write'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** The value of every label of the series for what found no place. */
export const OTHER = 'other'

export class Series {
  calls = 0
  errors = 0
  /** bytes by direction; undefined where no call was of that direction */
  readonly bytes: { [D in Direction]?: number } = {}
  /** ns, of all calls of which it is known */
  latency = 0
  /** calls of which the latency is known, by its bucket */
  readonly buckets = new Float64Array(LATENCY_BUCKETS)
  /** ms at which it was last counted in */
  usedAt = 0

  constructor(readonly labels: Labels) {}

  /** Counts bytes that went that way. */
  move(direction: Direction, bytes: number): void {
    this.bytes[direction] = (this.bytes[direction] ?? 0) + bytes
  }

  /** Takes over what another one has counted. */
  add(from: Series): void {
    this.calls += from.calls
    this.errors += from.errors
    this.latency += from.latency
    for (let i = 0; i < LATENCY_BUCKETS; i++) this.buckets[i]! += from.buckets[i] as number
    for (const [direction, bytes] of Object.entries(from.bytes) as [Direction, number][]) this.move(direction, bytes)
  }
}

/** ms without a call after which a series may make room for others, and between two looks for such */
const IDLE = 300_000
const LOOK = 10_000

export class SeriesTable {
  private readonly byKey = new Map<string, Series>()
  /** undefined until something counts there */
  private rest: Series | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  /** changes when a series was removed: whoever keeps one looks it up anew */
  generation = 0

  /** names: of the labels; now: ms, of any clock that goes on */
  constructor(
    private readonly names: readonly string[],
    readonly limit: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The series of these values of the labels, in their order; '' where a label has none. */
  of(values: readonly string[]): Series {
    const key = values.map((value) => `${value.length}:${value}`).join('')
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    // two series must not have the same labels
    if (values.every((value) => value === OTHER)) return this.other()
    if (this.byKey.size >= this.limit) this.makeRoom()
    if (this.byKey.size >= this.limit) return this.other()
    const named = this.names.flatMap((name, i) => (values[i] === '' ? [] : [[name, values[i] as string] as const]))
    const series = new Series(Object.fromEntries(named))
    series.usedAt = this.now()
    this.byKey.set(key, series)
    return series
  }

  /** All series, the one for what found no place last. */
  all(): Series[] {
    return [...this.byKey.values(), ...(this.rest === undefined ? [] : [this.rest])]
  }

  /** How many there are beside the one for what found no place. */
  get size(): number {
    return this.byKey.size
  }

  /** Calls that found no place, and those of series that made room for others. */
  get otherCalls(): number {
    return this.rest?.calls ?? 0
  }

  isOther(series: Series): boolean {
    return series === this.rest
  }

  private other(): Series {
    this.rest ??= new Series(Object.fromEntries(this.names.map((name) => [name, OTHER])))
    return this.rest
  }

  /** Series that were not counted in for long become part of the other one: containers end, and new ones are to be seen. */
  private makeRoom(): void {
    const now = this.now()
    if (now - this.lookedAt < LOOK) return
    this.lookedAt = now
    for (const [key, series] of this.byKey) {
      if (now - series.usedAt < IDLE) continue
      this.other().add(series)
      this.byKey.delete(key)
      this.generation++
    }
  }
}
