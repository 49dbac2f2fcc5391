// Numbers of rows, one after the other: a number that comes several times in a row is kept once.

export class Runs {
  /** rows */
  length = 0
  private values = new Int32Array(1024)
  private times = new Int32Array(1024)
  private count = 0
  private last = Number.NaN
  /** the run that is read next, and how many of its rows were read */
  private at = 0
  private used = 0

  /** The next row's. */
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

  /** Has each() begin with the first row. */
  rewind(): void {
    this.at = this.used = 0
  }

  /** Visits the next `rows` rows, run by run. */
  each(rows: number, visit: (value: number, times: number) => void): void {
    const { values, times } = this
    while (rows > 0) {
      const left = (times[this.at] as number) - this.used
      const n = Math.min(left, rows)
      visit(values[this.at] as number, n)
      rows -= n
      this.used += n
      if (n === left) {
        this.at++
        this.used = 0
      }
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
