// Names by address: what symbol tables of all kinds become.

/** Functions, or whatever has a name, in any order. */
export class SymbolList {
  starts = new Float64Array(64)
  /** bytes; 0: unknown, up to the next one */
  sizes = new Uint32Array(64)
  /** what the name is found by */
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
    const room = Math.ceil(this.length * 1.5)
    const { starts, sizes, names } = this
    this.starts = new Float64Array(room)
    this.starts.set(starts)
    this.sizes = new Uint32Array(room)
    this.sizes.set(sizes)
    this.names = new Uint32Array(room)
    this.names.set(names)
  }
}

export class SymbolTable {
  private readonly starts: Float64Array
  private readonly sizes: Uint32Array
  private readonly names: Uint32Array

  /**
   * Of symbols with the same start, the last one counts that has a size.
   * @param nameOf the text of a name; called when it is needed
   * @param bytes how much memory the texts take
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

  /** bytes of memory, about */
  get weight(): number {
    return this.bytes + this.starts.length * 16
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
    return address < end ? this.nameOf(this.names[found] as number) : undefined
  }
}

const DIGIT = 65536

/**
 * Places in the list by start, equal ones as they were added: a radix sort, whose time depends on the number of symbols alone. Starts of
 * one table have the same sign.
 */
function sorted({ starts, length }: SymbolList): Uint32Array {
  let order = Uint32Array.from({ length }, (_, i) => i)
  let next = new Uint32Array(length)
  const digits = new Uint16Array(length)
  for (let shift = 0; shift < 4; shift++) {
    const counts = new Uint32Array(DIGIT)
    const unit = DIGIT ** shift
    for (let i = 0; i < length; i++) {
      // a negative remainder becomes, in 16 bits without a sign, the digit of the two's complement
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
