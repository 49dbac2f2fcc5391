// Arrays of 64-bit integers that are written as two halves, which avoids a BigInt for each.

const TWO32 = 4294967296

export class Int64s {
  /** lower and upper half of each number; byte order is that of this processor, which equals that of the file */
  private readonly halves: Int32Array<ArrayBuffer>
  private readonly baseLow: number
  private readonly baseHigh: number

  /** base: added to the numbers of set() */
  constructor(count: number, base = 0n) {
    this.halves = new Int32Array(count * 2)
    this.baseLow = Number(BigInt.asUintN(32, base))
    this.baseHigh = Number(base >> 32n)
  }

  get array(): BigInt64Array {
    return new BigInt64Array(this.halves.buffer)
  }

  /** v: an integer that a Number holds exactly */
  set(i: number, v: number): void {
    const low = (v >>> 0) + this.baseLow
    this.halves[2 * i] = low
    this.halves[2 * i + 1] = Math.floor(v / TWO32) + this.baseHigh + (low >= TWO32 ? 1 : 0)
  }

  /** As set(), but also accepts a BigInt, to which the base is not added. */
  setAny(i: number, v: number | bigint): void {
    if (typeof v === 'number') {
      this.set(i, v)
      return
    }
    this.halves[2 * i] = Number(BigInt.asIntN(32, v))
    this.halves[2 * i + 1] = Number(BigInt.asIntN(32, v >> 32n))
  }

  /** Sets rows [from, from + n) to the number at an index of another array. */
  copy(from: number, n: number, other: Int64s, place: number): void {
    const low = other.halves[2 * place] as number
    const high = other.halves[2 * place + 1] as number
    for (let i = 2 * from; i < 2 * (from + n); i += 2) {
      this.halves[i] = low
      this.halves[i + 1] = high
    }
  }
}
