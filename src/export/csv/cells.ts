// Texts as cells: what comes again and again is kept ready, all else is written where it can be looked at first.
import { EncodedText } from '../../format/bytes/encoded-text.js'
import type { Appender } from '../../format/template/appenders.js'
import { escapeText } from '../../format/text/escape.js'
import type { Event } from '../../model/event.js'
import { CsvBuffer, csvText } from './csv-buffer.js'

/** Texts kept, and characters of one: a hostile file may hold any number of any length. */
const MOST = 1024
const LONGEST = 256
/** Bytes after which the place of texts is used anew; what was written there may be copied until then. */
const FULL = 1 << 15

export class Cells {
  private readonly place = new CsvBuffer(1 << 16)
  private readonly ready = new Map<string, EncodedText>()
  /** texts that were met once */
  private readonly once = new Set<string>()

  /** Appends a text from outside. */
  text(out: CsvBuffer, text: string): void {
    const known = text.length > LONGEST ? undefined : this.known(text)
    if (known !== undefined) out.encoded(known)
    else {
      const start = this.begin()
      this.place.text(text)
      out.cell(this.place, start, this.place.length)
    }
  }

  /** Appends what `append` writes of the event, which is as safe as lines are; false: that wrote nothing, the value is absent. */
  made(out: CsvBuffer, append: Appender, e: Event): boolean {
    const { place } = this
    const start = this.begin()
    if (!append(place, e)) return false
    out.cell(place, start, place.length)
    return true
  }

  private begin(): number {
    if (this.place.length > FULL) this.place.clear()
    return this.place.length
  }

  /** The text kept ready; undefined where it is met for the first time. */
  private known(text: string): EncodedText | undefined {
    const known = this.ready.get(text)
    if (known !== undefined) return known
    if (this.once.has(text)) return this.keep(text)
    if (this.once.size >= MOST) this.once.clear()
    this.once.add(text)
    return undefined
  }

  private keep(text: string): EncodedText {
    if (this.ready.size >= MOST) this.ready.clear()
    const encoded = new EncodedText(csvText(escapeText(text)))
    this.ready.set(text, encoded)
    return encoded
  }
}
