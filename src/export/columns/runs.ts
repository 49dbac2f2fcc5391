// Numbers of rows, one after the other: a number that comes several times in a row is kept once.

export class Runs {
  /** rows */
  length = 0
  private values = new Int32Array(1024)
  private times = new Int32Array(1024)
  private count = 0
  private last = Number.NaN
  /** of the rows that next() has come to */
  value = 0
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

  /** Has next() begin with the first row. */
  rewind(): void {
    this.at = this.used = 0
  }

  /** Goes on to the next run, or as much of it as are `most` rows; returns how many rows these are, which have `value`. */
  next(most: number): number {
    const left = (this.times[this.at] as number) - this.used
    this.value = this.values[this.at] as number
    if (left > most) {
      this.used += most
      return most
    }
    this.at++
    this.used = 0
    return left
  }

  /** Tells of all rows, from the first on: rows [from, from + n) have the value. */
  each(tell: (from: number, n: number, value: number) => void): void {
    this.rewind()
    for (let from = 0; from < this.length; ) {
      const n = this.next(this.length - from)
      tell(from, n, this.value)
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
