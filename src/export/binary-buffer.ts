// A buffer for binary formats: numbers and bytes; text is appended as in ByteWriter.
import { ByteWriter } from '../render/bytes/byte-writer.js'

export class BinaryBuffer extends ByteWriter {
  /** Appends the lower 16 bits, the low byte first. */
  u16(n: number): void {
    this.ensureCapacity(2)
    this.words.setUint16(this.length, n, true)
    this.length += 2
  }

  /** Appends the lower 32 bits, the low byte first. */
  u32(n: number): void {
    this.ensureCapacity(4)
    this.words.setUint32(this.length, n, true)
    this.length += 4
  }

  /** Appends bytes. */
  bytes(bytes: Uint8Array): void {
    this.ensureCapacity(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Appends bytes [from, to). */
  slice(bytes: Uint8Array, from: number, to: number): void {
    const n = to - from
    this.ensureCapacity(n)
    const { buffer, length } = this
    // for few bytes a loop is faster than a call
    if (n < 64) for (let i = 0; i < n; i++) buffer[length + i] = bytes[from + i] as number
    else buffer.set(bytes.subarray(from, to), length)
    this.length += n
  }

  /** Appends `n` zeros. */
  zeros(n: number): void {
    this.ensureCapacity(n)
    this.buffer.fill(0, this.length, this.length + n)
    this.length += n
  }

  /** Overwrites 16 bits, the high byte first. */
  patchU16(at: number, n: number): void {
    this.words.setUint16(at, n)
  }

  /** Overwrites 32 bits, the low byte first if `little`. */
  patchU32(at: number, n: number, little = false): void {
    this.words.setUint32(at, n, little)
  }

  /** The 16 bits at an offset, the high byte first. */
  u16At(at: number): number {
    return this.words.getUint16(at)
  }
}
