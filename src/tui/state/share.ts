// Rows of a snapshot made of what the snapshot before has already: most rows of a machine do nothing from one to the next, and are
// then not drawn again.
import type { RowData } from '../worker/messages.js'
import type { ShownRow } from './model.js'

/** The row as it is shown; `before`, the same row of the snapshot before, where nothing has changed. */
export function sharing(row: RowData, before: ShownRow | undefined): ShownRow {
  if (before === undefined || before.cells.length !== row.cells.length) return { ...row, gone: 0 }
  const cells = row.cells.map((c, i) => (c === before.cells[i] ? before.cells[i] : c))
  if (before.gone === 0 && cells.every((c, i) => c === before.cells[i])) return before
  const keys = row.keys.every((k, i) => k === before.keys[i]) ? before.keys : row.keys
  return { id: before.id, keys, cells, gone: 0 }
}
