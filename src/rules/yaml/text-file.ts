// A text with the name of its file: converts offsets to lines and columns, and shows the line at an offset with carets below.
import { GLYPHS } from '../../model/glyphs.js'
import { clean } from '../../model/sanitize.js'
import type { Place } from '../rule.js'

/** maximum number of characters shown of a line */
const WINDOW = 96

export class TextFile {
  private starts: number[] | undefined

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** The place of an offset in UTF-16 units; columns count characters. */
  placeAt(offset: number): Place {
    const line = this.lineOf(offset)
    const before = this.text.slice(this.lineStarts()[line], offset)
    return { file: this.name, line: line + 1, column: [...before].length + 1 }
  }

  /** The offset of a place; if the place does not exist, of the nearest one before it. */
  offsetOf({ line, column }: Pick<Place, 'line' | 'column'>): number {
    const starts = this.lineStarts()
    const start = starts[Math.min(line, starts.length) - 1] ?? 0
    const before = [...this.text.slice(start, start + 2 * column)].slice(0, column - 1)
    return Math.min(this.text.length, start + before.join('').length)
  }

  /** Two lines: the line at the offset, cut around it if too long, and carets below `length` units from the offset. */
  snippet(offset: number, length = 1): string {
    const starts = this.lineStarts()
    const line = this.lineOf(offset)
    const start = starts[line] as number
    const end = (starts[line + 1] ?? this.text.length + 1) - 1
    let from = start
    let to = this.text[end - 1] === '\r' ? end - 1 : end
    if (to - from > WINDOW) {
      from = Math.max(start, Math.min(offset - WINDOW / 2, to - WINDOW))
      to = Math.min(to, from + WINDOW)
    }
    const head = from > start ? GLYPHS.cut : ''
    const tail = to < end - 1 ? GLYPHS.cut : ''
    const shown = (a: number, b: number) => clean(this.text.slice(a, b))
    const column = head.length + [...shown(from, offset)].length
    const marked = [...shown(offset, Math.min(to, offset + length))].length
    return `${head}${shown(from, to)}${tail}\n${' '.repeat(column)}${'^'.repeat(Math.max(1, marked))}`
  }

  private lineOf(offset: number): number {
    const starts = this.lineStarts()
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle
    }
    return low
  }

  private lineStarts(): readonly number[] {
    if (this.starts !== undefined) return this.starts
    const starts = [0]
    for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1)
    this.starts = starts
    return starts
  }
}
