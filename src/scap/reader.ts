// Reads values from the body of a block in order. A value that exceeds the body throws Unreadable, which ends the
// block.
import type { Whole } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'

/** The rest of a block is unreadable. The message is the end of a sentence about the block. */
export class Unreadable extends Error {}

const truncated = () => new Unreadable('ends in the middle of an entry')

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
    if (n > this.end - at) throw truncated()
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
  /** A 64-bit value as a number, rounded above 2^53. */
  u64(): number {
    const at = this.take(8)
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * TWO32
  }
  /** An exact 64-bit value. */
  exactU64(): Whole {
    const at = this.at
    const n = this.u64()
    return Number.isSafeInteger(n) ? n : this.view.getBigUint64(at, true)
  }
  i64(): number {
    const at = this.take(8)
    return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * TWO32
  }
  bigU64(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }
  skip(n: number): void {
    this.take(n)
  }
  raw(n: number): Uint8Array {
    const at = this.take(n)
    return this.bytes.subarray(at, at + n)
  }

  /** A reader of the bytes [from, to) of the same data. Throws Unreadable if they are not all available. */
  slice(from: number, to: number): Reader {
    if (to > this.end) throw truncated()
    return new Reader(this.bytes, from, to)
  }

  /** The length at the start of an entry, which includes itself. */
  entryLength(): number {
    const length = this.u32()
    if (length < 4) throw new Unreadable('has an entry that is shorter than its length')
    return length
  }

  /** Skips to `at`. Throws Unreadable if it was passed already. */
  skipTo(at: number): void {
    if (at < this.at) throw new Unreadable('has an entry that exceeds its length')
    this.take(at - this.at)
  }

  /** Text after a u16 length. */
  text(): string {
    const n = this.u16()
    const at = this.take(n)
    return decodeText(this.bytes, at, at + n)
  }

  /** Texts separated by NULs, after a u16 length; a NUL at the end does not add an empty text. */
  texts(): string[] {
    const all = this.text()
    if (all === '') return []
    const items = all.split('\0')
    if (items[items.length - 1] === '') items.pop()
    return items
  }

  /** Text in a field of n bytes, up to the first NUL. */
  fixedText(n: number): string {
    const at = this.take(n)
    let to = at
    while (to < at + n && this.bytes[to] !== 0) to++
    return decodeText(this.bytes, at, to)
  }
}

/** Dotted form of the IPv4 address at `at`, in network byte order. */
export function ipv4(b: Uint8Array, at = 0): string {
  return `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`
}

/** Canonical form (RFC 5952) of the IPv6 address at `at`, in network byte order. */
export function ipv6(b: Uint8Array, at = 0): string {
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((b[at + i] as number) << 8) | (b[at + i + 1] as number))
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) return `::ffff:${ipv4(b, at + 12)}`
  let from = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && groups[i + n] === 0) n++
    if (n > length) {
      from = i
      length = n
    }
  }
  const hex = groups.map((g) => g.toString(16))
  if (from < 0) return hex.join(':')
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
}
