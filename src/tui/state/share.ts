// Reuses the objects of the previous snapshot for rows that have not changed: most rows of a machine do not change from
// one snapshot to the next, and are then not drawn again.
import type { Cell } from '../../table/types.js'
import type { RowData } from '../worker/messages.js'
import type { ShownRow } from './model.js'

/** The row as shown: `before`, the same row of the previous snapshot, if nothing has changed. */
export function sharing(row: RowData, before: ShownRow | undefined): ShownRow {
  if (before === undefined || before.cells.length !== row.cells.length) return { ...row, absentFor: 0 }
  const cells = row.cells.map((c, i) => (c === before.cells[i] ? before.cells[i] : c))
  const same = before.absentFor === 0 && areSame(cells, before.cells)
  if (same && MARKS.every((m) => row[m] === before[m]) && row.group?.count === before.group?.count) {
    if (row.subtree === before.subtree) return before
    if (row.subtree !== undefined && before.subtree !== undefined && areSame(row.subtree, before.subtree)) return before
  }
  const keys = areSame(row.keys, before.keys) ? before.keys : row.keys
  return { ...row, id: before.id, keys, cells, absentFor: 0 }
}

const MARKS = ['parent', 'young'] as const

function areSame(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((c, i) => c === b[i])
}
