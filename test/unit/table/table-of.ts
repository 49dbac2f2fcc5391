// A table over hand-made events, with a state that follows them.
import { compileTable, Table, type TableDef, type TableOptions } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

export interface Given extends Partial<TableOptions> {
  readonly maxRows?: number
}

/** The table after those events. */
export function tableOf(def: TableDef, rows: readonly RowSpec[], { maxRows, ...options }: Given = {}): Table {
  const ctx = context()
  const table = new Table(compileTable(def, { containers: false, ...options }), ctx, maxRows)
  walk(rows, ctx, (e) => table.add(e))
  return table
}

/** Keys and cells of its rows, in one list each, over one second. */
export function shown(def: TableDef, rows: readonly RowSpec[], given?: Given): unknown[][] {
  return tableOf(def, rows, given)
    .read(1e9)
    .map((r) => [...r.keys, ...r.cells])
}
