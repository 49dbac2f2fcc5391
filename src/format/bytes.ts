// Text under construction as bytes. Lines are built in place and leave in large chunks; nothing is allocated per line.
import { escapeText } from './escape.js'

const START = 1 << 17
const MINUS = 45
const ZERO = 48
const QUOTE = 34
const BACKSLASH = 92

export class ByteWriter {
  /** bytes written so far */
  length = 0
  private buffer: Buffer

  constructor(size = START) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  /** Makes room for `n` more bytes. */
  private room(n: number): void {
    if (this.length + n <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + n))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }

  /** What was written; valid until something is appended after clear(). */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** Starts anew. */
  clear(): void {
    this.length = 0
  }

  /** What was written, as text. */
  toString(): string {
    return this.buffer.toString('utf8', 0, this.length)
  }

  /** Forgets everything after the first `length` bytes. */
  cut(length: number): void {
    this.length = length
  }

  byte(b: number): void {
    if (this.length === this.buffer.length) this.room(1)
    this.buffer[this.length++] = b
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.room(bytes.length)
    const { buffer } = this
    let at = this.length
    if (bytes.length < 32) for (let i = 0; i < bytes.length; i++) buffer[at++] = bytes[i] as number
    else {
      buffer.set(bytes, at)
      at += bytes.length
    }
    this.length = at
  }

  /** Appends text of our own, which needs no escaping. */
  own(s: string): void {
    this.room(s.length * 3)
    this.length += this.buffer.write(s, this.length)
  }

  /** Appends text from outside: what could drive a terminal, or is not UTF-8, is made visible. */
  text(s: string): void {
    const n = s.length
    this.room(n)
    const { buffer } = this
    let at = this.length
    for (let i = 0; i < n; i++) {
      const c = s.charCodeAt(i)
      if ((c - 32) >>> 0 > 94) {
        this.own(escapeText(s))
        return
      }
      buffer[at++] = c
    }
    this.length = at
  }

  /** Appends text that may have lines and columns of our own (dumps of buffers); all else is escaped as in text(). */
  block(s: string): void {
    const lines = s.split(/([\n\t])/)
    for (const piece of lines) {
      if (piece === '\n' || piece === '\t') this.byte(piece.charCodeAt(0))
      else this.text(piece)
    }
  }

  /** Appends a whole number, exact up to 2^53; other numbers as JavaScript prints them. */
  int(n: number): void {
    this.room(24)
    if (n !== Math.floor(n) || n > 9007199254740992 || n < -9007199254740992) {
      this.own(String(n))
      return
    }
    if (n < 0) {
      this.buffer[this.length++] = MINUS
      n = -n
    }
    if (n < 1e9) this.small(n)
    else {
      const high = Math.floor(n / 1e9)
      this.small(high)
      this.nine(n - high * 1e9)
    }
  }

  /** Digits of an integer below 1e9. */
  private small(n: number): void {
    const { buffer } = this
    let digits = 1
    for (let limit = 10; n >= limit; limit *= 10) digits++
    let at = this.length + digits
    this.length = at
    do {
      const q = (n / 10) | 0
      buffer[--at] = ZERO + n - q * 10
      n = q
    } while (n > 0)
  }

  /** Nine digits of an integer below 1e9. */
  nine(n: number): void {
    this.room(9)
    const { buffer } = this
    for (let at = this.length + 8; at >= this.length; at--) {
      const q = (n / 10) | 0
      buffer[at] = ZERO + n - q * 10
      n = q
    }
    this.length += 9
  }

  /** Appends text as a JSON string. Bytes that were not UTF-8 become U+FFFD. */
  json(s: string): void {
    const n = s.length
    this.room(n + 2)
    const { buffer } = this
    let at = this.length
    buffer[at++] = QUOTE
    for (let i = 0; i < n; i++) {
      const c = s.charCodeAt(i)
      if ((c - 32) >>> 0 > 94 || c === QUOTE || c === BACKSLASH) {
        this.own(jsonText(s))
        return
      }
      buffer[at++] = c
    }
    buffer[at++] = QUOTE
    this.length = at
  }
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** JSON of a text: always valid UTF-8, and harmless on a terminal. */
function jsonText(s: string): string {
  return JSON.stringify(s.replace(LONE, '\ufffd')).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
