// Text under construction as bytes. Lines are built in place and leave in large chunks; nothing is allocated per line.
import { escapeText, jsonText } from './escape.js'
import type { Piece } from './piece.js'
import { DIGITS, escapeIn, isPrintable } from './words.js'

const START = 1 << 17
const MINUS = 45
const ZERO = 48
const QUOTE = 34
const DOT = 46
const A_TEN = 55
const LINE_FEED = 10
const LETTER_N = 110
const LETTER_T = 116
const BACKSLASH = 92

/** 1 for bytes that JSON strings hold only escaped. */
const NEEDS_ESCAPE = Uint8Array.from({ length: 256 }, (_, c) => (c < 32 || c === QUOTE || c === BACKSLASH ? 1 : 0))

/** Bytes that may be written, unused, behind those that were asked for. */
const SPARE = 8

/** Epochs of all writers, so that none is met twice. */
let epochs = 0

export class ByteWriter {
  /** bytes written so far */
  length = 0
  /** changes whenever bytes that were written are moved or forgotten: see again() */
  epoch = ++epochs
  /** in a JSON string: how far it was looked at for characters that need escaping, and how many they are; else -1 */
  private counted = -1
  private escapes = 0
  private buffer: Buffer
  private words: DataView

  constructor(size = START) {
    this.buffer = Buffer.from(new ArrayBuffer(size + SPARE))
    this.words = new DataView(this.buffer.buffer)
  }

  /** Makes room for `n` more bytes, and for words that begin in them. */
  private room(n: number): void {
    if (this.length + n + SPARE > this.buffer.length) this.grow(n)
  }

  private grow(n: number): void {
    const larger = Buffer.from(new ArrayBuffer(Math.max(this.buffer.length * 2, this.length + n + SPARE)))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
    this.words = new DataView(larger.buffer)
  }

  /** What was written; valid until something is appended after clear(). */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** Starts anew. */
  clear(): void {
    this.cut(0)
  }

  /** What was written, as text. */
  toString(): string {
    return this.buffer.toString('utf8', 0, this.length)
  }

  /** Forgets everything after the first `length` bytes. */
  cut(length: number): void {
    this.length = length
    this.counted = -1
    this.epoch = ++epochs
  }

  byte(b: number): void {
    this.room(1)
    this.buffer[this.length++] = b
  }

  /** Appends a piece. */
  piece(p: Piece): void {
    this.room(p.length)
    const { words } = p
    let at = this.length
    for (let i = 0; i < words.length; i++, at += 8) this.words.setFloat64(at, words[i] as number, true)
    this.length += p.length
  }

