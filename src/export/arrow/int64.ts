// Arrays of whole numbers of 64 bits, which are written in halves: that spares a BigInt for each.

const TWO32 = 4294967296

export class Int64s {
  /** the lower and the higher half of each, in the order of this processor, which is that of files */
  private readonly halves: Int32Array<ArrayBuffer>
  private readonly baseLow: number
  private readonly baseHigh: number

  /** base: what the numbers of set() are counted from */
  constructor(count: number, base = 0n) {
    this.halves = new Int32Array(count * 2)
    this.baseLow = Number(BigInt.asUintN(32, base))
    this.baseHigh = Number(base >> 32n)
  }

  get array(): BigInt64Array {
    return new BigInt64Array(this.halves.buffer)
  }

  /** v: a whole number */
  set(i: number, v: number): void {
    const low = (v >>> 0) + this.baseLow
    this.halves[2 * i] = low
    this.halves[2 * i + 1] = Math.floor(v / TWO32) + this.baseHigh + (low >= TWO32 ? 1 : 0)
  }

  /** The same where a number may be larger than a Number holds exactly. */
  setAny(i: number, v: number | bigint): void {
    if (typeof v === 'number') {
      this.set(i, v)
      return
    }
    this.halves[2 * i] = Number(BigInt.asIntN(32, v))
    this.halves[2 * i + 1] = Number(BigInt.asIntN(32, v >> 32n))
  }

  /** Rows [from, from + n) have the number that another array has at a place. */
  copy(from: number, n: number, other: Int64s, place: number): void {
    const low = other.halves[2 * place] as number
    const high = other.halves[2 * place + 1] as number
    for (let i = 2 * from; i < 2 * (from + n); i += 2) {
      this.halves[i] = low
      this.halves[i + 1] = high
    }
  }
}
