// Which rows of a column have a value, as Arrow tells it.

export class Valid {
  private bits: Uint8Array | undefined
  private nulls = 0

  constructor(private readonly rows: number) {}

  /** Rows [from, from + n) have none. */
  absent(from: number, n: number): void {
    this.bits ??= new Uint8Array((this.rows + 7) >> 3).fill(0xff)
    this.nulls += n
    const { bits } = this
    for (let i = from; i < from + n; i++) bits[i >> 3]! &= ~(1 << (i & 7))
  }

  /** As makeData() takes it. */
  get told(): { length: number; nullCount: number; nullBitmap: Uint8Array | undefined } {
    return { length: this.rows, nullCount: this.nulls, nullBitmap: this.bits }
  }
}
