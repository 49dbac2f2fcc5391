// A column of numbers of which each event has its own.

const INT64_END = 2 ** 63
const INT32_END = 2 ** 31
/** Rows that there is room for at first. */
const START = 1024

export class NumberColumn {
  /** what values are counted from; fixed for a row group */
  base = 0n
  /** by row, NaN where there is none; rounded where `exact` has it */
  values = new Float64Array(START)
  /** by row, those that a Number does not hold */
  readonly exact = new Map<number, bigint>()
  rows = 0
  private readonly end: number

  constructor(
    readonly name: string,
    /** bytes of a value */
    readonly size: 4 | 8,
  ) {
    this.end = size === 4 ? INT32_END : INT64_END
  }

  /** The next row's value; what is no whole number of the column's size is absent. */
  push(value: number | bigint | undefined): void {
    if (this.rows === this.values.length) this.grow()
    if (typeof value === 'bigint') {
      const fits = BigInt.asIntN(8 * this.size, value) === value
      if (fits) this.exact.set(this.rows, value)
      this.values[this.rows++] = fits ? Number(value) : Number.NaN
      return
    }
    const fits = value !== undefined && value === Math.floor(value) && value >= -this.end && value < this.end
    this.values[this.rows++] = fits ? value : Number.NaN
  }

  private grow(): void {
    const values = new Float64Array(this.rows * 2)
    values.set(this.values)
    this.values = values
  }

  clear(): void {
    this.rows = 0
    this.exact.clear()
  }
}
