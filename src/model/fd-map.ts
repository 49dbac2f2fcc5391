// Descriptors by number, used like a Map. Linux assigns the lowest free number, so nearly all are small: those are indexes of
// an array.
import type { Fd } from './fd.js'

/** Numbers from here on are never in the array. */
const LOW = 1024
/** Nor is a number this far beyond twice the array's length: many shells have one at 255, and each fork copies the array. */
const APART = 32

export class FdMap {
  private low: (Fd | undefined)[] = []
  private lowCount = 0
  private high: Map<number, Fd> | undefined = undefined

  /** Number of descriptors. */
  get size(): number {
    return this.lowCount + (this.high?.size ?? 0)
  }

  get(num: number): Fd | undefined {
    if (num >= 0 && num < this.low.length) return this.low[num]
    return this.high?.get(num)
  }

  has(num: number): boolean {
    return this.get(num) !== undefined
  }

  set(num: number, fd: Fd): void {
    const { low } = this
    if (!(num >= 0 && num < low.length) && !this.grow(num)) {
      this.high ??= new Map()
      this.high.set(num, fd)
      return
    }
    if (low[num] === undefined) this.lowCount++
    low[num] = fd
  }

  delete(num: number): void {
    if (num >= 0 && num < this.low.length) {
      if (this.low[num] !== undefined) this.lowCount--
      this.low[num] = undefined
    } else this.high?.delete(num)
  }

  /** Removes this very descriptor; false: it is not in the map. */
  take(fd: Fd): boolean {
    const { num } = fd
    const { low } = this
    if (!(num >= 0 && num < low.length)) return this.high?.get(num) === fd && this.high.delete(num)
    if (low[num] !== fd) return false
    low[num] = undefined
    this.lowCount--
    return true
  }

  /** All descriptors in the map: the small numbers in order, then the others. */
  values(): Fd[] {
    const all: Fd[] = []
    for (const fd of this.low) if (fd !== undefined) all.push(fd)
    if (this.high !== undefined) for (const fd of this.high.values()) all.push(fd)
    return all
  }

  /** A separate map with the same Fd objects, which both then share. */
  copy(): FdMap {
    const copy = new FdMap()
    copy.low = this.low.slice()
    copy.lowCount = this.lowCount
    if (this.high !== undefined) copy.high = new Map(this.high)
    for (const fd of this.low) if (fd !== undefined) fd.shared = true
    if (this.high !== undefined) for (const fd of this.high.values()) fd.shared = true
    return copy
  }

  /** A separate map with the Fd objects that `keep` accepts, which both then share. */
  only(keep: (fd: Fd) => boolean): FdMap {
    const copy = new FdMap()
    for (const fd of this.values()) {
      if (!keep(fd)) continue
      fd.shared = true
      copy.set(fd.num, fd)
    }
    return copy
  }

  /** Extends the array so that it includes the number, unless it is too far beyond the end. */
  private grow(num: number): boolean {
    const { low, high } = this
    if (!(num >= 0 && num < LOW && num <= 2 * low.length + APART)) return false
    while (low.length <= num) low.push(undefined)
    if (high !== undefined)
      for (const [n, fd] of high)
        if (n >= 0 && n < low.length) {
          low[n] = fd
          this.lowCount++
          high.delete(n)
        }
    return true
  }
}
