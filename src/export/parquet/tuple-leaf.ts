// A column that is looked up by tuples as Parquet pages.
import { Booleans } from '../columns/dictionary.js'
import type { ColumnType } from '../columns/schema.js'
import type { TupleColumn } from '../columns/tuple-column.js'
import { type Bounds, boundsOf } from './bounds.js'
import { type Layout, type Leaf, type Page, worthwhile } from './leaf.js'
import { plainValues, type Values } from './plain.js'
import { ENCODING, type PhysicalType, TYPE } from './spec.js'

const PHYSICAL: Readonly<Record<Exclude<ColumnType, 'map'>, PhysicalType>> = {
  text: TYPE.BYTE_ARRAY,
  bool: TYPE.BOOLEAN,
  int32: TYPE.INT32,
  int64: TYPE.INT64,
  timestamp: TYPE.INT64,
}

export class TupleLeaf implements Leaf {
  readonly path: readonly string[]
  readonly type: PhysicalType
  readonly optional = true
  readonly repeated = false
  private readonly values: Values
  /** number of rows with a value */
  private present = 0
  private layout: Layout = { encoding: ENCODING.PLAIN, bytes: 0 }

  constructor(private readonly column: TupleColumn) {
    this.path = [column.name]
    this.type = PHYSICAL[column.type as keyof typeof PHYSICAL]
    this.values = plainValues(column.dictionary)
  }

  plan(): Layout {
    this.column.tuples.rows.rewind()
    this.layout = this.choose()
    return this.layout
  }

  private choose(): Layout {
    const { dictionary, places, tuples } = this.column
    const { times, count } = tuples
    const plainly = this.values
    let values = 0
    let plain = 0
    for (let tuple = 0; tuple < count; tuple++) {
      const place = places[tuple] as number
      if (place < 0) continue
      const n = times[tuple] as number
      values += n
      plain += n * plainly.bytesOf(place)
    }
    this.present = values
    if (values > 0 && !(dictionary instanceof Booleans) && worthwhile(plainly, values, plain))
      return {
        encoding: ENCODING.RLE_DICTIONARY,
        dictionary: plainly,
        indexes: tuples.sameIndexes(this.column),
        bytes: values,
      }
    return { encoding: ENCODING.PLAIN, bytes: plain }
  }

  read(rows: number, page: Page): void {
    page.entries += rows
    if (this.present === 0) {
      page.definitions.put(0, rows)
      page.nulls += rows
    } else if (this.layout.dictionary === undefined) this.readPlain(rows, page)
    else if (this.present === this.column.tuples.rows.length) this.readWhole(rows, page)
    else page.nulls += this.readIndexes(rows, page)
  }

  private readIndexes(rows: number, { definitions, indexes }: Page): number {
    const { places } = this.column
    const runs = this.column.tuples.rows
    let nulls = 0
    for (let remaining = rows; remaining > 0; ) {
      const n = runs.next(remaining)
      remaining -= n
      const place = places[runs.value] as number
      if (place < 0) {
        definitions.put(0, n)
        nulls += n
      } else {
        definitions.put(1, n)
        indexes.put(place, n)
      }
    }
    return nulls
  }

  /** The same if no value is absent. */
  private readWhole(rows: number, { definitions, indexes }: Page): void {
    const { places, dictionary } = this.column
    const runs = this.column.tuples.rows
    definitions.put(1, rows)
    if (dictionary.count === 1) {
      indexes.put(0, rows)
      return
    }
    for (let remaining = rows; remaining > 0; ) {
      const n = runs.next(remaining)
      remaining -= n
      indexes.put(places[runs.value] as number, n)
    }
  }

  private readPlain(rows: number, page: Page): void {
    const { values } = this
    const { places } = this.column
    const runs = this.column.tuples.rows
    for (let remaining = rows; remaining > 0; ) {
      const n = runs.next(remaining)
      remaining -= n
      const place = places[runs.value] as number
      page.definitions.put(place < 0 ? 0 : 1, n)
      if (place < 0) page.nulls += n
      else for (let i = 0; i < n; i++) values.put(page.values, place)
    }
  }

  bounds(): Bounds | undefined {
    return boundsOf(this.column.dictionary)
  }
}
