// A run-length encoded sequence of numbers, one per row.

export class Runs {
  /** number of rows */
  length = 0
  private values = new Int32Array(1024)
  private times = new Int32Array(1024)
  private count = 0
  private last = Number.NaN
  /** value of the run that next() has read */
  value = 0
  /** the run to read next, and the number of its rows that were read */
  private at = 0
  private used = 0

  /** Adds the next row's value. */
  push(value: number): void {
    this.length++
    if (value === this.last) {
      this.times[this.count - 1]!++
      return
    }
    if (this.count === this.values.length) this.grow()
    this.last = value
    this.values[this.count] = value
    this.times[this.count++] = 1
  }

  clear(): void {
    this.length = this.count = 0
    this.last = Number.NaN
    this.rewind()
  }

  /** Makes next() start with the first row. */
  rewind(): void {
    this.at = this.used = 0
  }

  /** Reads the next run, but at most `most` rows; returns the number of rows, which have `value`. */
  next(most: number): number {
    const remaining = (this.times[this.at] as number) - this.used
    this.value = this.values[this.at] as number
    if (remaining > most) {
      this.used += most
      return most
    }
    this.at++
    this.used = 0
    return remaining
  }

  /** Calls `visit` for each run from the first: rows [from, from + n) have the value. */
  each(visit: (from: number, n: number, value: number) => void): void {
    this.rewind()
    for (let from = 0; from < this.length; ) {
      const n = this.next(this.length - from)
      visit(from, n, this.value)
      from += n
    }
  }

  private grow(): void {
    const larger = (from: Int32Array) => {
      const to = new Int32Array(from.length * 2)
      to.set(from)
      return to
    }
    this.values = larger(this.values)
    this.times = larger(this.times)
  }
}
