// The interface of a leaf column: the page writer reads from it the column's values in a row group.
import type { Bounds } from './bounds.js'
import type { Hybrid } from './hybrid.js'
import type { PageBuffer } from './page-buffer.js'
import type { Values } from './plain.js'
import type { Encoding, PhysicalType } from './spec.js'

/** A page that is being filled. */
export interface Page {
  readonly repetitions: Hybrid
  readonly definitions: Hybrid
  /** plain values, encoded by the leaf */
  readonly values: PageBuffer
  /** values as dictionary indexes, if the layout has a dictionary */
  readonly indexes: Hybrid
  /** number of values, including absent ones and empty lists */
  entries: number
  /** number of absent values */
  nulls: number
}

/** How the column's part of a row group is written. */
export interface Layout {
  /** encoding of values in data pages */
  readonly encoding: Encoding
  /** the dictionary, if values are indexes */
  readonly dictionary?: Values
  /** with a dictionary: leaves of a row group with the same object have equal indexes */
  readonly indexes?: object
  /** approximate bytes of all values, by which the size of pages is chosen */
  readonly bytes: number
}

export interface Leaf {
  /** path of names from the column to the leaf */
  readonly path: readonly string[]
  readonly type: PhysicalType
  /** whether entries have definition levels (present or absent) and repetition levels (new or continued list) */
  readonly optional: boolean
  readonly repeated: boolean
  /** Chooses how the gathered rows are written. */
  plan(): Layout
  /** Appends the next rows to a page. */
  read(rows: number, page: Page): void
  /** Minimum and maximum; undefined: no statistics. */
  bounds(): Bounds | undefined
}

/** Whether a dictionary saves bytes for `values` values that would take `plain` bytes. */
export function worthwhile(dictionary: Values, values: number, plain: number): boolean {
  const { count, bytes } = dictionary
  if (bytes > LARGEST) return false
  return bytes + (values * indexBits(count)) / 8 < plain
}

/** Maximum bytes of a dictionary: readers hold it in memory. */
const LARGEST = 16 << 20

/** Bits of the indexes of a dictionary. */
export function indexBits(count: number): number {
  return count < 2 ? 1 : 32 - Math.clz32(count - 1)
}
