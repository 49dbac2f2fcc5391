// Enter events that wait for their exit, one a thread: a copy of their parameters, short ones side by side in one buffer.
import { IdTable } from './thread-ids.js'

/** Parameters up to this size lie in the common buffer. */
const SHORT = 48
/** Bytes of longer ones that are kept at most; a damaged file must not fill the memory. */
const APART_LIMIT = 16 << 20
const MAX_WAITING = 1 << 20

export class Pending {
  /** per slot: code, parameter count, time (ns since the start), bytes, length of a parameter's length (2 or 4) */
  code = new Uint16Array(256)
  count = new Uint8Array(256)
  time = new Float64Array(256)
  length = new Uint32Array(256)
  wide = new Uint8Array(256)
  private short = new Uint8Array(256 * SHORT)
  private readonly apart = new Map<number, Uint8Array>()
  private apartBytes = 0
  private readonly slots = new IdTable()
  private readonly free: number[] = []
  private used = 1

  /** The slot of a thread's waiting event, 0 when none waits. */
  of(tid: number): number {
    return this.slots.get(tid)
  }

  /** The buffer that holds a slot's parameters, from at(slot) on. */
  bytes(slot: number): Uint8Array {
    return (this.length[slot] as number) <= SHORT ? this.short : (this.apart.get(slot) as Uint8Array)
  }

  at(slot: number): number {
    return (this.length[slot] as number) <= SHORT ? slot * SHORT : 0
  }

  /** Keeps a thread's event, whose parameters are bytes [from, to); an older one of it is forgotten. */
  keep(
    tid: number,
    code: number,
    n: number,
    wide: number,
    time: number,
    b: Uint8Array,
    from: number,
    to: number,
  ): void {
    const length = n === 0 ? 0 : to - from
    const old = this.slots.get(tid)
    if (old !== 0) this.drop(old)
    if (length > SHORT && this.apartBytes + length > APART_LIMIT) {
      if (old !== 0) this.release(tid, old)
      return
    }
    const slot = old !== 0 ? old : this.take(tid)
    if (slot === 0) return
    this.code[slot] = code
    this.count[slot] = n
    this.time[slot] = time
    this.length[slot] = length
    this.wide[slot] = wide
    if (length > SHORT) {
      this.apart.set(slot, b.slice(from, to))
      this.apartBytes += length
    } else for (let i = 0, k = slot * SHORT; i < length; i++) this.short[k + i] = b[from + i] as number
  }

  /** The event has met its exit, or never will. */
  release(tid: number, slot: number): void {
    this.drop(slot)
    this.slots.set(tid, 0)
    this.free.push(slot)
  }

  clear(): void {
    this.slots.clear()
    this.apart.clear()
    this.apartBytes = 0
    this.free.length = 0
    this.used = 1
  }

  private drop(slot: number): void {
    if ((this.length[slot] as number) <= SHORT) return
    this.apart.delete(slot)
    this.apartBytes -= this.length[slot] as number
    this.length[slot] = 0
  }

  private take(tid: number): number {
    let slot = this.free.pop()
    if (slot === undefined) {
      if (this.used > MAX_WAITING) return 0
      if (this.used === this.code.length) this.grow()
      slot = this.used++
    }
    this.slots.set(tid, slot)
    return slot
  }

  private grow(): void {
    const size = this.code.length * 2
    const bigger = <T extends { set(a: T): void }>(made: T, old: T): T => {
      made.set(old)
      return made
    }
    this.code = bigger(new Uint16Array(size), this.code)
    this.count = bigger(new Uint8Array(size), this.count)
    this.time = bigger(new Float64Array(size), this.time)
    this.length = bigger(new Uint32Array(size), this.length)
    this.wide = bigger(new Uint8Array(size), this.wide)
    this.short = bigger(new Uint8Array(size * SHORT), this.short)
  }
}
