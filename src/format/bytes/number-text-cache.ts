// Texts of numbers that take few values in practice (flags, kinds, modes, errors), kept ready to be appended.
import { Piece } from './encoded-text.js'

/** Texts kept. A value that finds another one in its slot takes its place: any number of them may come. */
const SLOTS = 256

/** Numbers are in two halves of 32 bits. */
export class KeptTexts {
  private readonly pieces: (Piece | undefined)[] = new Array<Piece | undefined>(SLOTS).fill(undefined)
  private readonly lows = new Int32Array(SLOTS)
  private readonly highs = new Int32Array(SLOTS)

  /** The text of a number, undefined when it is not kept. */
  find(low: number, high: number): Piece | undefined {
    const slot = slotOf(low, high)
    return this.lows[slot] === low && this.highs[slot] === high ? this.pieces[slot] : undefined
  }

  /** Keeps the text of a number. mark: see Piece. */
  keep(low: number, high: number, text: string, mark?: number): Piece {
    const slot = slotOf(low, high)
    const piece = new Piece(text, mark)
    this.pieces[slot] = piece
    this.lows[slot] = low
    this.highs[slot] = high
    return piece
  }
}

function slotOf(low: number, high: number): number {
  return Math.imul(low ^ Math.imul(high, 31), 0x9e3779b1) >>> 24
}
