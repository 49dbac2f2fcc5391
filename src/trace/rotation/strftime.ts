// The conversions of strftime(3) that are useful in file names: their text in local time and the C locale, and a
// regular expression that matches it.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAY = 86_400_000

const digits = (n: number, width: number) => String(n).padStart(width, '0')

interface Conversion {
  readonly format: (d: Date) => string
  /** a regular expression that matches its text */
  readonly regex: string
}

const number = (width: number, value: (d: Date) => number): Conversion => ({
  format: (d) => digits(value(d), width),
  regex: `\\d{${width}}`,
})

function dayOfYear(d: Date): number {
  return Math.round((Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) - Date.UTC(d.getFullYear(), 0, 1)) / DAY) + 1
}

function zone(d: Date): string {
  const east = -d.getTimezoneOffset()
  const minutes = Math.abs(east)
  return `${east < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60), 2)}${digits(minutes % 60, 2)}`
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  Y: { format: (d) => digits(d.getFullYear(), 4), regex: '\\d{4,}' },
  y: number(2, (d) => d.getFullYear() % 100),
  m: number(2, (d) => d.getMonth() + 1),
  d: number(2, (d) => d.getDate()),
  j: number(3, dayOfYear),
  H: number(2, (d) => d.getHours()),
  I: number(2, (d) => d.getHours() % 12 || 12),
  M: number(2, (d) => d.getMinutes()),
  S: number(2, (d) => d.getSeconds()),
  u: { format: (d) => String(d.getDay() || 7), regex: '[1-7]' },
  w: { format: (d) => String(d.getDay()), regex: '[0-6]' },
  s: { format: (d) => String(Math.floor(d.getTime() / 1000)), regex: '\\d+' },
  p: { format: (d) => (d.getHours() < 12 ? 'AM' : 'PM'), regex: '[AP]M' },
  b: { format: (d) => MONTHS[d.getMonth()] as string, regex: '[A-Z][a-z]{2}' },
  a: { format: (d) => DAYS[d.getDay()] as string, regex: '[A-Z][a-z]{2}' },
  z: { format: zone, regex: '[+-]\\d{4}' },
}

/** Abbreviations of several conversions. */
const COMPOUND: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', h: '%b' }

/** A piece of a parsed name: literal text, in which %% is %, or a conversion. */
type Piece = string | Conversion

/** All conversions with their %, for a message. */
export const knownConversions = (): string =>
  ['%', ...Object.keys(CONVERSIONS), ...Object.keys(COMPOUND)]
    .sort((a, b) => a.localeCompare(b))
    .map((c) => `%${c}`)
    .join(' ')

/** A regular expression that matches only this text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

export class DatedName {
  private constructor(private readonly pieces: readonly Piece[]) {}

  /** unknown: an unsupported conversion in the text. */
  static parse(text: string): DatedName | { readonly unknown: string } {
    // %% is matched too, so that its second % does not start a conversion
    const expanded = text.replace(/%([FTRh%])/g, (written, c: string) => COMPOUND[c] ?? written)
    const pieces: Piece[] = []
    for (const [piece, c] of expanded.matchAll(/%(.?)|[^%]+/gsu)) {
      if (c === undefined) pieces.push(piece)
      else if (c === '%') pieces.push(c)
      else if (CONVERSIONS[c] === undefined) return { unknown: piece }
      else pieces.push(CONVERSIONS[c])
    }
    return new DatedName(pieces)
  }

  /** Whether it contains a conversion. */
  get dated(): boolean {
    return this.pieces.some((p) => typeof p !== 'string')
  }

  at(date: Date): string {
    return this.pieces.map((p) => (typeof p === 'string' ? p : p.format(date))).join('')
  }

  /** A regular expression that matches every text of at(). */
  get regex(): string {
    return this.pieces.map((p) => (typeof p === 'string' ? escaped(p) : p.regex)).join('')
  }

  /** A shell pattern that matches every text of at(), with * for dates. */
  get pattern(): string {
    const isDate = (i: number) => typeof this.pieces[i] === 'object'
    return this.pieces.map((p, i) => (typeof p === 'string' ? p : isDate(i - 1) ? '' : '*')).join('')
  }
}
