// A histogram of latencies with power-of-two buckets, drawn as bars.
import { Histogram } from '../model/histogram.js'
import { spanText } from './units.js'

const BAR = 40
/** Cells of a line without its bar. */
const LABELS = 37

export interface Bucket {
  /** range in ns: from (inclusive) up to (exclusive) */
  readonly from: number
  readonly to: number
  readonly calls: number
}

export class PowerHistogram {
  /** ns */
  total = 0
  private readonly latencies = new Histogram()

  /** ns, at least 1. */
  add(latency: number): void {
    this.latencies.add(latency)
    this.total += latency
  }

  get calls(): number {
    return this.latencies.count
  }

  /** ns */
  get longest(): number {
    return this.latencies.percentile(1) ?? 0
  }

  /** The buckets from the first to the last one that has calls. */
  buckets(): Bucket[] {
    return this.latencies
      .doublings()
      .map(({ power, count }) => ({ from: 2 ** power, to: 2 ** (power + 1), calls: count }))
  }

  /** A line for each bucket, at most `columns` cells wide. */
  lines(columns: number): string[] {
    const buckets = this.buckets()
    const most = Math.max(...buckets.map((b) => b.calls))
    const width = Math.max(8, Math.min(BAR, columns - LABELS))
    return buckets.map(({ from, to, calls }) => {
      // a bucket with calls has at least one star
      const bar = '*'.repeat(Math.max(calls > 0 ? 1 : 0, Math.round((calls / most) * width)))
      return `${spanText(from).padStart(10)} - ${spanText(to).padEnd(8)} ${`${calls}`.padStart(9)} |${bar.padEnd(width)}|`
    })
  }
}
