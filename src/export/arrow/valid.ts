// Arrow's bitmap of the rows of a column that have a value.

export class Valid {
  private bits: Uint8Array | undefined
  private nulls = 0

  constructor(private readonly rows: number) {}

  /** Marks rows [from, from + n) as absent. */
  absent(from: number, n: number): void {
    this.bits ??= new Uint8Array((this.rows + 7) >> 3).fill(0xff)
    this.nulls += n
    const { bits } = this
    for (let i = from; i < from + n; i++) bits[i >> 3]! &= ~(1 << (i & 7))
  }

  /** The arguments for makeData(). */
  get layout(): { length: number; nullCount: number; nullBitmap: Uint8Array | undefined } {
    return { length: this.rows, nullCount: this.nulls, nullBitmap: this.bits }
  }
}
