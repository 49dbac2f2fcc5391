// Puts what several threads formatted in order, and writes it one piece at a time.

import type { Output } from '../output/stdout.js'
import { PORTION } from './shared-slots.js'

/** Some bytes of a portion. */
export interface Piece {
  readonly bytes: Uint8Array
  /** they were written */
  release(): void
}

interface Portion {
  /** lines that the pieces so far go up to */
  lines: number
  pieces: Piece[]
}

export class OrderedWriter {
  /** the portion that is being written */
  private head = 0
  private readonly portions = new Map<number, Portion>()
  private writing: Promise<void> | void = undefined
  private last: Piece | undefined

  constructor(private readonly out: Output) {}

  /** Adds the next piece of a portion, with which it has so many lines (0: not known). */
  put(portion: number, lines: number, piece: Piece): void {
    const p = this.portions.get(portion)
    if (p === undefined) this.portions.set(portion, { lines, pieces: [piece] })
    else {
      p.lines = Math.max(p.lines, lines)
      p.pieces.push(piece)
    }
  }

  /**
   * Writes what is here as far as nothing is missing. True when that is all up to line `lines` of a portion, which is as far
   * as the file was read. The last piece may still be on its way.
   */
  async write(portion: number, lines: number): Promise<boolean> {
    for (;;) {
      const p = this.portions.get(this.head)
      for (const piece of p?.pieces ?? []) await this.send(piece)
      if (p !== undefined) p.pieces = []
      const got = p?.lines ?? 0
      if (this.head === portion) return got >= lines
      if (got < PORTION) return false
      this.portions.delete(this.head++)
    }
  }

  private async send(piece: Piece): Promise<void> {
    await this.settle()
    this.last = piece
    this.writing = this.out.write(piece.bytes)
    // a failure is told to whoever writes the next piece, or ends
    this.writing?.catch(() => undefined)
  }

  /** Fulfilled when everything that was begun is written. Throws what Output.write() does. */
  async settle(): Promise<void> {
    await this.writing
    this.last?.release()
    this.last = undefined
  }
}
