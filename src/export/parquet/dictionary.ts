// The different values of a column in a row group, numbered as they come.
import { escapeText } from '../../format/text/escape.js'
import type { PageBuffer } from './page-buffer.js'

/** What numbers of a dictionary mean, as pages need it. */
export interface Values {
  /** how many there are */
  readonly count: number
  /** bytes of all of them in PLAIN encoding */
  readonly bytes: number
  /** Bytes of the i-th in PLAIN encoding. */
  bytesOf(i: number): number
  /** Appends the i-th in PLAIN encoding. */
  put(out: PageBuffer, i: number): void
}

/** Smallest and largest, in the order and the encoding of Parquet's statistics. */
export interface Bounds {
  readonly min: Uint8Array
  readonly max: Uint8Array
  readonly minExact: boolean
  readonly maxExact: boolean
}

/** Bytes of a text that statistics have at most. */
const LONGEST = 64

/** Texts as lines show them: see README.md. */
export class Texts implements Values {
  private readonly byText = new Map<string, number>()
  private readonly encoded: Buffer[] = []
  bytes = 0

  get count(): number {
    return this.encoded.length
  }

  /** The number of a text from outside. */
  of(text: string): number {
    let i = this.byText.get(text)
    if (i === undefined) {
      i = this.encoded.length
      this.byText.set(text, i)
      const bytes = Buffer.from(escapeText(text))
      this.encoded.push(bytes)
      this.bytes += bytes.length + 4
    }
    return i
  }

  clear(): void {
    this.byText.clear()
    this.encoded.length = 0
    this.bytes = 0
  }

  bytesOf(i: number): number {
    return (this.encoded[i] as Buffer).length + 4
  }

  put(out: PageBuffer, i: number): void {
    const bytes = this.encoded[i] as Buffer
    out.u32(bytes.length)
    out.bytes(bytes)
  }

  /** In the order of bytes, which is that of code points. */
  bounds(): Bounds | undefined {
    let [min] = this.encoded
    let max = min
    if (min === undefined || max === undefined) return undefined
    for (const bytes of this.encoded) {
      if (Buffer.compare(bytes, min) < 0) min = bytes
      if (Buffer.compare(bytes, max) > 0) max = bytes
    }
    const above = max.length > LONGEST ? shortAbove(max) : max
    if (above === undefined) return undefined
    const below = whole(min, LONGEST)
    return { min: below, max: above, minExact: below.length === min.length, maxExact: above === max }
  }
}

/** As many of the first bytes as are whole characters, `most` of them at most. */
function whole(bytes: Buffer, most: number): Buffer {
  if (bytes.length <= most) return bytes
  let end = most
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

/** A short text that is above a longer one; undefined where all of its characters are the last one that there is. */
function shortAbove(bytes: Buffer): Buffer | undefined {
  const characters = [...whole(bytes, LONGEST).toString()]
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const next = (last.codePointAt(0) as number) + 1
    if (next > LAST_CHARACTER) continue
    const above = next === FIRST_SURROGATE ? AFTER_SURROGATES : next
    return Buffer.from(characters.join('') + String.fromCodePoint(above))
  }
  return undefined
}

const LAST_CHARACTER = 0x10ffff
/** Halves of characters, which stand for none themselves. */
const FIRST_SURROGATE = 0xd800
const AFTER_SURROGATES = 0xe000

/** Whole numbers of 4 or 8 bytes. */
export class Numbers implements Values {
  private readonly byNumber = new Map<number | bigint, number>()
  private readonly list: (number | bigint)[] = []

  constructor(readonly size: 4 | 8) {}

  get count(): number {
    return this.list.length
  }

  get bytes(): number {
    return this.list.length * this.size
  }

  of(n: number | bigint): number {
    let i = this.byNumber.get(n)
    if (i === undefined) {
      i = this.list.length
      this.byNumber.set(n, i)
      this.list.push(n)
    }
    return i
  }

  clear(): void {
    this.byNumber.clear()
    this.list.length = 0
  }

  bytesOf(): number {
    return this.size
  }

  put(out: PageBuffer, i: number): void {
    putNumber(out, this.list[i] as number | bigint, this.size)
  }

  bounds(): Bounds | undefined {
    let [min] = this.list
    let max = min
    if (min === undefined || max === undefined) return undefined
    for (const n of this.list) {
      if (n < min) min = n
      if (n > max) max = n
    }
    return numberBounds(min, max, this.size)
  }
}

function putNumber(out: PageBuffer, n: number | bigint, size: 4 | 8): void {
  if (typeof n === 'bigint') out.big(n)
  else if (size === 4) out.u32(n)
  else out.i64(n)
}

export function numberBounds(min: number | bigint, max: number | bigint, size: 4 | 8): Bounds {
  const encoded = (n: number | bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(n)))
    return bytes.subarray(0, size)
  }
  return { min: encoded(min), max: encoded(max), minExact: true, maxExact: true }
}

/** True and false. Their pages have bits, and no dictionary. */
export class Booleans implements Values {
  readonly count = 2
  readonly bytes = 2

  of(yes: boolean): number {
    return yes ? 1 : 0
  }

  clear(): void {}

  bytesOf(): number {
    return 1 / 8
  }

  put(out: PageBuffer, i: number): void {
    out.bits(i, 1)
  }

  bounds(): undefined {
    return undefined
  }
}

export type Dictionary = Texts | Numbers | Booleans
