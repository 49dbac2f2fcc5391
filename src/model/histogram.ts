// Counts of values in buckets that grow with the value: 32 per doubling, so a percentile is accurate to 3 %. Memory depends on
// the range of values, at most 7 KB.

const BITS = 5
const SUB = 1 << BITS
/** values below 2^53 are distinguished: 104 days in ns */
const HIGHEST = 53
const BUCKETS = (HIGHEST - BITS + 1) * SUB

export class Histogram {
  /** number of values */
  count = 0
  private counts = new Uint32Array(0)
  /** bucket of counts[0] */
  private from = 0
  private least = Number.POSITIVE_INFINITY
  private most = Number.NEGATIVE_INFINITY

  /** Adds a value `n` times; values below 0 count as 0. */
  add(value: number, n = 1): void {
    const b = bucketOf(value)
    let i = b - this.from
    if (i < 0 || i >= this.counts.length) {
      this.widen(b)
      i = b - this.from
    }
    this.counts[i]! += n
    this.count += n
    if (value < this.least) this.least = value
    if (value > this.most) this.most = value
  }

  /** The value that a share `p` (0..1) of all values did not exceed; undefined without values. */
  percentile(p: number): number | undefined {
    if (this.count === 0) return undefined
    let remaining = Math.max(1, Math.ceil(p * this.count))
    if (remaining === this.count) return this.most
    for (let i = 0; i < this.counts.length; i++) {
      remaining -= this.counts[i] as number
      if (remaining <= 0) return Math.min(Math.max(middleOf(this.from + i), this.least), this.most)
    }
    return this.most
  }

  /** Number of values from each power of two up to the next, from the first power that has any to the last. 0 counts as 1. */
  doublings(): { readonly power: number; readonly count: number }[] {
    const counts = new Array<number>(HIGHEST).fill(0)
    for (let i = 0; i < this.counts.length; i++) counts[powerOf(this.from + i)]! += this.counts[i] as number
    const first = counts.findIndex((n) => n > 0)
    const last = counts.findLastIndex((n) => n > 0)
    return first < 0 ? [] : counts.slice(first, last + 1).map((count, i) => ({ power: first + i, count }))
  }

  /** Extends the counts to include one more bucket, and its neighbours. */
  private widen(bucket: number): void {
    const empty = this.counts.length === 0
    const low = Math.max(0, Math.min(empty ? bucket : this.from, bucket - SUB))
    const high = Math.min(BUCKETS, Math.max(empty ? bucket : this.from + this.counts.length, bucket + SUB))
    const wider = new Uint32Array(high - low)
    wider.set(this.counts, empty ? 0 : this.from - low)
    this.counts = wider
    this.from = low
  }
}

function bucketOf(value: number): number {
  const v = Math.floor(value)
  if (!(v > 0)) return 0
  if (v < SUB) return v
  if (v >= 2 ** HIGHEST) return BUCKETS - 1
  const power = v < 0x100000000 ? 31 - Math.clz32(v) : 63 - Math.clz32(v / 0x100000000)
  return (power - BITS) * SUB + Math.floor(v / 2 ** (power - BITS))
}

/** The power of two at which a bucket's doubling starts. */
function powerOf(bucket: number): number {
  return bucket < SUB ? 31 - Math.clz32(bucket | 1) : Math.floor(bucket / SUB) + BITS - 1
}

function middleOf(bucket: number): number {
  if (bucket < SUB * 2) return bucket
  const power = Math.floor(bucket / SUB) - 1
  const unit = 2 ** power
  return (SUB + (bucket % SUB)) * unit + Math.floor((unit - 1) / 2)
}
