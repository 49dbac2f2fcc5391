// Texts that come again and again, the names of programs and events, kept ready to be appended.
import { EncodedText } from './encoded-text.js'

/** Texts kept; a hostile file may hold any number. */
const MOST = 1024

export class TextCache {
  private readonly made = new Map<string, EncodedText>()
  private last = ''
  private encoded: EncodedText

  /** `render` makes what is printed of a text. */
  constructor(private readonly render: (text: string) => string) {
    this.encoded = new EncodedText(render(''))
  }

  /** The encoded text, made when it is met for the first time. */
  of(text: string): EncodedText {
    if (text !== this.last) {
      this.encoded = this.made.get(text) ?? this.make(text)
      this.last = text
    }
    return this.encoded
  }

  private make(text: string): EncodedText {
    if (this.made.size >= MOST) this.made.clear()
    const encoded = new EncodedText(this.render(text))
    this.made.set(text, encoded)
    return encoded
  }
}
