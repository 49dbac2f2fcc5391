// Dictionary values in Parquet's PLAIN encoding.
import type { ByteStrings } from '../columns/byte-strings.js'
import { Booleans, type Dictionary, type Numbers, Texts } from '../columns/dictionary.js'
import type { PageBuffer } from './page-buffer.js'

/** A dictionary's values, as the page writer needs them. */
export interface Values {
  /** number of values */
  readonly count: number
  /** total bytes */
  readonly bytes: number
  /** Bytes of the i-th value. */
  bytesOf(i: number): number
  /** Appends the i-th value. */
  put(out: PageBuffer, i: number): void
}

export function plainValues(dictionary: Dictionary): Values {
  if (dictionary instanceof Texts) return new PlainTexts(dictionary)
  return dictionary instanceof Booleans ? PLAIN_BOOLEANS : new PlainNumbers(dictionary)
}

/** Bytes of a length prefix. */
const LENGTH_BYTES = 4

/** Appends bytes [from, to) with a length prefix. */
function putBytes(out: PageBuffer, bytes: Uint8Array, from = 0, to = bytes.length): void {
  out.u32(to - from)
  out.slice(bytes, from, to)
}

class PlainTexts implements Values {
  constructor(private readonly texts: Texts) {}

  get count(): number {
    return this.texts.count
  }

  get bytes(): number {
    return this.texts.bytes + LENGTH_BYTES * this.texts.count
  }

  bytesOf(i: number): number {
    return (this.texts.encoded[i] as Buffer).length + LENGTH_BYTES
  }

  put(out: PageBuffer, i: number): void {
    putBytes(out, this.texts.encoded[i] as Buffer)
  }
}

class PlainNumbers implements Values {
  constructor(private readonly numbers: Numbers) {}

  get count(): number {
    return this.numbers.count
  }

  get bytes(): number {
    return this.numbers.count * this.numbers.size
  }

  bytesOf(): number {
    return this.numbers.size
  }

  put(out: PageBuffer, i: number): void {
    const n = this.numbers.list[i] as number | bigint
    if (typeof n === 'bigint') out.big(n)
    else if (this.numbers.size === 4) out.u32(n)
    else out.i64(n)
  }
}

/** Booleans: their pages have bits, and no dictionary. */
const PLAIN_BOOLEANS: Values = {
  count: 2,
  bytes: 2,
  bytesOf: () => 1 / 8,
  put: (out, i) => out.bits(i, 1),
}

export class PlainStrings implements Values {
  constructor(private readonly strings: ByteStrings) {}

  get count(): number {
    return this.strings.count
  }

  get bytes(): number {
    return this.strings.length + LENGTH_BYTES * this.strings.count
  }

  bytesOf(i: number): number {
    return this.strings.end(i) - this.strings.start(i) + LENGTH_BYTES
  }

  put(out: PageBuffer, i: number): void {
    const { strings } = this
    putBytes(out, strings.raw, strings.start(i), strings.end(i))
  }
}
