// Columns that are looked up together, by what they are about: a row has the number of a tuple, which has a value for each of them.
import type { FieldValue, Getter } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { Booleans, type Bounds, type Dictionary, Numbers, Texts } from './dictionary.js'
import { type Layout, type Leaf, type Page, worthwhile } from './leaf.js'
import { Runs } from './runs.js'
import type { Column, ColumnType } from './schema.js'
import { ENCODING, type PhysicalType, TYPE } from './spec.js'

/** Stands for an absent value. */
const NONE = -1

const PHYSICAL: Readonly<Record<Exclude<ColumnType, 'map'>, PhysicalType>> = {
  text: TYPE.BYTE_ARRAY,
  bool: TYPE.BOOLEAN,
  int32: TYPE.INT32,
  int64: TYPE.INT64,
  timestamp: TYPE.INT64,
}

export class Tuples {
  readonly columns: readonly TupleColumn[]
  /** by row */
  readonly rows = new Runs()
  count = 0
  private getters: readonly Getter[] = []

  constructor(columns: readonly Column[]) {
    this.columns = columns.map((c) => new TupleColumn(c, this.rows))
  }

  /** From now on values are those of another capture. */
  ask(getters: readonly Getter[]): void {
    this.getters = getters
  }

  /** Makes a tuple of what the event under the cursor has; returns its number. */
  add(e: Event): number {
    const { columns, getters, count } = this
    for (let i = 0; i < columns.length; i++) (columns[i] as TupleColumn).add(count, (getters[i] as Getter)(e))
    this.count++
    return count
  }

  clear(): void {
    this.rows.clear()
    this.count = 0
    for (const column of this.columns) column.clear()
  }
}

export class TupleColumn implements Leaf {
  readonly path: readonly string[]
  readonly type: PhysicalType
  readonly optional = true
  readonly repeated = false
  private readonly dictionary: Dictionary
  private readonly kind: ColumnType
  /** by number of tuple, places in the dictionary */
  private places = new Int32Array(1024)
  private layout: Layout = { encoding: ENCODING.PLAIN, bytes: 0 }

  constructor(
    { name, type }: Column,
    private readonly rows: Runs,
  ) {
    this.path = [name]
    this.kind = type
    this.type = PHYSICAL[type as keyof typeof PHYSICAL]
    this.dictionary =
      type === 'text' ? new Texts() : type === 'bool' ? new Booleans() : new Numbers(type === 'int32' ? 4 : 8)
  }

  add(tuple: number, value: FieldValue | undefined): void {
    if (tuple === this.places.length) {
      const larger = new Int32Array(tuple * 2)
      larger.set(this.places)
      this.places = larger
    }
    this.places[tuple] = value === undefined ? NONE : this.place(value)
  }

  private place(value: FieldValue): number {
    const { dictionary, kind } = this
    if (dictionary instanceof Texts) return dictionary.of(String(value))
    if (dictionary instanceof Booleans) return dictionary.of(value === true)
    return fits(value, kind) ? dictionary.of(value) : NONE
  }

  clear(): void {
    this.dictionary.clear()
  }

  plan(): Layout {
    this.layout = this.choose()
    this.rows.rewind()
    return this.layout
  }

  private choose(): Layout {
    const { dictionary, places, rows } = this
    let values = 0
    let plain = 0
    rows.rewind()
    rows.each(rows.length, (tuple, times) => {
      const place = places[tuple] as number
      if (place < 0) return
      values += times
      plain += times * dictionary.bytesOf(place)
    })
    if (values > 0 && !(dictionary instanceof Booleans) && worthwhile(dictionary, values, plain))
      return { encoding: ENCODING.RLE_DICTIONARY, dictionary, bytes: values }
    return { encoding: ENCODING.PLAIN, bytes: plain }
  }

  read(rows: number, page: Page): void {
    const { places, dictionary } = this
    const byIndex = this.layout.dictionary !== undefined
    this.rows.each(rows, (tuple, times) => {
      const place = places[tuple] as number
      page.definitions.put(place < 0 ? 0 : 1, times)
      if (place < 0) page.nulls += times
      else if (byIndex) page.indexes.put(place, times)
      else for (let i = 0; i < times; i++) dictionary.put(page.values, place)
    })
    page.entries += rows
  }

  bounds(): Bounds | undefined {
    return this.dictionary.bounds()
  }
}

function fits(value: FieldValue, kind: ColumnType): value is number | bigint {
  if (typeof value === 'bigint') return kind !== 'int32' && BigInt.asIntN(64, value) === value
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
  return kind !== 'int32' || (value | 0) === value
}
