// Counts of durations in buckets that grow with the duration: eight to each doubling, so a percentile is right to 6 %.

const SUB = 8
const BUCKETS = 51 * SUB

export class Histogram {
  count = 0
  total = 0
  private least = Number.POSITIVE_INFINITY
  private most = 0
  private readonly buckets = new Uint32Array(BUCKETS)

  /** Adds `n` durations of one bucket that are `total` ns together (not negative). */
  add(total: number, n = 1): void {
    const ns = total / n
    this.count += n
    this.total += total
    if (ns < this.least) this.least = ns
    if (ns > this.most) this.most = ns
    const i = bucketOf(ns)
    this.buckets[i] = (this.buckets[i] as number) + n
  }

  /** The duration that a share `p` (0..1) of all did not exceed; undefined when there are none. */
  percentile(p: number): number | undefined {
    if (this.count === 0) return undefined
    let left = Math.max(1, Math.ceil(p * this.count))
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.buckets[i] as number
      if (left <= 0) return Math.min(Math.max(middleOf(i), this.least), this.most)
    }
    return this.most
  }
}

function bucketOf(ns: number): number {
  if (ns < SUB) return Math.max(Math.floor(ns), 0)
  const high = ns < 2147483648 ? 31 - Math.clz32(ns) : 62 - Math.clz32(Math.min(ns / 2147483648, 4294967295))
  return Math.min((high - 2) * SUB + Math.floor(ns / 2 ** (high - 3)) - SUB, BUCKETS - 1)
}

function middleOf(bucket: number): number {
  if (bucket < SUB) return bucket
  const unit = 2 ** (Math.floor(bucket / SUB) - 1)
  return Math.round((SUB + (bucket % SUB)) * unit + unit / 2 - 0.5)
}
