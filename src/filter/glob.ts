// Shell patterns with the semantics of fnmatch(3) without flags, matched without exponential backtracking: a failed
// match returns to the last star only.

type Item = { readonly any: true } | { readonly char: string } | { readonly set: CharSet }
interface CharSet {
  readonly not: boolean
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly classes: readonly ((code: number) => boolean)[]
}
/** undefined represents `*` */
type Pattern = readonly (Item | undefined)[]

const ascii = (re: RegExp) => (code: number) => code < 128 && re.test(String.fromCharCode(code))
const CLASSES: Record<string, (code: number) => boolean> = {
  alpha: (c) => /\p{L}/u.test(String.fromCodePoint(c)),
  digit: ascii(/[0-9]/),
  alnum: (c) => /[\p{L}0-9]/u.test(String.fromCodePoint(c)),
  upper: (c) => /\p{Lu}/u.test(String.fromCodePoint(c)),
  lower: (c) => /\p{Ll}/u.test(String.fromCodePoint(c)),
  space: ascii(/\s/),
  blank: ascii(/[ \t]/),
  punct: ascii(/[!-/:-@[-`{-~]/),
  print: ascii(/[ -~]/),
  graph: ascii(/[!-~]/),
  cntrl: ascii(/[\0-\x1f\x7f]/),
  xdigit: ascii(/[0-9a-fA-F]/),
}

function parsePattern(pattern: string): Pattern {
  const chars = [...pattern]
  const items: (Item | undefined)[] = []
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i] as string
    if (c === '*') {
      if (items.length === 0 || items[items.length - 1] !== undefined) items.push(undefined)
    } else if (c === '?') items.push({ any: true })
    else if (c === '\\' && i + 1 < chars.length) items.push({ char: chars[++i] as string })
    else if (c === '[') {
      const set = parseSet(chars, i + 1)
      if (set === undefined) items.push({ char: '[' })
      else {
        items.push({ set: set.set })
        i = set.end
      }
    } else items.push({ char: c })
  }
  return items
}

/**
 * The bracket expression whose content starts at i; undefined if it is not closed, in which case `[` is an ordinary
 * character.
 */
function parseSet(chars: readonly string[], start: number): { set: CharSet; end: number } | undefined {
  let i = start
  const not = chars[i] === '!' || chars[i] === '^'
  if (not) i++
  const ranges: [number, number][] = []
  const classes: ((code: number) => boolean)[] = []
  for (let first = true; ; first = false) {
    const c = chars[i]
    if (c === undefined) return undefined
    if (c === ']' && !first) return { set: { not, ranges, classes }, end: i }
    const named = classAt(chars, i)
    if (named !== undefined) {
      classes.push(named.test)
      i = named.end
      continue
    }
    const from = literalAt(chars, i)
    let to = from
    i = from + 1
    if (chars[i] === '-' && chars[i + 1] !== undefined && chars[i + 1] !== ']') {
      to = literalAt(chars, i + 1)
      i = to + 1
    }
    ranges.push([codeAt(chars, from), codeAt(chars, to)])
  }
}

/** The character class such as [:alpha:] that starts at i, and its end; undefined if there is none. */
function classAt(chars: readonly string[], i: number): { test: (code: number) => boolean; end: number } | undefined {
  if (chars[i] !== '[' || chars[i + 1] !== ':') return undefined
  const close = chars.indexOf(':', i + 2)
  if (close < 0 || chars[close + 1] !== ']') return undefined
  const name = chars.slice(i + 2, close).join('')
  const test = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
  return test === undefined ? undefined : { test, end: close + 2 }
}

/** Position of the character denoted at i, which may be escaped with a backslash. */
function literalAt(chars: readonly string[], i: number): number {
  return chars[i] === '\\' && chars[i + 1] !== undefined ? i + 1 : i
}

function codeAt(chars: readonly string[], i: number): number {
  return (chars[i] as string).codePointAt(0) as number
}

function inSet(set: CharSet, code: number): boolean {
  for (const [from, to] of set.ranges) if (code >= from && code <= to) return true
  for (const test of set.classes) if (test(code)) return true
  return false
}

function fits(item: Item, text: string, at: number, ignoreCase: boolean): boolean {
  if ('any' in item) return true
  const code = text.codePointAt(at) as number
  const char = code > 0xffff ? text.slice(at, at + 2) : (text[at] as string)
  if ('char' in item) {
    if (item.char === char) return true
    return ignoreCase && item.char.toLowerCase() === char.toLowerCase()
  }
  let hit = inSet(item.set, code)
  if (!hit && ignoreCase) {
    hit =
      inSet(item.set, char.toLowerCase().codePointAt(0) as number) ||
      inSet(item.set, char.toUpperCase().codePointAt(0) as number)
  }
  return hit !== item.set.not
}

function match(items: Pattern, text: string, ignoreCase: boolean): boolean {
  let i = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < text.length) {
    const item = items[i]
    if (i < items.length && item === undefined) {
      star = i++
      starAt = at
    } else if (item !== undefined && fits(item, text, at, ignoreCase)) {
      i++
      at += width(text, at)
    } else if (star >= 0) {
      i = star + 1
      starAt += width(text, starAt)
      at = starAt
    } else return false
  }
  while (i < items.length && items[i] === undefined) i++
  return i === items.length
}

function width(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) as number) > 0xffff ? 2 : 1
}

/**
 * Returns the test of one pattern; `ignoreCase` ignores the case of letters. Time is bounded by pattern length times
 * text length.
 */
export function globTest(pattern: string, ignoreCase = false): (text: string) => boolean {
  const plain = /^(\*?)([^*?[\\]*)(\*?)$/.exec(pattern)
  if (plain !== null && !ignoreCase) {
    const [, before, middle, after] = plain as unknown as [string, string, string, string]
    if (before === '' && after === '') return (text) => text === middle
    if (before === '') return (text) => text.startsWith(middle)
    if (after === '') return (text) => text.endsWith(middle)
    return (text) => text.includes(middle)
  }
  const items = parsePattern(pattern)
  return (text) => match(items, text, ignoreCase)
}

/** Whether the text contains pattern characters. */
export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text)
}
