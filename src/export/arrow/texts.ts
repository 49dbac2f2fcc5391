// Dictionary-encoded texts, and bitmaps of present values.
import { type Data, makeData, Utf8, Vector } from 'apache-arrow'
import type { ByteStrings } from '../columns/byte-strings.js'
import type { Texts } from '../columns/dictionary.js'
import type { TextType } from './schema.js'

/** places: for each row, the index of its text */
export function textData(
  type: TextType,
  places: Int32Array,
  texts: Texts | ByteStrings,
  valid = new Valid(places.length),
): Data<TextType> {
  return makeData({ type, data: places, dictionary: new Vector([utf8Data(texts)]), ...valid.layout })
}

function utf8Data(texts: Texts | ByteStrings): Data<Utf8> {
  const { count } = texts
  const valueOffsets = new Int32Array(count + 1)
  const byEnd = 'encoded' in texts ? sum(texts.encoded) : (i: number) => texts.end(i)
  for (let i = 0; i < count; i++) valueOffsets[i + 1] = byEnd(i)
  const data = 'encoded' in texts ? Buffer.concat(texts.encoded) : texts.raw.subarray(0, texts.length)
  return makeData({ type: new Utf8(), length: count, nullCount: 0, valueOffsets, data })
}

/** A function that returns the end of each part; it must be called for all parts in order. */
function sum(parts: readonly Uint8Array[]): (i: number) => number {
  let end = 0
  return (i) => (end += parts[i]?.length ?? 0)
}

/** Arrow's bitmap of the rows of a column that have a value. */
export class Valid {
  private bits: Uint8Array | undefined
  private nulls = 0

  constructor(private readonly rows: number) {}

  /** Marks rows [from, from + n) as absent. */
  absent(from: number, n: number): void {
    this.bits ??= new Uint8Array((this.rows + 7) >> 3).fill(0xff)
    this.nulls += n
    const { bits } = this
    for (let i = from; i < from + n; i++) bits[i >> 3]! &= ~(1 << (i & 7))
  }

  /** The arguments for makeData(). */
  get layout(): { length: number; nullCount: number; nullBitmap: Uint8Array | undefined } {
    return { length: this.rows, nullCount: this.nulls, nullBitmap: this.bits }
  }
}
