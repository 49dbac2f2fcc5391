// Columns that are looked up together: a row has the number of a tuple, which has a value for each column.
import type { FieldValue, Getter } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { Booleans, type Dictionary, Numbers, Texts } from './dictionary.js'
import { Runs } from './runs.js'
import type { Column, ColumnType } from './schema.js'

/** The index of an absent value; all indexes in a dictionary are larger. */
export const NONE = -1

export class Tuples {
  readonly columns: readonly TupleColumn[]
  /** by row */
  readonly rows = new Runs()
  /** by tuple: number of rows */
  readonly times: number[] = []
  count = 0
  private getters: readonly Getter[] = []

  constructor(columns: readonly Column[]) {
    this.columns = columns.map((c) => new TupleColumn(c, this))
  }

  /** Sets the getters of another capture. */
  useGetters(getters: readonly Getter[]): void {
    this.getters = getters
  }

  /** Adds a tuple with the values of the event under the cursor; returns its number. */
  add(e: Event): number {
    const { columns, getters, count } = this
    for (let i = 0; i < columns.length; i++) (columns[i] as TupleColumn).add(count, (getters[i] as Getter)(e))
    this.times.push(0)
    this.count++
    return count
  }

  /** Adds a row with that tuple. */
  push(tuple: number): void {
    this.rows.push(tuple)
    this.times[tuple]!++
  }

  /** The first column in which all tuples have the same indexes as in this one. */
  sameIndexes(column: TupleColumn): TupleColumn {
    const same = this.columns.find((other) => other === column || startSame(other.places, column.places, this.count))
    return same ?? column
  }

  clear(): void {
    this.rows.clear()
    this.times.length = 0
    this.count = 0
    for (const column of this.columns) column.clear()
  }
}

export class TupleColumn {
  readonly name: string
  readonly type: ColumnType
  readonly dictionary: Dictionary
  /** by tuple: index in the dictionary, or NONE */
  places = new Int32Array(1024)

  constructor(
    { name, type }: Column,
    readonly tuples: Tuples,
  ) {
    this.name = name
    this.type = type
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
    const { dictionary, type } = this
    if (dictionary instanceof Texts) return dictionary.index(String(value))
    if (dictionary instanceof Booleans) return dictionary.index(value === true)
    return fits(value, type) ? dictionary.index(value) : NONE
  }

  clear(): void {
    this.dictionary.clear()
  }
}

/** Whether the first n numbers are equal. */
function startSame(a: Int32Array, b: Int32Array, n: number): boolean {
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return false
  return true
}

function fits(value: FieldValue, type: ColumnType): value is number | bigint {
  if (typeof value === 'bigint') return type !== 'int32' && BigInt.asIntN(64, value) === value
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
  return type !== 'int32' || (value | 0) === value
}
