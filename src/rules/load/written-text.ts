// A condition or format as written in rules files: from one place, or from several if text was appended or an exception generates it. Maps
// positions in the text to places in files.
import type { YamlScalar } from '../yaml/node.js'
import { sourceOffset } from '../yaml/scalar-offsets.js'
import type { TextFile } from '../yaml/text-file.js'

/** A place in a file: an offset in UTF-16 units. */
export interface Spot {
  readonly file: TextFile
  readonly at: number
}

interface Piece {
  /** position in the complete text */
  readonly start: number
  readonly node: YamlScalar
  /** the text is exactly the node's value */
  readonly verbatim: boolean
}

export class WrittenText {
  /** Pieces in order, at least one. */
  constructor(
    readonly text: string,
    private readonly pieces: readonly Piece[],
  ) {}

  static from(node: YamlScalar): WrittenText {
    return new WrittenText(node.value, [{ start: 0, node, verbatim: true }])
  }

  /** The text followed by a blank and another text. */
  append(node: YamlScalar): WrittenText {
    const start = this.text.length + 1
    return new WrittenText(`${this.text} ${node.value}`, [...this.pieces, { start, node, verbatim: true }])
  }

  /** The place in a file of a position in the text. */
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

/** Builds a text from the values of nodes and text between them. */
export class TextBuilder {
  private text = ''
  private readonly pieces: Piece[] = []

  add(words: string): void {
    this.text += words
  }

  /** Adds a node's text: its value, or another representation of it. */
  addNode(node: YamlScalar, written = node.value): void {
    this.pieces.push({ start: this.text.length, node, verbatim: written === node.value })
    this.text += written
  }

  get length(): number {
    return this.text.length
  }

  /** The text; at least one node must have been added. */
  done(): WrittenText {
    return new WrittenText(this.text, this.pieces)
  }
}
