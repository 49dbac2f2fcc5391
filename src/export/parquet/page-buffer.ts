// A buffer for the bytes of a page: numbers in Parquet's encodings, and packed bits, lowest first.
import { BinaryBuffer } from '../binary-buffer.js'

const TWO32 = 4294967296
/** Maximum bits to append at once: with the rest of a byte they fit in 31 bits. */
const AT_ONCE = 24

export class PageBuffer extends BinaryBuffer {
  /** pending bits that do not fill a byte, and their number */
  private pending = 0
  private pendingBits = 0

  varint(n: number): void {
    while (n > 0x7f) {
      this.byte((n % 128) | 0x80)
      n = Math.floor(n / 128)
    }
    this.byte(n)
  }

  /** Appends a signed 64-bit number, as zigzag() does for smaller ones. */
  zigzagBig(n: bigint): void {
    let rest = BigInt.asUintN(64, (n << 1n) ^ (n >> 63n))
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest))
  }

  zigzag(n: number): void {
    this.varint(n < 0 ? -2 * n - 1 : 2 * n)
  }

  /** Appends an integer as 64 bits; a Number must hold it exactly. */
  i64(n: number): void {
    this.u32(n)
    this.u32(Math.floor(n / TWO32))
  }

  /** Appends the lower 64 bits. */
  big(n: bigint): void {
    this.u32(Number(n & 0xffffffffn))
    this.u32(Number((n >> 32n) & 0xffffffffn))
  }

  /** Appends the lowest `width` bits, up to 53, of a number that is not negative; packed() ends the sequence. */
  bits(n: number, width: number): void {
    while (width > AT_ONCE) {
      this.fewBits(n % (1 << AT_ONCE), AT_ONCE)
      n = Math.floor(n / (1 << AT_ONCE))
      width -= AT_ONCE
    }
    this.fewBits(n, width)
  }

  private fewBits(n: number, width: number): void {
    let pending = this.pending | (n << this.pendingBits)
    let bits = this.pendingBits + width
    if (bits >= 8) {
      const words = this.ready()
      let at = this.length
      // a byte at a time, as the highest of more bits would become the sign
      for (; bits >= 8; bits -= 8) {
        words.setUint8(at++, pending & 0xff)
        pending >>>= 8
      }
      this.length = at
    }
    this.pending = pending
    this.pendingBits = bits
  }

  /** Appends the lowest `width` bits, up to 24, of the first `count` numbers, in complete groups of eight, for which SPARE has capacity. */
  packed8(numbers: Int32Array, count: number, width: number): void {
    const words = this.ready()
    let at = this.length
    let pending = 0
    let bits = 0
    for (let i = 0; i < count; i++) {
      pending |= (numbers[i] as number) << bits
      for (bits += width; bits >= 8; bits -= 8) {
        words.setUint8(at++, pending & 0xff)
        pending >>>= 8
      }
    }
    this.length = at
  }

  /** Fills the last byte with zeros. */
  packed(): void {
    if (this.pendingBits > 0) this.byte(this.pending)
    this.pending = this.pendingBits = 0
  }
}

/** Number of bits for numbers from 0 to `most`. */
export function bitWidth(most: number): number {
  return most < TWO32 ? 32 - Math.clz32(most) : 64 - Math.clz32(Math.floor(most / TWO32))
}
