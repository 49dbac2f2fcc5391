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
  /** by tuple: how many rows have it */
  readonly times: number[] = []
  count = 0
  private getters: readonly Getter[] = []

  constructor(columns: readonly Column[]) {
    this.columns = columns.map((c) => new TupleColumn(c, this))
  }

  /** From now on values are those of another capture. */
  ask(getters: readonly Getter[]): void {
    this.getters = getters
  }

  /** Makes a tuple of what the event under the cursor has; returns its number. */
  add(e: Event): number {
    const { columns, getters, count } = this
    for (let i = 0; i < columns.length; i++) (columns[i] as TupleColumn).add(count, (getters[i] as Getter)(e))
    this.times.push(0)
    this.count++
    return count
  }

  /** The next row has that tuple. */
  push(tuple: number): void {
    this.rows.push(tuple)
    this.times[tuple]!++
  }

  clear(): void {
    this.rows.clear()
    this.times.length = 0
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
  /** rows that have a value */
  private present = 0
  private layout: Layout = { encoding: ENCODING.PLAIN, bytes: 0 }

  constructor(
    { name, type }: Column,
    private readonly tuples: Tuples,
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
    this.tuples.rows.rewind()
    this.layout = this.choose()
    return this.layout
  }

  private choose(): Layout {
    const { dictionary, places } = this
    const { times, count } = this.tuples
    let values = 0
    let plain = 0
    for (let tuple = 0; tuple < count; tuple++) {
      const place = places[tuple] as number
      if (place < 0) continue
      const n = times[tuple] as number
      values += n
      plain += n * dictionary.bytesOf(place)
    }
    this.present = values
    if (values > 0 && !(dictionary instanceof Booleans) && worthwhile(dictionary, values, plain))
      return { encoding: ENCODING.RLE_DICTIONARY, dictionary, bytes: values }
    return { encoding: ENCODING.PLAIN, bytes: plain }
  }

  read(rows: number, page: Page): void {
    page.entries += rows
    if (this.present === 0) {
      page.definitions.put(0, rows)
      page.nulls += rows
    } else if (this.layout.dictionary === undefined) this.readPlain(rows, page)
    else if (this.present === this.tuples.rows.length) this.readWhole(rows, page)
    else page.nulls += this.readIndexes(rows, page)
  }

  private readIndexes(rows: number, { definitions, indexes }: Page): number {
    const { places } = this
    const runs = this.tuples.rows
    let nulls = 0
    for (let left = rows; left > 0; ) {
      const n = runs.next(left)
      left -= n
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

  /** The same where no value is absent. */
  private readWhole(rows: number, { definitions, indexes }: Page): void {
    const { places } = this
    const runs = this.tuples.rows
    definitions.put(1, rows)
    for (let left = rows; left > 0; ) {
      const n = runs.next(left)
      left -= n
      indexes.put(places[runs.value] as number, n)
    }
  }

  private readPlain(rows: number, page: Page): void {
    const { places, dictionary } = this
    const runs = this.tuples.rows
    for (let left = rows; left > 0; ) {
      const n = runs.next(left)
      left -= n
      const place = places[runs.value] as number
      page.definitions.put(place < 0 ? 0 : 1, n)
      if (place < 0) page.nulls += n
      else for (let i = 0; i < n; i++) dictionary.put(page.values, place)
    }
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
