// A small table by thread id: whose process a thread is, and where its pending enter event is kept. Ids that a kernel can
// have lie in a typed array that grows; what only a damaged file can name goes into a map.

/** Largest id of a Linux thread. */
const KERNEL_LIMIT = 1 << 22

export class IdTable {
  private values = new Int32Array(1 << 16)
  private readonly others = new Map<number, number>()

  /** The value kept for an id, 0 when there is none. */
  get(id: number): number {
    if (id >= 0 && id < this.values.length) return this.values[id] as number
    return this.others.size === 0 ? 0 : (this.others.get(id) ?? 0)
  }

  set(id: number, value: number): void {
    if (id >= 0 && id < KERNEL_LIMIT) {
      if (id >= this.values.length) this.grow(id)
      this.values[id] = value
    } else if (value === 0) this.others.delete(id)
    else this.others.set(id, value)
  }

  clear(): void {
    this.values.fill(0)
    this.others.clear()
  }

  private grow(id: number): void {
    let size = this.values.length
    while (size <= id) size *= 2
    const more = new Int32Array(size)
    more.set(this.values)
    this.values = more
  }
}
