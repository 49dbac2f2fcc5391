// Appends values to the body of a block; the counterpart of reader.ts.
import { encodeText } from '../../model/text.js'
import { FRAME, FRAME_HEAD } from '../blocks.js'

export class Packer {
  private bytes = Buffer.alloc(1024)
  private at = 0

  get length(): number {
    return this.at
  }

  /** The bytes so far. */
  get view(): Uint8Array {
    return this.bytes.subarray(0, this.at)
  }

  private take(n: number): number {
    if (this.at + n > this.bytes.length) {
      const larger = Buffer.alloc(2 * (this.at + n))
      this.bytes.copy(larger, 0, 0, this.at)
      this.bytes = larger
    }
    this.at += n
    return this.at - n
  }

  u8(v: number): this {
    const at = this.take(1)
    this.bytes.writeUInt8(v & 0xff, at)
    return this
  }
  u16(v: number): this {
    const at = this.take(2)
    this.bytes.writeUInt16LE(v & 0xffff, at)
    return this
  }
  u32(v: number): this {
    const at = this.take(4)
    this.bytes.writeUInt32LE(v >>> 0, at)
    return this
  }
  /** A signed or unsigned 64-bit integer. */
  u64(v: number | bigint): this {
    if (typeof v === 'number' && v >= 0 && v <= 0xffffffff) return this.u32(v).u32(0)
    const at = this.take(8)
    this.bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(v)), at)
    return this
  }
  raw(v: Uint8Array): this {
    const at = this.take(v.length)
    this.bytes.set(v, at)
    return this
  }

  /** Text after its length, cut to `most` bytes, which is libs' limit. */
  text(v: string, most: number): this {
    const bytes = encodeText(v).subarray(0, most)
    return this.u16(bytes.length).raw(bytes)
  }

  /** Texts, each with a NUL, after their total length, cut to `most` bytes, which is libs' limit. */
  texts(list: readonly string[], most: number): this {
    const bytes = encodeText(list.map((item) => `${item}\0`).join('')).subarray(0, most)
    return this.u16(bytes.length).raw(bytes)
  }

  /** Text in a field of n bytes, the rest of which is NUL. */
  fixedText(v: string, n: number): this {
    const field = Buffer.alloc(n)
    field.set(encodeText(v).subarray(0, n - 1))
    return this.raw(field)
  }

  /** An entry of a list after its length, which may include itself. */
  entry(countsItself: boolean, fill: (p: this) => void): this {
    const start = this.take(4)
    fill(this)
    this.bytes.writeUInt32LE(this.at - start - (countsItself ? 0 : 4), start)
    return this
  }

  /** All values as a block of that type. */
  block(type: number): Buffer {
    const padded = (this.at + 3) & ~3
    const out = Buffer.alloc(padded + FRAME)
    out.writeUInt32LE(type, 0)
    out.writeUInt32LE(out.length, 4)
    this.bytes.copy(out, FRAME_HEAD, 0, this.at)
    out.writeUInt32LE(out.length, FRAME_HEAD + padded)
    return out
  }
}