  /**
   * Appends once more the `n` bytes that were written at `from` in this epoch. `escapes`: what escapesIn() said of them,
   * so that they need not be looked at again.
   */
  again(from: number, n: number, escapes: number | undefined = undefined): void {
    const known = escapes !== undefined && this.counted >= 0
    if (known) this.count()
    this.room(n)
    const { words } = this
    let to = this.length
    for (const end = to + n; to < end; from += 8, to += 8) words.setFloat64(to, words.getFloat64(from, true), true)
    this.length += n
    if (!known) return
    this.escapes += escapes
    this.counted = this.length
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

  /** Appends bytes [from, to) when all of them are printable ASCII; otherwise appends nothing and returns false. */
  printable(bytes: DataView, from: number, to: number): boolean {
    this.room(to - from)
    let at = this.length
    let i = from
    for (const last = to - 4; i <= last; i += 4, at += 4) {
      const w = bytes.getInt32(i, true)
      if (!isPrintable(w)) return false
      this.words.setInt32(at, w, true)
    }
    for (; i < to; i++) {
      const c = bytes.getUint8(i)
      if ((c - 32) >>> 0 > 94) return false
      this.words.setUint8(at++, c)
    }
    this.length = at
    return true
  }

  /** Appends bytes [from, to), a dot for each that is not printable ASCII. */
  dots(bytes: DataView, from: number, to: number): void {
    this.room(to - from)
    const { words } = this
    let at = this.length
    for (let i = from; i < to; ) {
      if (to - i >= 4) {
        const w = bytes.getInt32(i, true)
        if (isPrintable(w)) {
          words.setInt32(at, w, true)
          at += 4
          i += 4
          continue
        }
      }
      for (const end = Math.min(i + 4, to); i < end; i++) {
        const c = bytes.getUint8(i)
        words.setUint8(at++, (c - 32) >>> 0 > 94 ? DOT : c)
      }
    }
    this.length = at
  }

  /** Appends a whole number from 0 to 2^53 in upper case hexadecimal. */
  hex(n: number): void {
    this.room(14)
    const { buffer } = this
    let digits = 1
    for (let limit = 16; n >= limit; limit *= 16) digits++
    let at = this.length + digits
    this.length = at
    do {
      const q = Math.floor(n / 16)
      const d = n - q * 16
      buffer[--at] = d < 10 ? ZERO + d : A_TEN + d
      n = q
    } while (n > 0)
  }

  /** Begins a JSON string whose text is appended by others; closeQuote() wants what this returns. */
  openQuote(): number {
    this.byte(QUOTE)
    this.escapes = 0
    this.counted = this.length
    return this.length
  }

  /** Ends the JSON string that began at `start`; its text is safe to print, but quotes and line breaks are not escaped yet. */
  closeQuote(start: number): void {
    this.count()
    this.counted = -1
    if (this.escapes > 0) this.spread(start, this.escapes)
    this.byte(QUOTE)
  }

  /** Within a JSON string: the characters from `from` on that need escaping; undefined elsewhere. */
  escapesIn(from: number): number | undefined {
    return this.counted < 0 ? undefined : this.needEscape(from, this.length)
  }

  private count(): void {
    this.escapes += this.needEscape(this.counted, this.length)
    this.counted = this.length
  }

  private needEscape(from: number, to: number): number {
    const { buffer, words } = this
    let found = 0
    for (let i = from; i < to; ) {
      if (to - i >= 4 && !escapeIn(words.getInt32(i, true))) i += 4
      else for (const end = Math.min(i + 4, to); i < end; i++) found += NEEDS_ESCAPE[buffer[i] as number] as number
    }
    return found
  }

  /** Escapes what needs it from `start` on: `extra` characters, from the end so that nothing is overwritten. */
  private spread(start: number, extra: number): void {
    this.room(extra)
    this.epoch = ++epochs
    const { buffer } = this
    let to = this.length + extra
    const end = to
    for (let i = this.length - 1; i >= start; i--) {
      const c = buffer[i] as number
      buffer[--to] = c >= 32 ? c : c === LINE_FEED ? LETTER_N : LETTER_T
      if (NEEDS_ESCAPE[c] === 1) buffer[--to] = BACKSLASH
    }
    this.length = end
  }

  /** Appends a whole number, exact up to 2^53; other numbers as JavaScript prints them. */
  int(n: number): void {
    this.room(24)
    const small = n | 0
    if (small === n && small >= 0 && small < 1e9) this.small(small)
    else this.large(n)
  }

  private large(n: number): void {
    if (n !== Math.floor(n) || n > 9007199254740992 || n < -9007199254740992) {
      this.own(String(n))
      return
    }
    if (n < 0) {
      this.buffer[this.length++] = MINUS
      n = -n
    }
    if (n < 1e9) this.small(n | 0)
    else {
      const high = Math.floor(n / 1e9)
      this.small(high | 0)
      this.nine(n - high * 1e9)
    }
  }

  /** Digits of an integer below 1e9. */
  private small(n: number): void {
    const thousands = (n / 1e3) | 0
    if (thousands === 0) this.upToThree(n)
    else {
      const millions = (thousands / 1e3) | 0
      if (millions === 0) this.upToThree(thousands)
      else {
        this.upToThree(millions)
        this.three(thousands - millions * 1e3)
      }
      this.three(n - thousands * 1e3)
    }
  }

  private upToThree(n: number): void {
    const digits = n < 10 ? 1 : n < 100 ? 2 : 3
    this.words.setInt32(this.length, (DIGITS[n] as number) >> (24 - digits * 8), true)
    this.length += digits
  }

  private three(n: number): void {
    this.words.setInt32(this.length, DIGITS[n] as number, true)
    this.length += 3
  }

  /** Nine digits of an integer below 1e9. */
  nine(value: number): void {
    this.room(9)
    const n = value | 0
    const millions = (n / 1e6) | 0
    const rest = n - millions * 1e6
    const thousands = (rest / 1e3) | 0
    this.three(millions)
    this.three(thousands)
    this.three(rest - thousands * 1e3)
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
