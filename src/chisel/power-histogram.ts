// Latencies counted in buckets that double, and drawn as bars.
import { spanText } from './units.js'

const BUCKETS = 53
const BAR = 40
/** cells of a line beside its bar */
const LABELS = 37

export interface Bucket {
  /** ns: at least, and less than */
  readonly from: number
  readonly to: number
  readonly calls: number
}

export class PowerHistogram {
  calls = 0
  /** ns */
  total = 0
  longest = 0
  private readonly counts = new Uint32Array(BUCKETS)

  /** ns, at least 1. */
  add(latency: number): void {
    this.calls++
    this.total += latency
    if (latency > this.longest) this.longest = latency
    this.counts[Math.min(BUCKETS - 1, Math.floor(Math.log2(latency)))]!++
  }

  /** From the first bucket that has calls to the last. */
  buckets(): Bucket[] {
    const first = this.counts.findIndex((n) => n > 0)
    const last = this.counts.findLastIndex((n) => n > 0)
    const all = Array.from(this.counts, (calls, i) => ({ from: 2 ** i, to: 2 ** (i + 1), calls }))
    return first < 0 ? [] : all.slice(first, last + 1)
  }

  /** A line for each bucket, within so many cells. */
  lines(columns: number): string[] {
    const buckets = this.buckets()
    const most = Math.max(...buckets.map((b) => b.calls))
    const width = Math.max(8, Math.min(BAR, columns - LABELS))
    return buckets.map(({ from, to, calls }) => {
      // what there is can be seen
      const bar = '*'.repeat(Math.max(calls > 0 ? 1 : 0, Math.round((calls / most) * width)))
      return `${spanText(from).padStart(10)} - ${spanText(to).padEnd(8)} ${`${calls}`.padStart(9)} |${bar.padEnd(width)}|`
    })
  }
}
