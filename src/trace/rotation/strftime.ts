// The conversions of strftime(3) that make sense in a file's name: what each becomes, in local time and the C locale's words, and
// what is recognised as it.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const DAY = 86_400_000

const digits = (n: number, width: number) => String(n).padStart(width, '0')

interface Conversion {
  readonly of: (d: Date) => string
  /** a regular expression of all that it may become */
  readonly like: string
}

const number = (width: number, of: (d: Date) => number): Conversion => ({
  of: (d) => digits(of(d), width),
  like: `\\d{${width}}`,
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
  Y: { of: (d) => digits(d.getFullYear(), 4), like: '\\d{4,}' },
  y: number(2, (d) => d.getFullYear() % 100),
  m: number(2, (d) => d.getMonth() + 1),
  d: number(2, (d) => d.getDate()),
  j: number(3, dayOfYear),
  H: number(2, (d) => d.getHours()),
  I: number(2, (d) => d.getHours() % 12 || 12),
  M: number(2, (d) => d.getMinutes()),
  S: number(2, (d) => d.getSeconds()),
  u: { of: (d) => String(d.getDay() || 7), like: '[1-7]' },
  w: { of: (d) => String(d.getDay()), like: '[0-6]' },
  s: { of: (d) => String(Math.floor(d.getTime() / 1000)), like: '\\d+' },
  p: { of: (d) => (d.getHours() < 12 ? 'AM' : 'PM'), like: '[AP]M' },
  b: { of: (d) => MONTHS[d.getMonth()] as string, like: '[A-Z][a-z]{2}' },
  a: { of: (d) => DAYS[d.getDay()] as string, like: '[A-Z][a-z]{2}' },
  z: { of: zone, like: '[+-]\\d{4}' },
}

/** Conversions that stand for several others. */
const COMPOUND: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', h: '%b' }

/** A name with conversions, taken apart: text as it is, which %% has become too, or a part of a date. */
type Piece = string | Conversion

/** Conversions there are, as they are written, for a message. */
export const knownConversions = (): string =>
  ['%', ...Object.keys(CONVERSIONS), ...Object.keys(COMPOUND)]
    .sort((a, b) => a.localeCompare(b))
    .map((c) => `%${c}`)
    .join(' ')

/** Text as a regular expression of just that text. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

export class DatedName {
  private constructor(private readonly pieces: readonly Piece[]) {}

  /** unknown: a conversion in it that there is not, as it is written. */
  static parse(text: string): DatedName | { readonly unknown: string } {
    // %% is looked for too: what follows is text
    const whole = text.replace(/%([FTRh%])/g, (written, c: string) => COMPOUND[c] ?? written)
    const pieces: Piece[] = []
    for (const [part, c] of whole.matchAll(/%(.?)|[^%]+/gsu)) {
      if (c === undefined) pieces.push(part)
      else if (c === '%') pieces.push(c)
      else if (CONVERSIONS[c] === undefined) return { unknown: part }
      else pieces.push(CONVERSIONS[c])
    }
    return new DatedName(pieces)
  }

  /** Whether a date is in it. */
  get dated(): boolean {
    return this.pieces.some((p) => typeof p !== 'string')
  }

  at(date: Date): string {
    return this.pieces.map((p) => (typeof p === 'string' ? p : p.of(date))).join('')
  }

  /** A regular expression of all that at() may give. */
  get like(): string {
    return this.pieces.map((p) => (typeof p === 'string' ? escaped(p) : p.like)).join('')
  }

  /** A shell's pattern of all that at() may give: * in place of dates. */
  get pattern(): string {
    const isDate = (i: number) => typeof this.pieces[i] === 'object'
    return this.pieces.map((p, i) => (typeof p === 'string' ? p : isDate(i - 1) ? '' : '*')).join('')
  }
}
