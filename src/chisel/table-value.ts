// A table as a value, for programs: time, rows, and what the columns are.
import { epochNs } from '../fields/clock.js'
import type { CaptureInfo } from '../source/source.js'
import type { CompiledColumn } from '../table/compile.js'
import type { TableRow } from '../table/types.js'

/** Rows have the keys first and the values after them. `time`: batch time (ns) that the table is about. */
export function tableValue(
  columns: readonly CompiledColumn[],
  rows: readonly TableRow[],
  info: CaptureInfo,
  time: number,
): unknown {
  const isKey = (c: CompiledColumn) => c.agg === 'last'
  const order = columns
    .map((_, i) => i)
    .sort((a, b) => Number(isKey(columns[b]!)) - Number(isKey(columns[a]!)) || a - b)
  return {
    ts: String(epochNs(info, time)),
    data: rows.map((r) => order.map((i) => r.cells[i] ?? null)),
    info: order.map((i) => {
      const c = columns[i] as CompiledColumn
      return { name: c.field, desc: c.title, is_key: isKey(c) }
    }),
  }
}
