// Texts of numbers that take few values in practice (flags, kinds, modes, errors), kept ready to be appended.
import { EncodedText } from './encoded-text.js'

/** Texts kept. A value that finds another one in its slot takes its place: any number of them may come. */
const SLOTS = 256

/** Numbers are in two halves of 32 bits. */
export class NumberTextCache {
  private readonly cached: (EncodedText | undefined)[] = new Array<EncodedText | undefined>(SLOTS).fill(undefined)
  private readonly lows = new Int32Array(SLOTS)
  private readonly highs = new Int32Array(SLOTS)

  /** The text of a number, undefined when it is not kept. */
  find(low: number, high: number): EncodedText | undefined {
    const slot = slotOf(low, high)
    return this.lows[slot] === low && this.highs[slot] === high ? this.cached[slot] : undefined
  }

  /** Keeps the text of a number. mark: see EncodedText. */
  keep(low: number, high: number, text: string, mark?: number): EncodedText {
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
