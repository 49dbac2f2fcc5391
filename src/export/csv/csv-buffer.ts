// A buffer for lines of CSV. Texts are written to another buffer first, and copied with the quotes that RFC 4180 requires.
import { ByteWriter } from '../../render/bytes/byte-writer.js'

const BLANK = 32
const QUOTE = 34
const COMMA = 44

export class CsvBuffer extends ByteWriter {
  /** Appends the text [from, to) of another buffer. An empty text is quoted: without quotes it would be an absent value. */
  cell(other: CsvBuffer, from: number, to: number): void {
    if (to > from && !other.separates(from, to)) {
      this.copy(other, from, to)
      return
    }
    this.ensureCapacity(2 * (to - from) + 2)
    const { buffer } = this
    const source = other.buffer
    let at = this.length
    buffer[at++] = QUOTE
    for (let i = from; i < to; i++) {
      const c = source[i] as number
      buffer[at++] = c
      if (c === QUOTE) buffer[at++] = QUOTE
    }
    buffer[at++] = QUOTE
    this.length = at
  }

  /** Whether bytes [from, to) contain a comma, a quote or a control character. */
  private separates(from: number, to: number): boolean {
    const { words } = this
    let i = from
    for (const last = to - 4; i <= last; i += 4) if (separatesIn(words.getInt32(i, true))) return true
    for (; i < to; i++) {
      const c = words.getUint8(i)
      if (c < BLANK || c === QUOTE || c === COMMA) return true
    }
    return false
  }
}

/** A text as a cell. */
export function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Whether one of the four bytes of a word is a quote, a comma or a control character. Bytes after such a byte may match too. */
function separatesIn(w: number): boolean {
  const quote = w ^ 0x22222222
  const comma = w ^ 0x2c2c2c2c
  const below = (w - 0x20202020) & ~w
  return ((((quote - 0x01010101) & ~quote) | ((comma - 0x01010101) & ~comma) | below) & 0x80808080) !== 0
}
