// Lines of CSV as they gather: a text is written like any other, then put into quotes where RFC 4180 wants them.
import { ByteWriter } from '../../format/bytes/byte-writer.js'

const LINE_FEED = 10
const RETURN = 13
const QUOTE = 34
const COMMA = 44

export class CsvBuffer extends ByteWriter {
  /** What was written from `start` on is a text. An empty one gets quotes too: without them it would be an absent one. */
  quote(start: number): void {
    const { buffer, length } = this
    let quotes = 0
    let needed = length === start
    for (let i = start; i < length; i++) {
      const c = buffer[i]
      if (c === QUOTE) quotes++
      else if (c === COMMA || c === LINE_FEED || c === RETURN) needed = true
    }
    if (needed || quotes > 0) this.wrap(start, quotes)
  }

  /** Moves the text, from its end so that nothing is overwritten, and doubles the `quotes` in it. */
  private wrap(start: number, quotes: number): void {
    this.room(quotes + 2)
    const { buffer } = this
    let from = this.length
    let to = from + quotes + 2
    this.length = to
    buffer[--to] = QUOTE
    while (from > start) {
      const c = buffer[--from] as number
      buffer[--to] = c
      if (c === QUOTE) buffer[--to] = QUOTE
    }
    buffer[--to] = QUOTE
    this.renew()
  }
}

/** A text as it stands in a line. */
export function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
