// Reads the tokens of a filter. What a token may be depends on its position (field, operator, value), so the parser
// requests the kind it expects instead of receiving a stream of tokens.
import { decodeText, encodeText } from '../model/text.js'
import type { Literal, Span } from './ast.js'
import { FilterError } from './error.js'

const BLANK = /[ \t\b\r\n]*/y
const NAME = /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_][A-Za-z0-9_/-]*)*/y
const WORD = /[A-Za-z][A-Za-z0-9_]*/y
const BARE = /[^()"'\s=,]+/y
const BRACKET = /[^\]["'\s]+/y
const SYMBOL = /[<>=!~&|+*/^%-]+/y
const NUMBER_THEN_WORD = /^([+-]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?))(?:and|or)$/

const SIMPLE_ESCAPES: Record<string, string> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '/': '/',
  '"': '"',
  "'": "'",
  ' ': '\\',
}

export class Scanner {
  pos = 0

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.pos >= this.text.length
  }

  fail(message: string, pos = this.pos, length = 1): never {
    throw new FilterError(message, pos, length, this.text)
  }

  private match(re: RegExp): string | undefined {
    re.lastIndex = this.pos
    const m = re.exec(this.text)?.[0]
    if (m === undefined || m === '') return undefined
    this.pos += m.length
    return m
  }

  /** Skips blanks; true if there were any. */
  blanks(): boolean {
    return this.match(BLANK) !== undefined
  }

  peek(): string {
    return this.text[this.pos] ?? ''
  }

  /** Takes the character if it is the next one. */
  take(char: string): boolean {
    if (this.text[this.pos] !== char) return false
    this.pos++
    return true
  }

  /** Takes `and`, `or` or `not` if a blank, a parenthesis or the end follows. */
  keyword(word: 'and' | 'or' | 'not'): boolean {
    if (!this.text.startsWith(word, this.pos)) return false
    const next = this.text[this.pos + word.length]
    if (next !== undefined && !/[ \t\b\r\n(]/.test(next)) return false
    this.pos += word.length
    return true
  }

  /** A dotted name. */
  name(): string | undefined {
    return this.match(NAME)
  }

  word(): string | undefined {
    return this.match(WORD)
  }

  /** The longest run of operator characters, without taking it. */
  peekSymbols(): string {
    const at = this.pos
    const s = this.match(SYMBOL) ?? ''
    this.pos = at
    return s
  }

  span(from: number): Span {
    return { pos: from, len: this.pos - from }
  }

  /** The text between brackets, if a bracket follows. */
  bracket(): string | undefined {
    if (!this.take('[')) return undefined
    const open = this.pos - 1
    const c = this.peek()
    let arg: string | undefined
    if (c === '"' || c === "'") arg = this.quoted()
    else arg = this.match(BRACKET)
    if (arg === undefined) this.fail("expected an argument between '[' and ']'", open, Math.max(1, this.pos - open))
    if (!this.take(']')) this.fail("expected ']' after the argument", this.pos)
    return arg
  }

  /**
   * A quoted or bare value. After an operator that compares numbers, a bare value ends where the number does
   * (`fd.num>=3and ...`).
   */
  value(numeric = false): Literal | undefined {
    const from = this.pos
    const c = this.peek()
    if (c === '"' || c === "'") {
      const text = this.quoted()
      return { kind: 'literal', text, quoted: true, span: this.span(from) }
    }
    let text = this.match(BARE)
    if (text === undefined) return undefined
    if (numeric) {
      const number = NUMBER_THEN_WORD.exec(text)?.[1]
      if (number !== undefined) {
        this.pos = from + number.length
        text = number
      }
    }
    return { kind: 'literal', text, quoted: false, span: this.span(from) }
  }

  private quoted(): string {
    const open = this.pos
    const quote = this.text[this.pos++] as string
    let text = ''
    let bytes = false
    for (;;) {
      const c = this.text[this.pos++]
      if (c === quote) break
      if (c === undefined) this.fail(`this ${quote} is never closed`, open)
      if (c !== '\\') {
        text += c
        continue
      }
      const letter = this.text[this.pos]
      if (letter === undefined) this.fail(`this ${quote} is never closed`, open)
      const escaped = letter === 'x' ? this.hexEscape() : this.simpleEscape(letter)
      text += escaped
      bytes ||= escaped.charCodeAt(0) >= 0x80
    }
    if (!bytes) return text
    const raw = encodeText(text)
    return decodeText(raw, 0, raw.length)
  }

  /** The character that an escape letter after a backslash denotes. */
  private simpleEscape(letter: string): string {
    const simple = SIMPLE_ESCAPES[letter]
    if (simple === undefined)
      this.fail(`unknown escape '\\${letter}'; known are \\b \\f \\n \\r \\t \\\\ \\/ \\" \\' \\xHH`, this.pos - 1, 2)
    this.pos++
    return simple
  }

  /** The byte denoted by x and two digits after a backslash, as text represents bytes that are not valid UTF-8. */
  private hexEscape(): string {
    const hex = /^[0-9a-fA-F]{2}/.exec(this.text.slice(this.pos + 1, this.pos + 3))?.[0]
    if (hex === undefined) this.fail('expected two hexadecimal digits after \\x', this.pos - 1, 2)
    this.pos += 3
    const byte = Number.parseInt(hex, 16)
    return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)
  }
}
