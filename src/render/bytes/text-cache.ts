// Caches encoded texts that recur, such as names of programs and events.
import { EncodedText } from './encoded-text.js'

/** Maximum number of cached texts; a hostile file may contain any number. */
const MOST = 1024

export class TextCache {
  private readonly encodedTexts = new Map<string, EncodedText>()
  private last = ''
  private encoded: EncodedText

  /** `render` returns the printed form of a text. */
  constructor(private readonly render: (text: string) => string) {
    this.encoded = new EncodedText(render(''))
  }

  /** The encoded text, from the cache if possible. */
  encodedText(text: string): EncodedText {
    if (text !== this.last) {
      this.encoded = this.encodedTexts.get(text) ?? this.make(text)
      this.last = text
    }
    return this.encoded
  }

  private make(text: string): EncodedText {
    if (this.encodedTexts.size >= MOST) this.encodedTexts.clear()
    const encoded = new EncodedText(this.render(text))
    this.encodedTexts.set(text, encoded)
    return encoded
  }
}
