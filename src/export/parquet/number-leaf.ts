// A column with a number for each event as Parquet pages.
import { Numbers } from '../columns/dictionary.js'
import type { NumberColumn } from '../columns/number-column.js'
import { zstd } from '../zstd.js'
import { type Bounds, numberBounds } from './bounds.js'
import { putDeltas } from './delta.js'
import { type Layout, type Leaf, type Page, worthwhile } from './leaf.js'
import { PageBuffer } from './page-buffer.js'
import { plainValues, type Values } from './plain.js'
import { ENCODING, type Encoding, TYPE } from './spec.js'

/** Beyond this, a Number may not hold differences of differences exactly. */
const LARGEST_DELTA = 2 ** 51
/** Maximum number of distinct values for which a dictionary is considered. */
const MOST_DIFFERENT = 4096
/** Number of values in the sample by which encodings are compared. */
const SAMPLE = 8192

export class NumberLeaf implements Leaf {
  readonly type: typeof TYPE.INT32 | typeof TYPE.INT64
  readonly optional = true
  readonly repeated = false
  readonly path: readonly string[]
  private at = 0
  private readonly dictionary: Numbers
  private readonly plainly: Values
  private encoding: Encoding = ENCODING.PLAIN
  /** present values, and their indexes in the dictionary; `exact` has, by index, values that a Number cannot hold exactly */
  private some = new Float64Array(0)
  private readonly exact = new Map<number, bigint>()
  private places = new Int32Array(0)
  private placesRead = 0
  private readonly trial = new PageBuffer()
  private min = 0
  private max = -1

  constructor(private readonly column: NumberColumn) {
    this.path = [column.name]
    this.type = column.size === 4 ? TYPE.INT32 : TYPE.INT64
    this.dictionary = new Numbers(column.size)
    this.plainly = plainValues(this.dictionary)
  }

  plan(): Layout {
    const { rows, values } = this.column
    if (this.some.length < values.length) {
      this.some = new Float64Array(values.length)
      this.places = new Int32Array(values.length)
    }
    this.at = this.placesRead = 0
    this.min = Number.POSITIVE_INFINITY
    this.max = Number.NEGATIVE_INFINITY
    const n = this.present(0, rows)
    for (let i = 0; i < n; i++) {
      const v = this.some[i] as number
      if (v < this.min) this.min = v
      if (v > this.max) this.max = v
    }
    const { base, size } = this.column
    const bytes = n * size
    if (this.exact.size > 0) {
      this.encoding = ENCODING.PLAIN
      return { encoding: this.encoding, bytes }
    }
    if (base === 0n && this.makeDictionary(n) && this.isBestByDictionary(n)) {
      this.encoding = ENCODING.RLE_DICTIONARY
      return { encoding: this.encoding, dictionary: this.plainly, bytes: n }
    }
    this.encoding = this.isBetterByDeltas(n) ? ENCODING.DELTA_BINARY_PACKED : ENCODING.PLAIN
    return { encoding: this.encoding, bytes }
  }

  read(rows: number, page: Page): void {
    const { at } = this
    const { values, base } = this.column
    const end = at + rows
    for (let i = at; i < end; i++) page.definitions.put(Number.isNaN(values[i] as number) ? 0 : 1, 1)
    const n = this.present(at, end)
    if (this.encoding === ENCODING.RLE_DICTIONARY) {
      const { places, placesRead } = this
      for (let i = placesRead; i < placesRead + n; i++) page.indexes.put(places[i] as number, 1)
      this.placesRead += n
    } else if (this.encoding === ENCODING.PLAIN) this.plain(page.values, 0, n)
    else putDeltas(page.values, this.some.subarray(0, n), base)
    page.entries += rows
    page.nulls += rows - n
    this.at = end
  }

  bounds(): Bounds | undefined {
    if (this.min > this.max || this.column.exact.size > 0) return undefined
    const { base, size } = this.column
    return numberBounds(base + BigInt(this.min), base + BigInt(this.max), size)
  }

  /** Gathers the present values of rows [from, to); returns their number. */
  private present(from: number, to: number): number {
    const { some, exact } = this
    const { values, exact: exactByRow } = this.column
    let n = 0
    exact.clear()
    for (let i = from; i < to; i++) {
      const v = values[i] as number
      if (Number.isNaN(v)) continue
      const big = exactByRow.size > 0 ? exactByRow.get(i) : undefined
      if (big !== undefined) exact.set(n, big)
      some[n++] = v
    }
    return n
  }

  /** false: there are too many distinct values. */
  private makeDictionary(n: number): boolean {
    const { dictionary, some, places } = this
    dictionary.clear()
    let last = Number.NaN
    let place = 0
    for (let i = 0; i < n; i++) {
      const v = some[i] as number
      if (v !== last) {
        last = v
        place = dictionary.index(v)
        if (place === MOST_DIFFERENT) return false
      }
      places[i] = place
    }
    return dictionary.count > 0
  }

  private isBestByDictionary(n: number): boolean {
    if (this.dictionary.count <= 256) return true
    return worthwhile(this.plainly, n, this.packedDeltas(n))
  }

  private isBetterByDeltas(n: number): boolean {
    if (this.min < -LARGEST_DELTA || this.max > LARGEST_DELTA) return false
    if (this.column.size === 4) return false
    return n === 0 || this.packedDeltas(n) < this.packedPlain(n)
  }

  /** Estimated bytes of all values as differences, from a sample. */
  private packedDeltas(n: number): number {
    const { trial } = this
    const [from, to] = sample(n)
    trial.clear()
    putDeltas(trial, this.some.subarray(from, to), this.column.base)
    return (zstd(trial.view()).length * n) / (to - from)
  }

  private packedPlain(n: number): number {
    const { trial } = this
    const [from, to] = sample(n)
    trial.clear()
    this.plain(trial, from, to)
    return (zstd(trial.view()).length * n) / (to - from)
  }

  private plain(out: PageBuffer, from: number, to: number): void {
    const { some, exact } = this
    const { base, size } = this.column
    for (let i = from; i < to; i++) {
      const v = some[i] as number
      const big = exact.size > 0 ? exact.get(i) : undefined
      if (big !== undefined) out.big(big)
      else if (size === 4) out.u32(v)
      else if (base === 0n && Number.isSafeInteger(v)) out.i64(v)
      else out.big(base + BigInt(v))
    }
  }
}

/** Range of the sample among n values. */
function sample(n: number): readonly [from: number, to: number] {
  const from = Math.max(0, (n - SAMPLE) >> 1)
  return [from, Math.min(n, from + SAMPLE)]
}
