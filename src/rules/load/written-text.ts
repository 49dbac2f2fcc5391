// A text in the filter language or a format as rules files have it: in one place, or in several where something was appended to
// it or an exception makes it. What is wrong at a position of it is told at its place in a file.
import type { YamlScalar } from '../yaml/node.js'
import { sourceOffset } from '../yaml/scalar-offsets.js'
import type { TextFile } from '../yaml/text-file.js'

/** A place in a file: an offset in UTF-16 units. */
export interface Spot {
  readonly file: TextFile
  readonly at: number
}

interface Piece {
  /** position in the whole text */
  readonly start: number
  readonly node: YamlScalar
  /** the text is the node's value, letter by letter */
  readonly verbatim: boolean
}

export class WrittenText {
  /** Pieces in their order, at least one. */
  constructor(
    readonly text: string,
    private readonly pieces: readonly Piece[],
  ) {}

  static from(node: YamlScalar): WrittenText {
    return new WrittenText(node.value, [{ start: 0, node, verbatim: true }])
  }

  /** The text with another one behind it and a blank between. */
  append(node: YamlScalar): WrittenText {
    const start = this.text.length + 1
    return new WrittenText(`${this.text} ${node.value}`, [...this.pieces, { start, node, verbatim: true }])
  }

  /** Where a position of the text stands. */
  spot(position: number): Spot {
    let low = 0
    for (let high = this.pieces.length; high - low > 1; ) {
      const middle = (low + high) >> 1
      if ((this.pieces[middle] as Piece).start <= position) low = middle
      else high = middle
    }
    const { start, node, verbatim } = this.pieces[low] as Piece
    return { file: node.file, at: verbatim ? sourceOffset(node, Math.max(0, position - start)) : node.at }
  }
}

/** Makes a text of values of nodes and of words between them. */
export class TextBuilder {
  private text = ''
  private readonly pieces: Piece[] = []

  add(words: string): void {
    this.text += words
  }

  /** Adds what is written for a node: its value, or that in other words. */
  addNode(node: YamlScalar, written = node.value): void {
    this.pieces.push({ start: this.text.length, node, verbatim: written === node.value })
    this.text += written
  }

  get length(): number {
    return this.text.length
  }

  /** The text; a node was added before. */
  done(): WrittenText {
    return new WrittenText(this.text, this.pieces)
  }
}
