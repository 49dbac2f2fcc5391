// A buffer for protobuf messages: fields by number, and nested messages. A length precedes its message, so two bytes are reserved
// for it; longer messages are moved.
import { BinaryBuffer } from '../binary-buffer.js'

const VARINT = 0
const I64 = 1
const LENGTH = 2
/** Limit of a length in two bytes. */
const SHORT = 1 << 14
const TWO32 = 4294967296

export class Protobuf extends BinaryBuffer {
  /** Appends a number from 0 to 2^53. */
  uintField(field: number, n: number): void {
    this.varint(field * 8 + VARINT)
    this.varint(n)
  }

  /** Appends an integer; negative ones take ten bytes. */
  intField(field: number, n: number): void {
    if (n >= 0) this.uintField(field, n)
    else this.wideField(field, Math.floor(n / TWO32), n)
  }

  /** Appends a 64-bit number from its halves. */
  wideField(field: number, hi: number, lo: number): void {
    this.varint(field * 8 + VARINT)
    this.ensureCapacity(10)
    const { buffer } = this
    let at = this.length
    let high = hi >>> 0
    let low = lo >>> 0
    while (high !== 0) {
      buffer[at++] = (low & 127) | 128
      low = ((low >>> 7) | (high << 25)) >>> 0
      high >>>= 7
    }
    this.length = at
    this.varint(low)
  }

  /** Appends a number from 0 to 2^53 in eight bytes. */
  fixed64Field(field: number, n: number): void {
    this.varint(field * 8 + I64)
    this.u32(n % TWO32)
    this.u32(Math.floor(n / TWO32))
  }

  /** Appends a trusted or escaped text. */
  textField(field: number, text: string): void {
    const start = this.open(field)
    this.trusted(text)
    this.close(start)
  }

  /** Starts a message, or a text that the caller appends; returns the argument for close(). */
  open(field: number): number {
    this.varint(field * 8 + LENGTH)
    this.ensureCapacity(2)
    this.length += 2
    return this.length
  }

  /** Ends the message that started at `start`. */
  close(start: number): void {
    let size = this.length - start
    if (size < SHORT) {
      this.buffer[start - 2] = (size & 127) | 128
      this.buffer[start - 1] = size >> 7
      return
    }
    this.ensureCapacity(2)
    this.renew()
    this.buffer.copyWithin(start + 2, start, this.length)
    this.length += 2
    for (let at = start - 2; at < start + 2; at++, size >>>= 7)
      this.buffer[at] = at === start + 1 ? size : (size & 127) | 128
  }

  private varint(n: number): void {
    this.ensureCapacity(10)
    const { buffer } = this
    let at = this.length
    let rest = n
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128
    for (; rest > 127; rest >>>= 7) buffer[at++] = (rest & 127) | 128
    buffer[at++] = rest
    this.length = at
  }
}
