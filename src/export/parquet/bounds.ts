// Minimum and maximum values for Parquet's statistics.
import { Booleans, type Dictionary, Texts } from '../columns/dictionary.js'

/** Bounds in the order and encoding of Parquet's statistics. */
export interface Bounds {
  readonly min: Uint8Array
  readonly max: Uint8Array
  readonly minExact: boolean
  readonly maxExact: boolean
}

/** Maximum bytes of a text in statistics. */
const LONGEST = 64

/** Bounds of all values of a dictionary; undefined if it is empty, or for booleans. */
export function boundsOf(dictionary: Dictionary): Bounds | undefined {
  if (dictionary instanceof Booleans) return undefined
  if (dictionary instanceof Texts) return textBounds(dictionary.encoded)
  let [min] = dictionary.list
  let max = min
  if (min === undefined || max === undefined) return undefined
  for (const n of dictionary.list) {
    if (n < min) min = n
    if (n > max) max = n
  }
  return numberBounds(min, max, dictionary.size)
}

/** Compared by bytes, which is the order of code points. */
function textBounds(texts: readonly Buffer[]): Bounds | undefined {
  let [min] = texts
  let max = min
  if (min === undefined || max === undefined) return undefined
  for (const bytes of texts) {
    if (Buffer.compare(bytes, min) < 0) min = bytes
    if (Buffer.compare(bytes, max) > 0) max = bytes
  }
  const above = max.length > LONGEST ? shortAbove(max) : max
  if (above === undefined) return undefined
  const below = completePrefix(min, LONGEST)
  return { min: below, max: above, minExact: below.length === min.length, maxExact: above === max }
}

/** The longest prefix of at most `most` bytes that has only complete characters. */
function completePrefix(bytes: Buffer, most: number): Buffer {
  if (bytes.length <= most) return bytes
  let end = most
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

/** A short text above a longer one; undefined if all characters of its prefix are the highest code point. */
function shortAbove(bytes: Buffer): Buffer | undefined {
  const characters = [...completePrefix(bytes, LONGEST).toString()]
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const next = (last.codePointAt(0) as number) + 1
    if (next > LAST_CHARACTER) continue
    const above = next === FIRST_SURROGATE ? AFTER_SURROGATES : next
    return Buffer.from(characters.join('') + String.fromCodePoint(above))
  }
  return undefined
}

const LAST_CHARACTER = 0x10ffff
/** The range of surrogates, which are not characters. */
const FIRST_SURROGATE = 0xd800
const AFTER_SURROGATES = 0xe000

export function numberBounds(min: number | bigint, max: number | bigint, size: 4 | 8): Bounds {
  const encoded = (n: number | bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(n)))
    return bytes.subarray(0, size)
  }
  return { min: encoded(min), max: encoded(max), minExact: true, maxExact: true }
}
