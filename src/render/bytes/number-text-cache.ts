// Caches texts of numbers that take few values in practice (flags, kinds, modes, errors).
import { EncodedText } from './encoded-text.js'

/** Number of cached texts. A new value replaces the one in its slot, so any number of values may occur. */
const SLOTS = 256

/** Numbers are given as two halves of 32 bits. */
export class NumberTextCache {
  private readonly cached: (EncodedText | undefined)[] = new Array<EncodedText | undefined>(SLOTS).fill(undefined)
  private readonly lows = new Int32Array(SLOTS)
  private readonly highs = new Int32Array(SLOTS)

  /** The text of a number; undefined if it is not cached. */
  find(low: number, high: number): EncodedText | undefined {
    const slot = slotOf(low, high)
    return this.lows[slot] === low && this.highs[slot] === high ? this.cached[slot] : undefined
  }

  /** Caches the text of a number. mark: see EncodedText. */
  add(low: number, high: number, text: string, mark?: number): EncodedText {
    const slot = slotOf(low, high)
    const encoded = new EncodedText(text, mark)
    this.cached[slot] = encoded
    this.lows[slot] = low
    this.highs[slot] = high
    return encoded
  }
}

function slotOf(low: number, high: number): number {
  return Math.imul(low ^ Math.imul(high, 31), 0x9e3779b1) >>> 24
}
