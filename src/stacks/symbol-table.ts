// Looks up names by address, for all kinds of symbol tables.

/** Functions or other named items, in any order. */
export class SymbolList {
  starts = new Float64Array(64)
  /** bytes; 0: unknown, extends to the next one */
  sizes = new Uint32Array(64)
  /** a reference to the name, resolved by SymbolTable */
  names = new Uint32Array(64)
  length = 0

  add(start: number, size: number, name: number): void {
    const i = this.length
    if (i === this.starts.length) this.grow()
    this.starts[i] = start
    this.sizes[i] = Math.min(size, 0xffffffff)
    this.names[i] = name
    this.length++
  }

  private grow(): void {
    const capacity = Math.ceil(this.length * 1.5)
    const { starts, sizes, names } = this
    this.starts = new Float64Array(capacity)
    this.starts.set(starts)
    this.sizes = new Uint32Array(capacity)
    this.sizes.set(sizes)
    this.names = new Uint32Array(capacity)
    this.names.set(names)
  }
}

export class SymbolTable {
  private readonly starts: Float64Array
  private readonly sizes: Uint32Array
  private readonly names: Uint32Array

  /**
   * Of symbols with the same start, the last one with a size is used.
   * @param nameOf returns the text of a name when it is needed
   * @param bytes memory that the texts take
   */
  constructor(
    list: SymbolList,
    private readonly nameOf: (name: number) => string,
    private readonly bytes: number,
  ) {
    const order = sorted(list)
    let count = 0
    for (let k = 0; k < order.length; k++) {
      const i = order[k] as number
      const before = order[count - 1] as number
      if (count > 0 && list.starts[before] === list.starts[i]) {
        if (list.sizes[i] !== 0 || list.sizes[before] === 0) order[count - 1] = i
      } else order[count++] = i
    }
    const kept = order.subarray(0, count)
    this.starts = Float64Array.from(kept, (i) => list.starts[i] as number)
    this.sizes = Uint32Array.from(kept, (i) => list.sizes[i] as number)
    this.names = Uint32Array.from(kept, (i) => list.names[i] as number)
  }

  /** approximate bytes of memory */
  get weight(): number {
    return this.bytes + this.starts.length * 16
  }

  /** The name at an address; undefined: unknown. */
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
    return address < end ? this.nameOf(this.names[found] as number) : undefined
  }
}

const DIGIT = 65536

/**
 * Indices of the list sorted by start, stable: a radix sort, whose time depends only on the number of symbols. The starts of one table have
 * the same sign.
 */
function sorted({ starts, length }: SymbolList): Uint32Array {
  let order = Uint32Array.from({ length }, (_, i) => i)
  let next = new Uint32Array(length)
  const digits = new Uint16Array(length)
  for (let shift = 0; shift < 4; shift++) {
    const counts = new Uint32Array(DIGIT)
    const unit = DIGIT ** shift
    for (let i = 0; i < length; i++) {
      // a negative remainder, stored as an unsigned 16-bit number, is the digit of the two's complement
      digits[i] = Math.floor((starts[i] as number) / unit) % DIGIT
      counts[digits[i] as number] = (counts[digits[i] as number] as number) + 1
    }
    if (counts.includes(length)) continue
    for (let d = 0, sum = 0; d < DIGIT; d++) {
      const count = counts[d] as number
      counts[d] = sum
      sum += count
    }
    for (let k = 0; k < length; k++) {
      const i = order[k] as number
      const digit = digits[i] as number
      next[counts[digit] as number] = i
      counts[digit] = (counts[digit] as number) + 1
    }
    ;[order, next] = [next, order]
  }
  return order
}
