// Texts as cells: repeated texts are cached in encoded form; others are written to a buffer first, where they are checked.

import type { Appender } from '../../format/template/appenders.js'
import type { Event } from '../../model/event.js'
import { EncodedText } from '../../render/bytes/encoded-text.js'
import { escapeText } from '../../render/escape.js'
import { CsvBuffer, csvText } from './csv-buffer.js'

/** Maximum number of cached texts, and of characters of one: a hostile file may contain any number of any length. */
const MOST = 1024
const LONGEST = 256
/** Bytes after which the buffer is reused; its content remains valid until then. */
const FULL = 1 << 15

export class Cells {
  private readonly place = new CsvBuffer(1 << 16)
  private readonly cached = new Map<string, EncodedText>()
  /** texts that occurred once */
  private readonly once = new Set<string>()

  /** Appends a captured text. */
  text(out: CsvBuffer, text: string): void {
    const known = text.length > LONGEST ? undefined : this.known(text)
    if (known !== undefined) out.encoded(known)
    else {
      const start = this.start()
      this.place.text(text)
      out.cell(this.place, start, this.place.length)
    }
  }

  /** Appends what `append` writes for the event, which is escaped as in lines; false: nothing was written, the value is absent. */
  appended(out: CsvBuffer, append: Appender, e: Event): boolean {
    const { place } = this
    const start = this.start()
    if (!append(place, e)) return false
    out.cell(place, start, place.length)
    return true
  }

  private start(): number {
    if (this.place.length > FULL) this.place.clear()
    return this.place.length
  }

  /** The cached form of a text; undefined at its first occurrence. */
  private known(text: string): EncodedText | undefined {
    const known = this.cached.get(text)
    if (known !== undefined) return known
    if (this.once.has(text)) return this.encode(text)
    if (this.once.size >= MOST) this.once.clear()
    this.once.add(text)
    return undefined
  }

  private encode(text: string): EncodedText {
    if (this.cached.size >= MOST) this.cached.clear()
    const encoded = new EncodedText(csvText(escapeText(text)))
    this.cached.set(text, encoded)
    return encoded
  }
}
