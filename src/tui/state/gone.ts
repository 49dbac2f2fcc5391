// Live rows that are no longer there: grey for a few snapshots, then one row for all of a kind.
import type { Cell } from '../../table/types.js'
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import type { ShownRow } from './model.js'
import { sharing } from './share.js'

/** Snapshots for which a row stays after it was last there. */
export const GREY = 3
/** Kinds of gone rows that are remembered. */
const MOST_COLLAPSED = 12

/**
 * The rows to show after a live snapshot. `collapseColumns`: so many values behind the shown columns tell what a gone row is summed up
 * by; without any it just goes.
 */
export function mergeRows(before: readonly ShownRow[], now: Rows, collapseColumns: number): ShownRow[] {
  const known = new Map(before.map((r) => [r.id, r]))
  const rows: ShownRow[] = now.rows.map((r) => sharing(r, known.get(r.id)))
  // rows that were not sent are not gone
  if (now.total > now.rows.length) return rows
  const here = new Set(now.rows.map((r) => r.id))
  const collapsed = new Map<string, ShownRow>()
  for (const r of before) if (r.collapsed !== undefined) collapsed.set(r.id, r)
  for (const r of before) {
    if (r.collapsed !== undefined || here.has(r.id)) continue
    if (r.gone < GREY) rows.push({ ...r, gone: r.gone + 1 })
    else if (collapseColumns > 0) addToCollapsed(collapsed, r, now.columns.length, collapseColumns)
  }
  if (now.sort !== undefined && rows.length > now.rows.length) sortRows(rows, now.sort)
  return [...rows, ...[...collapsed.values()].slice(-MOST_COLLAPSED)]
}

function addToCollapsed(
  collapsed: Map<string, ShownRow>,
  row: ShownRow,
  columns: number,
  collapseColumns: number,
): void {
  const by = row.cells.slice(columns, columns + collapseColumns)
  const id = `gone:${by.join('\0')}`
  const count = (collapsed.get(id)?.collapsed?.count ?? 0) + 1
  collapsed.delete(id)
  collapsed.set(id, { id, keys: [], cells: [], gone: GREY + 1, collapsed: { label: label(by, count), count } })
}

function label(by: readonly Cell[], count: number): string {
  const [what, parent] = by
  const from = parent === undefined ? '' : ` of ${parent}`
  return `${what ?? 'unknown'}${from}: ${count} ended`
}
