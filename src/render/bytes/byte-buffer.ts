// A growing byte buffer, and the parts of text that need no escaping: numbers and constant text.

import { digits, nineDigits } from './digits.js'
import type { EncodedText } from './encoded-text.js'

const START = 1 << 17
const MINUS = 45
const TWO64 = 2 ** 64
const ZERO = 48
const UPPER_TEN = 55

/** Bytes of capacity that are always available beyond the requested ones. */
const SPARE = 4096

/** Counter of epochs of all writers, so that no epoch occurs twice. */
let epochs = 0

export class ByteBuffer {
  /** bytes written so far */
  length = 0
  /** changes whenever written bytes are moved or discarded: see repeat() */
  epoch = ++epochs
  protected buffer: Buffer
  protected words: DataView

  constructor(size = START) {
    this.buffer = Buffer.from(new ArrayBuffer(size + SPARE))
    this.words = new DataView(this.buffer.buffer)
  }

  /** Ensures capacity for `n` more bytes, and for words that start within them. */
  protected ensureCapacity(n: number): void {
    if (this.length + n + SPARE > this.buffer.length) this.grow(n)
  }

  private grow(n: number): void {
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.buffer.length * 2, this.length + n + SPARE)))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
    this.words = new DataView(larger.buffer)
  }

  /**
   * For callers that write short texts themselves: the bytes, of which SPARE may be written at `length`, which must
   * then be advanced. Valid until something else is appended.
   */
  ready(): DataView {
    if (this.length + SPARE > this.buffer.length) this.grow(0)
    return this.words
  }

  /** The written bytes; valid until something is appended after clear(). */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** Discards everything. */
  clear(): void {
    this.cut(0)
  }

  /** The written bytes as text. */
  toString(): string {
    return this.buffer.toString('utf8', 0, this.length)
  }

  /** Discards everything after the first `length` bytes. */
  cut(length: number): void {
    this.length = length
    this.renew()
  }

  /** Starts a new epoch: written bytes are no longer where they were. */
  protected renew(): void {
    this.epoch = ++epochs
  }

  byte(b: number): void {
    this.ensureCapacity(1)
    this.buffer[this.length++] = b
  }

  /** Appends an encoded text. */
  encoded(p: EncodedText): void {
    this.ensureCapacity(p.length)
    const { words } = p
    let at = this.length
    for (let i = 0; i < words.length; i++, at += 8) this.words.setFloat64(at, words[i] as number, true)
    this.length += p.length
  }

  /** Appends constant text, which needs no escaping. */
  trusted(s: string): void {
    this.ensureCapacity(s.length * 3)
    this.length += this.buffer.write(s, this.length)
  }

  /** Appends two bytes, the first one in the lower half. */
  two(both: number): void {
    this.ensureCapacity(2)
    this.words.setInt16(this.length, both, true)
    this.length += 2
  }

  /** Appends the hexadecimal digits of a number in two halves; `ten` is the digit for ten, less 10. */
  hex(low: number, high: number, ten = UPPER_TEN): void {
    this.ensureCapacity(16)
    const { buffer } = this
    const digits = high !== 0 ? 16 - (Math.clz32(high) >> 2) : low !== 0 ? 8 - (Math.clz32(low) >> 2) : 1
    const start = this.length
    for (let at = start + digits - 1; at >= start; at--) {
      const d = low & 15
      buffer[at] = d < 10 ? ZERO + d : ten + d
      low = (low >>> 4) | (high << 28)
      high >>>= 4
    }
    this.length = start + digits
  }

  /** Appends an integer below 2^64 with all its digits; other numbers as JavaScript prints them. */
  int(n: number): void {
    this.ensureCapacity(24)
    if (n >= 0 && n <= Number.MAX_SAFE_INTEGER && n === Math.floor(n)) this.length = digits(this.words, this.length, n)
    else this.unusual(n)
  }

  private unusual(n: number): void {
    if (n < 0 && n >= Number.MIN_SAFE_INTEGER && n === Math.floor(n)) {
      this.buffer[this.length++] = MINUS
      this.length = digits(this.words, this.length, -n)
    } else this.trusted(String(Number.isInteger(n) && Math.abs(n) < TWO64 ? BigInt(n) : n))
  }

  /** Appends nine digits of an integer below 1e9. */
  nine(n: number): void {
    this.ensureCapacity(9)
    this.length = nineDigits(this.words, this.length, n | 0)
  }
}
