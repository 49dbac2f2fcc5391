// Finds rows by the values of their keys. Several keys are combined by numbering their values, then pairs of these numbers.
import type { FieldValue } from '../fields/field.js'
import type { FieldUse } from '../fields/registry.js'
import type { Accumulator } from './accumulators.js'
import type { Cell } from './types.js'

/** A key's value, comparable with ===: lists and buffers are converted to strings. */
export type Key = string | number | bigint | boolean

/** Factor for the left number of a pair: the right key can have up to 2^26 values. */
const SHIFT = 2 ** 26
/** Number of hints: the row last found for each value of a cheap hash of the event. */
const HINTS = 1024
export const HINT_MASK = HINTS - 1

export class RowIndex {
  count = 0
  /** values of key k by row */
  readonly values: readonly Key[][]
  /** row last found, by hash of the event; -1: none. A hint must be verified */
  readonly hints = new Int32Array(HINTS).fill(-1)
  /** by key: its values are lists or buffers */
  private readonly convert: readonly boolean[]
  private readonly numbers: readonly Map<Key, number>[]
  private readonly pairs: readonly Map<number, number>[]

  constructor(keys: readonly FieldUse[]) {
    this.values = keys.map(() => [])
    this.convert = keys.map((k) => k.type === 'bytebuf' || k.type === 'dynamic' || k.def.list === true || k.multi)
    this.numbers = keys.map(() => new Map())
    this.pairs = keys.slice(1).map(() => new Map())
  }

  /** Values as keys; the same array if no value needs conversion. */
  keyed(values: readonly FieldValue[]): readonly Key[] {
    if (!this.convert.includes(true)) return values as readonly Key[]
    return values.map((v) =>
      typeof v !== 'object' ? v : v instanceof Uint8Array ? Buffer.from(v).toString('latin1') : v.join(','),
    )
  }

  /** The row of these keys; -1 if there is none. */
  find(keys: readonly Key[]): number {
    let n = this.numbers[0]?.get(keys[0] as Key) ?? (keys.length === 0 && this.count > 0 ? 0 : -1)
    for (let k = 1; k < keys.length && n >= 0; k++) {
      const right = this.numbers[k]?.get(keys[k] as Key)
      n = right === undefined ? -1 : (this.pairs[k - 1]?.get(n * SHIFT + right) ?? -1)
    }
    return n
  }

  /** Creates a row for keys that have none; returns its number. */
  make(keys: readonly Key[]): number {
    const row = this.count++
    for (let k = 0; k < keys.length; k++) (this.values[k] as Key[])[row] = keys[k] as Key
    this.enter(row, keys)
    return row
  }

  /** Removes all rows except these, which get the numbers 0, 1, 2 ... */
  keep(rows: readonly number[]): void {
    for (const column of this.values) {
      for (let to = 0; to < rows.length; to++) column[to] = column[rows[to] as number] as Key
      column.length = rows.length
    }
    this.count = rows.length
    this.clearIndex()
    for (let row = 0; row < this.count; row++)
      this.enter(
        row,
        this.values.map((column) => column[row] as Key),
      )
  }

  clear(): void {
    this.count = 0
    for (const column of this.values) column.length = 0
    this.clearIndex()
  }

  private clearIndex(): void {
    this.hints.fill(-1)
    for (const m of this.numbers) m.clear()
    for (const m of this.pairs) m.clear()
  }

  private enter(row: number, keys: readonly Key[]): void {
    const last = keys.length - 1
    if (last < 0) return
    let n = number(this.numbers[0] as Map<Key, number>, keys[0] as Key, last === 0 ? row : undefined)
    for (let k = 1; k <= last; k++) {
      const right = number(this.numbers[k] as Map<Key, number>, keys[k] as Key, undefined)
      n = number(this.pairs[k - 1] as Map<number, number>, n * SHIFT + right, k === last ? row : undefined)
    }
  }
}

/** A key as a column; it reads the index and ignores added values. */
export class KeyColumn implements Accumulator {
  constructor(
    private readonly index: RowIndex,
    private readonly key: number,
  ) {}

  add(): void {}
  read(row: number): Cell {
    return this.index.values[this.key]?.[row]
  }
  reset(): void {}
  move(): void {}
}

/** The number of a value; a new value gets the given number or the next free one. */
function number<K>(map: Map<K, number>, key: K, preferred: number | undefined): number {
  let n = map.get(key)
  if (n === undefined) {
    n = preferred ?? map.size
    map.set(key, n)
  }
  return n
}
