// Names by address: what symbol tables of all kinds become.

/** A function, or whatever has a name, at an address. */
export interface SymbolEntry {
  readonly start: number
  /** bytes; 0: unknown, up to the next one */
  readonly size: number
}

export class SymbolTable {
  private readonly starts: Float64Array
  private readonly sizes: Float64Array
  private readonly order: Uint32Array

  /**
   * symbols: in any order.
   * @param nameOf the name of symbols[i]; asked when it is needed
   * @param bytes how much memory the names take
   */
  constructor(
    symbols: readonly SymbolEntry[],
    private readonly nameOf: (i: number) => string,
    private readonly bytes: number,
  ) {
    const order = Uint32Array.from(symbols.keys()).sort((a, b) => {
      const [x, y] = [symbols[a] as SymbolEntry, symbols[b] as SymbolEntry]
      return x.start - y.start || x.size - y.size
    })
    this.order = order
    this.starts = Float64Array.from(order, (i) => (symbols[i] as SymbolEntry).start)
    this.sizes = Float64Array.from(order, (i) => (symbols[i] as SymbolEntry).size)
  }

  /** bytes of memory, about */
  get weight(): number {
    return this.bytes + this.starts.length * 20
  }

  /** The name of what is at an address; undefined: nothing is known there. */
  at(address: number): string | undefined {
    const { starts, sizes } = this
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] as number) <= address) low = middle + 1
      else high = middle
    }
    const found = low - 1
    if (found < 0) return undefined
    const size = sizes[found] as number
    const end = size === 0 ? (starts[low] ?? Number.POSITIVE_INFINITY) : (starts[found] as number) + size
    return address < end ? this.nameOf(this.order[found] as number) : undefined
  }
}
