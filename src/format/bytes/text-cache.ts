// Texts that come again and again, the names of programs and events, kept ready to be appended.
import { Piece } from './encoded-text.js'

/** Texts kept; a hostile file may hold any number. */
const MOST = 1024

export class Pieces {
  private readonly made = new Map<string, Piece>()
  private last = ''
  private piece: Piece

  /** `shape` makes what is printed of a text. */
  constructor(private readonly shape: (text: string) => string) {
    this.piece = new Piece(shape(''))
  }

  /** The piece of a text, made when it is met for the first time. */
  of(text: string): Piece {
    if (text !== this.last) {
      this.piece = this.made.get(text) ?? this.make(text)
      this.last = text
    }
    return this.piece
  }

  private make(text: string): Piece {
    if (this.made.size >= MOST) this.made.clear()
    const piece = new Piece(this.shape(text))
    this.made.set(text, piece)
    return piece
  }
}
