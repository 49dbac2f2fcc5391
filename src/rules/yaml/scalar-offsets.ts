// Where the characters of a scalar stand in its file: folding, indentation and escapes are undone. Blanks of a value may come
// from line ends and indentation, so that only other characters are followed one by one; these are the same in both texts.
import type { YamlScalar } from './node.js'

const BLANK = /[ \t\r\n]/
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const BLANK_ESCAPES = 'ntr \t'

const known = new WeakMap<YamlScalar, Uint32Array>()

/** The offset in the file of the character at `position` of the value, both in UTF-16 units; the value's length: its end. */
export function sourceOffset(node: YamlScalar, position: number): number {
  let offsets = known.get(node)
  if (offsets === undefined) {
    offsets = offsetsOf(node)
    known.set(node, offsets)
  }
  return offsets[Math.min(position, offsets.length - 1)] as number
}

/** For each unit of the value where it stands; one more for its end. A blank is taken to stand behind the unit before it. */
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

/** The units of the file's text that are no blanks in the value, in their order. */
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

/** How long an escape is, and how many units that are no blanks it stands for. */
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
