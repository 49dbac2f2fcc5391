// Reads values one after the other from a block's body. Nothing is read past the body's end: a value that does not fit
// throws Unreadable, which ends the block.
import type { Whole } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'

/** Nothing more can be made of a block; the message says of the block why, as the end of a sentence. */
export class Unreadable extends Error {}

const short = () => new Unreadable('ends in the middle of an entry')

const TWO32 = 4294967296

export class Reader {
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    public at = 0,
    public end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.end - this.at
  }

  private take(n: number): number {
    const at = this.at
    if (n > this.end - at) throw short()
    this.at = at + n
    return at
  }

  u8(): number {
    return this.view.getUint8(this.take(1))
  }
  u16(): number {
    return this.view.getUint16(this.take(2), true)
  }
  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }
  i32(): number {
    return this.view.getInt32(this.take(4), true)
  }
  /** A 64-bit value as Number; beyond 2^53 it is rounded. */
  u64(): number {
    const at = this.take(8)
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * TWO32
  }
  /** An exact 64-bit value. */
  whole(): Whole {
    const at = this.at
    const n = this.u64()
    return Number.isSafeInteger(n) ? n : this.view.getBigUint64(at, true)
  }
  i64(): number {
    const at = this.take(8)
    return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * TWO32
  }
  big(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }
  skip(n: number): void {
    this.take(n)
  }
  raw(n: number): Uint8Array {
    const at = this.take(n)
    return this.bytes.subarray(at, at + n)
  }

  /** A reader of the bytes [from, to) of the same data; throws Unreadable when they are not all there. */
  slice(from: number, to: number): Reader {
    if (to > this.end) throw short()
    return new Reader(this.bytes, from, to)
  }

  /** The length before an entry, which counts itself. */
  entryLength(): number {
    const length = this.u32()
    if (length < 4) throw new Unreadable('has an entry that is shorter than its length')
    return length
  }

  /** Goes on at `at`, which is not before what was read. */
  to(at: number): void {
    if (at < this.at) throw new Unreadable('has an entry that is longer than it says')
    this.take(at - this.at)
  }

  /** Text with a u16 length before it. */
  text(): string {
    const n = this.u16()
    const at = this.take(n)
    return decodeText(this.bytes, at, at + n)
  }

  /** NUL separated texts with a u16 length before them; a last NUL does not make an empty text. */
  texts(): string[] {
    const all = this.text()
    if (all === '') return []
    const items = all.split('\0')
    if (items[items.length - 1] === '') items.pop()
    return items
  }

  /** Text in a field of n bytes that ends at its first NUL. */
  fixedText(n: number): string {
    const at = this.take(n)
    let to = at
    while (to < at + n && this.bytes[to] !== 0) to++
    return decodeText(this.bytes, at, to)
  }
}
