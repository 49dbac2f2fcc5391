// Shows live rows that have disappeared in grey for a few snapshots.
import type { Cell } from '../../table/types.js'
import type { ShownRow } from '../model/model.js'
import { sortRows } from '../rows.js'
import type { RowData, Rows } from '../worker/messages.js'

/** Number of snapshots for which a row stays after it has disappeared. */
const GREY = 3

/** The rows to show after a live snapshot. */
export function mergeRows(before: readonly ShownRow[], now: Rows): ShownRow[] {
  const known = new Map(before.map((r) => [r.id, r]))
  const rows: ShownRow[] = now.rows.map((r) => sharing(r, known.get(r.id)))
  // rows that were not sent have not disappeared
  if (now.total > now.rows.length) return rows
  const here = new Set(now.rows.map((r) => r.id))
  // a young row that disappears is now part of a group
  const ended = before.filter((r) => !here.has(r.id) && r.absentFor < GREY && r.young !== true)
  for (const r of ended) rows.push({ ...r, absentFor: r.absentFor + 1 })
  if (now.sort !== undefined && ended.length > 0) sortRows(rows, now.sort)
  return rows
}

/**
 * The row as shown: `before`, the same row of the previous snapshot, if nothing has changed. Most rows of a machine do
 * not change from one snapshot to the next, and unchanged objects are not drawn again.
 */
function sharing(row: RowData, before: ShownRow | undefined): ShownRow {
  if (before === undefined || before.cells.length !== row.cells.length) return { ...row, absentFor: 0 }
  const same = before.absentFor === 0 && areSame(row.cells, before.cells)
  if (same && MARKS.every((m) => row[m] === before[m]) && row.group?.count === before.group?.count) {
    if (row.subtree === before.subtree) return before
    if (row.subtree !== undefined && before.subtree !== undefined && areSame(row.subtree, before.subtree)) return before
  }
  const keys = areSame(row.keys, before.keys) ? before.keys : row.keys
  const cells = row.cells.map((c, i) => (c === before.cells[i] ? before.cells[i] : c))
  return { ...row, id: before.id, keys, cells, absentFor: 0 }
}

const MARKS = ['parent', 'young'] as const

function areSame(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((c, i) => c === b[i])
}
