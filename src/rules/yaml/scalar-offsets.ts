// Maps characters of a scalar's value to offsets in its file, through folding, indentation and escapes. Blanks in a value may come from
// line ends and indentation, so only the other characters are matched one by one; their sequence is the same in both texts.
import type { YamlScalar } from './node.js'

const BLANK = /[ \t\r\n]/
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const BLANK_ESCAPES = 'ntr \t'

const known = new WeakMap<YamlScalar, Uint32Array>()

/** The offset in the file of the value's character at `position`, both in UTF-16 units; the value's length gives its end. */
export function sourceOffset(node: YamlScalar, position: number): number {
  let offsets = known.get(node)
  if (offsets === undefined) {
    offsets = offsetsOf(node)
    known.set(node, offsets)
  }
  return offsets[Math.min(position, offsets.length - 1)] as number
}

/** The offset of each unit of the value, and one more for its end. A blank gets the offset after the previous unit. */
function offsetsOf(node: YamlScalar): Uint32Array {
  const { value } = node
  const offsets = new Uint32Array(value.length + 1)
  const source = units(node)
  let behind = contentStart(node)
  for (let i = 0; i < value.length; i++) {
    if (BLANK.test(value[i] as string)) {
      offsets[i] = behind
      continue
    }
    const next = source.next()
    if (next.done === true) return offsets.fill(node.at, i)
    offsets[i] = next.value.at
    behind = next.value.end
  }
  offsets[value.length] = behind
  return offsets
}

function contentStart({ file: { text }, at, style }: YamlScalar): number {
  if (style === 'plain') return at
  if (style !== 'block') return at + 1
  const lineEnd = text.indexOf('\n', at)
  return lineEnd < 0 ? text.length : lineEnd + 1
}

interface Unit {
  readonly at: number
  readonly end: number
}

/** The units of the file's text that are not blanks in the value, in order. */
function* units(node: YamlScalar): Generator<Unit> {
  const { text } = node.file
  const end = node.style === 'plain' || node.style === 'block' ? node.end : node.end - 1
  for (let at = contentStart(node); at < end; ) {
    const c = text[at] as string
    if (BLANK.test(c)) at++
    else if (node.style === 'double' && c === '\\') {
      const { length, count } = escapeAt(text, at)
      for (let i = 0; i < count; i++) yield { at, end: at + length }
      at += length
    } else {
      const length = node.style === 'single' && c === "'" ? 2 : 1
      yield { at, end: at + length }
      at += length
    }
  }
}

/** The length of an escape, and how many non-blank units it represents. */
function escapeAt(text: string, at: number): { length: number; count: number } {
  const letter = text[at + 1] ?? ''
  const digits = DIGITS[letter]
  if (digits === undefined) {
    const none = letter === '\n' || letter === '\r' || BLANK_ESCAPES.includes(letter)
    return { length: 2, count: none ? 0 : 1 }
  }
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
  const blank = code === 9 || code === 10 || code === 13 || code === 32
  return { length: 2 + digits, count: blank ? 0 : code > 0xffff ? 2 : 1 }
}
