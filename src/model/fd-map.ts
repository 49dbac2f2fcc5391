// Descriptors by number, used like a Map. Linux gives the lowest free number, so nearly all are small: those are indexes
// of an array.
import type { Fd } from './fd.js'

/** Numbers below this lie in the array. */
const LOW = 1024

export class FdMap {
  private readonly low: (Fd | undefined)[] = []
  private lowCount = 0
  private high: Map<number, Fd> | undefined = undefined

  /** How many there are. */
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
    if (!(num >= 0 && num < LOW)) {
      this.high ??= new Map()
      this.high.set(num, fd)
      return
    }
    const { low } = this
    while (low.length <= num) low.push(undefined)
    if (low[num] === undefined) this.lowCount++
    low[num] = fd
  }

  delete(num: number): void {
    if (num >= 0 && num < this.low.length) {
      if (this.low[num] !== undefined) this.lowCount--
      this.low[num] = undefined
    } else this.high?.delete(num)
  }

  /** All of them as they are now: the small numbers in order, then the others. */
  values(): Fd[] {
    const all: Fd[] = []
    for (const fd of this.low) if (fd !== undefined) all.push(fd)
    if (this.high !== undefined) for (const fd of this.high.values()) all.push(fd)
    return all
  }

  /** A map of its own with the same files. */
  copy(): FdMap {
    const made = new FdMap()
    for (const fd of this.low) made.low.push(fd)
    made.lowCount = this.lowCount
    if (this.high !== undefined) made.high = new Map(this.high)
    return made
  }
}
