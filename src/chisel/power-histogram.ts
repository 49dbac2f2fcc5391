// Latencies counted in buckets that double, and drawn as bars.
import { Histogram } from '../model/histogram.js'
import { spanText } from './units.js'

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

  /** From the first bucket that has calls to the last. */
  buckets(): Bucket[] {
    return this.latencies
      .doublings()
      .map(({ power, count }) => ({ from: 2 ** power, to: 2 ** (power + 1), calls: count }))
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
