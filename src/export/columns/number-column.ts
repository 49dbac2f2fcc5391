// A column with a number for each event.

const INT64_END = 2 ** 63
const INT32_END = 2 ** 31
/** Initial capacity in rows. */
const START = 1024

export class NumberColumn {
  /** added to all values; fixed for a row group */
  base = 0n
  /** by row; NaN: absent; rounded if `exact` has the row */
  values = new Float64Array(START)
  /** by row, values that a Number cannot hold exactly */
  readonly exact = new Map<number, bigint>()
  rows = 0
  private readonly end: number

  constructor(
    readonly name: string,
    /** bytes per value */
    readonly size: 4 | 8,
  ) {
    this.end = size === 4 ? INT32_END : INT64_END
  }

  /** Adds the next row's value; a value that is no integer of the column's size is absent. */
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
