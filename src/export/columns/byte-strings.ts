// A set of distinct byte strings, numbered in order of insertion: found by hash, stored in one buffer.
import { ByteWriter } from '../../render/bytes/byte-writer.js'

const START = 1 << 12

/** A buffer whose bytes can be read. */
export class Scratch extends ByteWriter {
  get at(): DataView {
    return this.words
  }

  get raw(): Uint8Array {
    return this.buffer
  }
}

export class ByteStrings {
  /** offset of each in `stored` */
  private starts = new Uint32Array(START)
  private hashes = new Int32Array(START)
  /** a number that is part of each string's identity */
  private tags = new Int32Array(START)
  /** hash table: number of a string plus 1, 0 for an empty slot */
  private table = new Int32Array(START * 2)
  private readonly stored = new Scratch()
  count = 0

  /** total bytes */
  get length(): number {
    return this.stored.length
  }

  /** The number of the string [from, to) of another buffer with `tag`; a new one gets the number `count`. */
  index(other: Scratch, from: number, to: number, tag = 0): number {
    const view = other.at
    const hash = hashOf(view, from, to) ^ Math.imul(tag, 0x9e3779b1)
    const { table, hashes, tags } = this
    const mask = table.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (let found = table[slot] as number; found !== 0; found = table[slot] as number) {
      const i = found - 1
      if (hashes[i] === hash && tags[i] === tag && this.holds(i, view, from, to)) return i
      slot = (slot + 1) & mask
    }
    return this.insert(other, from, to, hash, tag, slot)
  }

  clear(): void {
    this.stored.clear()
    this.count = 0
    this.table.fill(0)
  }

  /** The bytes of all strings, concatenated. */
  get raw(): Uint8Array {
    return this.stored.raw
  }

  /** Offset of the i-th string. */
  start(i: number): number {
    return this.starts[i] as number
  }

  /** End of the i-th string. */
  end(i: number): number {
    return i + 1 === this.count ? this.stored.length : (this.starts[i + 1] as number)
  }

  /** Whether the i-th string equals bytes [from, to) of another buffer. */
  is(i: number, other: Scratch, from: number, to: number): boolean {
    return this.holds(i, other.at, from, to)
  }

  private holds(i: number, view: DataView, from: number, to: number): boolean {
    const start = this.starts[i] as number
    const length = to - from
    if (this.end(i) - start !== length) return false
    const stored = this.stored.at
    let at = 0
    for (; at + 8 <= length; at += 8)
      if (
        stored.getInt32(start + at, true) !== view.getInt32(from + at, true) ||
        stored.getInt32(start + at + 4, true) !== view.getInt32(from + at + 4, true)
      )
        return false
    for (; at + 4 <= length; at += 4)
      if (stored.getInt32(start + at, true) !== view.getInt32(from + at, true)) return false
    for (; at < length; at++) if (stored.getUint8(start + at) !== view.getUint8(from + at)) return false
    return true
  }

  private insert(other: Scratch, from: number, to: number, hash: number, tag: number, slot: number): number {
    const i = this.count++
    if (i === this.starts.length) this.grow()
    this.starts[i] = this.stored.length
    this.stored.copy(other, from, to)
    this.hashes[i] = hash
    this.tags[i] = tag
    this.table[slot] = i + 1
    if (this.count * 2 > this.table.length) this.rehash()
    return i
  }

  private grow(): void {
    const n = this.starts.length * 2
    const starts = new Uint32Array(n)
    starts.set(this.starts)
    this.starts = starts
    const larger = (old: Int32Array) => {
      const to = new Int32Array(n)
      to.set(old)
      return to
    }
    this.hashes = larger(this.hashes)
    this.tags = larger(this.tags)
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2)
    const mask = table.length - 1
    for (let i = 0; i < this.count; i++) {
      const hash = this.hashes[i] as number
      let slot = (hash ^ (hash >>> 15)) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = i + 1
    }
    this.table = table
  }
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from
  let i = from
  for (const last = to - 8; i <= last; i += 8) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0x85ebca6b) + Math.imul(view.getInt32(i + 4, true), 0xc2b2ae35)
    hash ^= hash >>> 13
  }
  for (const last = to - 4; i <= last; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0x85ebca6b)
    hash ^= hash >>> 13
  }
  for (; i < to; i++) hash = Math.imul(hash ^ view.getUint8(i), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
