// What calls are counted in: a Series for each set of labels, up to a limit of what these are as series of Prometheus. What finds no
// place counts as other, so that sums stay exact.
import { LATENCY_BUCKETS } from './latency-buckets.js'
import type { Labels } from './metric.js'

/** Which way calls move data. What goes from one descriptor to another counts as read and as written. */
export const DIRECTIONS = ['read', 'write'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** The value of every label of the series for what found no place. */
export const OTHER = 'other'

/** What is counted of one set of labels. */
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

  constructor(
    readonly labels: Labels,
    /** series of Prometheus that this may be */
    readonly cost: number,
  ) {}

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

/** Sets of labels that are remembered as folded: more are not counted. */
const MOST_FOLDED = 10_000

/** Series of Prometheus: each name with its labels, so that a histogram is as many as it has buckets, and two more. */
export interface SeriesRoom {
  /** that there may be of everything */
  readonly limit: number
  /** that there are whatever calls come */
  readonly own: number
  /** that a set of labels is, but for its bytes by direction */
  readonly each: number
}

export class SeriesTable {
  private readonly byKey = new Map<string, Series>()
  /** sets of labels that found no place, or gave it away */
  private readonly foldedKeys = new Set<string>()
  /** series that there may be of sets of labels with a place, and that these are at most */
  private readonly places: number
  private taken = 0
  /** undefined until something counts there */
  private rest: Series | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  /** changes when a series was removed: whoever keeps one looks it up anew */
  generation = 0

  /** names: of the labels; now: ms, of any clock that goes on */
  constructor(
    private readonly names: readonly string[],
    private readonly room: SeriesRoom,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.places = room.limit - room.own - this.cost(DIRECTIONS.length)
  }

  /**
   * The series of these values of the labels, in their order; '' where a label has none. directions: in which its calls may move
   * bytes.
   */
  of(values: readonly string[], directions: number): Series {
    const key = values.map((value) => `${value.length}:${value}`).join('')
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    // two series must not have the same labels
    if (values.every((value) => value === OTHER)) return this.other()
    const cost = this.cost(directions)
    if (this.taken + cost > this.places) this.makeRoom()
    if (this.taken + cost > this.places) {
      this.fold(key)
      return this.other()
    }
    const named = this.names.flatMap((name, i) => (values[i] === '' ? [] : [[name, values[i] as string] as const]))
    const series = new Series(Object.fromEntries(named), cost)
    this.taken += cost
    this.foldedKeys.delete(key)
    series.usedAt = this.now()
    this.byKey.set(key, series)
    return series
  }

  /** All series, the one for what found no place last. */
  all(): Series[] {
    return [...this.byKey.values(), ...(this.rest === undefined ? [] : [this.rest])]
  }

  /** Sets of labels that have a place. */
  get size(): number {
    return this.byKey.size
  }

  /** Sets of labels that count as other, MOST_FOLDED where there are more. */
  get folded(): number {
    return this.foldedKeys.size
  }

  /** Series of Prometheus that there may be. */
  get limit(): number {
    return this.room.limit
  }

  isOther(series: Series): boolean {
    return series === this.rest
  }

  private other(): Series {
    this.rest ??= new Series(Object.fromEntries(this.names.map((name) => [name, OTHER])), this.cost(DIRECTIONS.length))
    return this.rest
  }

  private cost(directions: number): number {
    return this.room.each + directions
  }

  private fold(key: string): void {
    if (this.foldedKeys.size < MOST_FOLDED) this.foldedKeys.add(key)
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
      this.taken -= series.cost
      this.fold(key)
      this.generation++
    }
  }
}
