// Constant text that is written often, encoded once.

/**
 * Text in words of eight bytes: doubles, since no text contains the bytes of a NaN (they need 0x7f or 0xff), whose bits
 * could change.
 */
export class EncodedText {
  readonly length: number
  /** its bytes, which may be changed in place */
  readonly bytes: Uint8Array
  readonly words: Float64Array

  /** mark: an offset in it that its creator needs later */
  constructor(
    text: string,
    readonly mark = -1,
  ) {
    const bytes = Buffer.from(text)
    this.length = bytes.length
    this.words = new Float64Array(Math.ceil(bytes.length / 8))
    this.bytes = new Uint8Array(this.words.buffer)
    this.bytes.set(bytes)
  }
}
