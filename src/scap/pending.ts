// Enter events that wait for their exit, one a thread. They stay where they were read; when the input window moves on, those
// still waiting are copied along.
import { IdTable } from './thread-ids.js'

/** Bytes of waiting events that are carried along at most; a damaged file must not fill the memory. */
const CARRY_LIMIT = 16 << 20
const MAX_WAITING = 1 << 20

export class Pending {
  /** per slot: code, parameter count, time (ns since the start), position of the event header in the window and its length */
  code = new Uint16Array(256)
  count = new Uint8Array(256)
  time = new Float64Array(256)
  at = new Int32Array(256)
  length = new Int32Array(256)
  /** length of a parameter's length, 2 or 4 */
  wide = new Uint8Array(256)
  private tid = new Float64Array(256)
  private readonly slots = new IdTable()
  private readonly free: number[] = []
  private used = 1

  /** The slot of a thread's waiting event, 0 when none waits. */
  of(tid: number): number {
    return this.slots.get(tid)
  }

  /** The slot for a new waiting event of a thread; an older one of it is forgotten. 0 when there are too many. */
  slot(tid: number): number {
    let s = this.slots.get(tid)
    if (s !== 0) return s
    const free = this.free.pop()
    if (free !== undefined) s = free
    else {
      if (this.used >= MAX_WAITING) return 0
      if (this.used === this.code.length) this.grow()
      s = this.used++
    }
    this.slots.set(tid, s)
    this.tid[s] = tid
    return s
  }

  /** The event has met its exit, or never will. */
  release(tid: number, slot: number): void {
    this.slots.set(tid, 0)
    this.tid[slot] = Number.NaN
    this.free.push(slot)
  }

  clear(): void {
    this.slots.clear()
    this.free.length = 0
    this.used = 1
  }

  /** Copies what waits from the window's old place to the front of the new one; returns the bytes used there. */
  carry(from: Uint8Array, to: Uint8Array): number {
    let end = 0
    for (let s = 1; s < this.used; s++) {
      const tid = this.tid[s] as number
      if (Number.isNaN(tid)) continue
      const at = this.at[s] as number
      const length = this.length[s] as number
      if (end + length > CARRY_LIMIT || end + length > to.length) {
        this.release(tid, s)
        continue
      }
      to.set(from.subarray(at, at + length), end)
      this.at[s] = end
      end += length
    }
    return end
  }

  /** Bytes that carry() would copy. */
  get bytes(): number {
    let sum = 0
    for (let s = 1; s < this.used; s++) if (!Number.isNaN(this.tid[s] as number)) sum += this.length[s] as number
    return Math.min(sum, CARRY_LIMIT)
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
    this.at = bigger(new Int32Array(size), this.at)
    this.length = bigger(new Int32Array(size), this.length)
    this.wide = bigger(new Uint8Array(size), this.wide)
    this.tid = bigger(new Float64Array(size), this.tid)
  }
}
