// Builds text as bytes. Lines are built in place and written in large chunks; nothing is allocated per line.
import { decodeText, encodeText } from '../../model/text.js'
import { escapeText, jsonText } from '../escape.js'
import { ByteBuffer } from './byte-buffer.js'
import { allPrintable, escapeIn, isPrintable } from './word-tests.js'

const QUOTE = 34
const DOT = 46
const LINE_FEED = 10
const LETTER_N = 110
const LETTER_T = 116
const BACKSLASH = 92

/** 1 for bytes that must be escaped in JSON strings. */
const NEEDS_ESCAPE = Uint8Array.from({ length: 256 }, (_, c) => (c < 32 || c === QUOTE || c === BACKSLASH ? 1 : 0))

export class ByteWriter extends ByteBuffer {
  /** `recorded`: untrusted text is not escaped, for decodeText() */
  constructor(
    size?: number,
    private readonly mode: 'safe' | 'recorded' = 'safe',
  ) {
    super(size)
  }

  /**
   * in a JSON string: the offset up to which characters that need escaping were counted, and their count; otherwise -1
   */
  private counted = -1
  private escapes = 0
  /** start of the meaning of the argument written last (args/write.ts); callers that need it reset it to -1 first */
  resolved = -1

  override cut(length: number): void {
    super.cut(length)
    this.counted = -1
  }

  /**
   * Appends again the `n` bytes that were written at `from` in this epoch. `escapes`: the result of escapesIn() for
   * them, so that they need not be scanned again.
   */
  repeat(from: number, n: number, escapes: number | undefined = undefined): void {
    if (this.mode === 'recorded') {
      // any bytes: as words of eight, some would be NaN
      this.ensureCapacity(n)
      this.buffer.copyWithin(this.length, from, from + n)
      this.length += n
      return
    }
    const known = escapes !== undefined && this.counted >= 0
    if (known) this.count()
    this.ensureCapacity(n)
    const { words } = this
    let to = this.length
    for (const end = to + n; to < end; from += 8, to += 8) words.setFloat64(to, words.getFloat64(from, true), true)
    this.length += n
    if (!known) return
    this.escapes += escapes
    this.counted = this.length
  }

  /** Appends untrusted text: characters that could control a terminal and bytes that are not UTF-8 are made visible. */
  text(s: string): void {
    this.ensureCapacity(s.length * 3)
    const start = this.length
    const end = start + this.buffer.write(s, start)
    if (allPrintable(this.words, start, end)) this.length = end
    else if (this.mode === 'safe') this.trusted(escapeText(s))
    else this.recorded(s)
  }

  private recorded(s: string): void {
    const bytes = encodeText(s)
    this.ensureCapacity(bytes.length)
    bytes.copy(this.buffer, this.length)
    this.length += bytes.length
  }

  /** Appends bytes [from, to) of another writer, which are as safe as its own. */
  copy(other: ByteWriter, from: number, to: number): void {
    this.ensureCapacity(to - from)
    const { words } = this
    for (let at = this.length, i = from; i < to; at += 8, i += 8)
      words.setFloat64(at, other.words.getFloat64(i, true), true)
    this.length += to - from
  }

  /** The bytes [from, to) as text; lossless for a `recorded` writer. */
  decoded(from: number, to: number): string {
    return decodeText(this.buffer, from, to)
  }

  /** Appends bytes [from, to) if all of them are printable ASCII; otherwise appends nothing and returns false. */
  printable(bytes: DataView, from: number, to: number): boolean {
    this.ensureCapacity(to - from)
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

  /** Appends bytes [from, to), with a dot for each that is not printable ASCII. */
  dots(bytes: DataView, from: number, to: number): void {
    this.ensureCapacity(to - from)
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

  /** Starts a JSON string whose text is appended by others; returns the argument for closeQuote(). */
  openQuote(): number {
    this.byte(QUOTE)
    this.escapes = 0
    this.counted = this.length
    return this.length
  }

  /**
   * Ends the JSON string that started at `start`. Its text is already safe to print; quotes and line breaks are escaped
   * here.
   */
  closeQuote(start: number): void {
    this.count()
    this.counted = -1
    if (this.escapes > 0) this.spread(start, this.escapes)
    this.byte(QUOTE)
  }

  /** Within a JSON string: the number of characters from `from` on that need escaping; undefined elsewhere. */
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

  /** Escapes from `start` on: adds `extra` characters, from the end so that nothing is overwritten. */
  private spread(start: number, extra: number): void {
    this.ensureCapacity(extra)
    this.renew()
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

  /** Appends text as a JSON string. Bytes that were not UTF-8 become U+FFFD. */
  json(s: string): void {
    this.ensureCapacity(s.length * 3 + 2)
    const start = this.length + 1
    const end = start + this.buffer.write(s, start)
    if (!allPrintable(this.words, start, end) || this.needEscape(start, end) > 0) {
      this.trusted(jsonText(s))
      return
    }
    this.buffer[start - 1] = QUOTE
    this.buffer[end] = QUOTE
    this.length = end + 1
  }
}
