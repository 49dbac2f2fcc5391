// Tables of values: what libs has for the kernel's flags and choices, one number for each table.
import { type FlagKind, toPortable } from '../../schema/flags/convert.js'
import type { FlagTable } from '../../schema/types.js'

const TWO32 = 4294967296

export class ValueTables {
  private readonly tables: { readonly table: FlagTable; readonly kind: FlagKind }[] = []

  /** The number of a table whose values are bits or alternatives. */
  indexOf(table: FlagTable, kind: FlagKind): number {
    const found = this.tables.findIndex((t) => t.table === table && t.kind === kind)
    return found >= 0 ? found : this.tables.push({ table, kind }) - 1
  }

  /** libs' value, of 32 bits, for the kernel's, of which the halves are given; `low` has the sign. */
  portable(index: number, low: number, high: number): number {
    const { table, kind } = this.tables[index] as (typeof this.tables)[number]
    const value = high === 0xffffffff ? low | 0 : low + high * TWO32
    return toPortable(table, kind, value) >>> 0
  }
}
