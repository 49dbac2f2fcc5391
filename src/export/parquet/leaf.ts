// What a column has to tell about its part of a row group, to whoever writes pages of it.
import type { Bounds } from './bounds.js'
import type { Hybrid } from './hybrid.js'
import type { PageBuffer } from './page-buffer.js'
import type { Values } from './plain.js'
import type { Encoding, PhysicalType } from './spec.js'

/** A page while it is filled. */
export interface Page {
  readonly repetitions: Hybrid
  readonly definitions: Hybrid
  /** values, encoded by the leaf */
  readonly values: PageBuffer
  /** values as indexes of the dictionary, where there is one */
  readonly indexes: Hybrid
  /** values, absent ones and empty lists too */
  entries: number
  /** absent ones */
  nulls: number
}

/** How the part is written. */
export interface Layout {
  /** of values in data pages */
  readonly encoding: Encoding
  /** where the encoding has indexes */
  readonly dictionary?: Values
  /** where there is one: leaves of a row group that have the same here have the same indexes */
  readonly indexes?: object
  /** bytes of all values, about: pages are made so that none is too long */
  readonly bytes: number
}

export interface Leaf {
  /** names from the column down to it */
  readonly path: readonly string[]
  readonly type: PhysicalType
  /** whether entries have a level that tells if they are there, and one that tells if they go on with a list */
  readonly optional: boolean
  readonly repeated: boolean
  /** Decides how the rows that were gathered are written. */
  plan(): Layout
  /** Appends the next rows to a page. */
  read(rows: number, page: Page): void
  /** Smallest and largest value; undefined: not told. */
  bounds(): Bounds | undefined
}

/** Whether a dictionary is worth its bytes: `values` values that would take `plain` bytes. */
export function worthwhile(dictionary: Values, values: number, plain: number): boolean {
  const { count, bytes } = dictionary
  if (bytes > LARGEST) return false
  return bytes + (values * indexBits(count)) / 8 < plain
}

/** Bytes of a dictionary at most: readers keep it in memory. */
const LARGEST = 16 << 20

/** Bits of the indexes of a dictionary with so many values. */
export function indexBits(count: number): number {
  return count < 2 ? 1 : 32 - Math.clz32(count - 1)
}
