// Lines of CSV as they gather: a text is written like any other, then put into quotes where RFC 4180 wants them.
import { ByteWriter } from '../../format/bytes/byte-writer.js'

const BLANK = 32
const QUOTE = 34
const COMMA = 44

export class CsvBuffer extends ByteWriter {
  /** What was written from `start` on is a text. An empty one gets quotes too: without them it would be an absent one. */
  quote(start: number): void {
    if (this.length > start && !this.needsQuotes(start)) return
    const { buffer, length } = this
    let quotes = 0
    for (let i = start; i < length; i++) if (buffer[i] === QUOTE) quotes++
    this.wrap(start, quotes)
  }

  private needsQuotes(start: number): boolean {
    const { words, length } = this
    let i = start
    for (const last = length - 4; i <= last; i += 4) if (separates(words.getInt32(i, true))) return true
    for (; i < length; i++) {
      const c = words.getUint8(i)
      if (c < BLANK || c === QUOTE || c === COMMA) return true
    }
    return false
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

/** Whether one of the four bytes of a word is a quote, a comma or a control character; bytes after one that is may count as well. */
function separates(w: number): boolean {
  const quote = w ^ 0x22222222
  const comma = w ^ 0x2c2c2c2c
  const below = (w - 0x20202020) & ~w
  return ((((quote - 0x01010101) & ~quote) | ((comma - 0x01010101) & ~comma) | below) & 0x80808080) !== 0
}
