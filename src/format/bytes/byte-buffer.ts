// A growing buffer of bytes, and what needs no care when it is written: numbers, and text of our own.

import { digits, nineDigits } from './digits.js'
import type { EncodedText } from './encoded-text.js'

const START = 1 << 17
const MINUS = 45
const TWO64 = 2 ** 64
const ZERO = 48
const UPPER_TEN = 55

/** Bytes that there is room for behind those that were asked for, whatever was written last. */
export const SPARE = 4096

/** Epochs of all writers, so that none is met twice. */
let epochs = 0

export class ByteBuffer {
  /** bytes written so far */
  length = 0
  /** changes whenever bytes that were written are moved or forgotten: see repeat() */
  epoch = ++epochs
  protected buffer: Buffer
  protected words: DataView

  constructor(size = START) {
    this.buffer = Buffer.from(new ArrayBuffer(size + SPARE))
    this.words = new DataView(this.buffer.buffer)
  }

  /** Makes room for `n` more bytes, and for words that begin in them. */
  protected room(n: number): void {
    if (this.length + n + SPARE > this.buffer.length) this.grow(n)
  }

  private grow(n: number): void {
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.buffer.length * 2, this.length + n + SPARE)))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
    this.words = new DataView(larger.buffer)
  }

  /**
   * For who writes short texts itself: the bytes, of which SPARE may be written at `length`, which is then to be moved on.
   * Valid until something else is appended.
   */
  ready(): DataView {
    if (this.length + SPARE > this.buffer.length) this.grow(0)
    return this.words
  }

  /** What was written; valid until something is appended after clear(). */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** Starts anew. */
  clear(): void {
    this.cut(0)
  }

  /** What was written, as text. */
  toString(): string {
    return this.buffer.toString('utf8', 0, this.length)
  }

  /** Forgets everything after the first `length` bytes. */
  cut(length: number): void {
    this.length = length
    this.renew()
  }

  /** Bytes that were written are no longer where they were. */
  protected renew(): void {
    this.epoch = ++epochs
  }

  byte(b: number): void {
    this.room(1)
    this.buffer[this.length++] = b
  }

  /** Appends a text that is encoded already. */
  encoded(p: EncodedText): void {
    this.room(p.length)
    const { words } = p
    let at = this.length
    for (let i = 0; i < words.length; i++, at += 8) this.words.setFloat64(at, words[i] as number, true)
    this.length += p.length
  }

  /** Appends text of our own, which needs no escaping. */
  trusted(s: string): void {
    this.room(s.length * 3)
    this.length += this.buffer.write(s, this.length)
  }

  /** Appends two bytes, the first in the lower half. */
  two(both: number): void {
    this.room(2)
    this.words.setInt16(this.length, both, true)
    this.length += 2
  }

  /** Appends the hexadecimal digits of a number in two halves; `ten` is what stands for ten, less 10. */
  hex(low: number, high: number, ten = UPPER_TEN): void {
    this.room(16)
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

  /** Appends a whole number below 2^64 with all its digits; other numbers as JavaScript prints them. */
  int(n: number): void {
    this.room(24)
    if (n >= 0 && n <= Number.MAX_SAFE_INTEGER && n === Math.floor(n)) this.length = digits(this.words, this.length, n)
    else this.unusual(n)
  }

  private unusual(n: number): void {
    if (n < 0 && n >= Number.MIN_SAFE_INTEGER && n === Math.floor(n)) {
      this.buffer[this.length++] = MINUS
      this.length = digits(this.words, this.length, -n)
    } else this.trusted(String(Number.isInteger(n) && Math.abs(n) < TWO64 ? BigInt(n) : n))
  }

  /** Nine digits of an integer below 1e9. */
  nine(n: number): void {
    this.room(9)
    this.length = nineDigits(this.words, this.length, n | 0)
  }
}
