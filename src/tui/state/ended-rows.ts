// Live rows that are no longer there stay grey for a few snapshots.
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import type { ShownRow } from './model.js'
import { sharing } from './share.js'

/** Snapshots for which a row stays after it was last there. */
export const GREY = 3

/** The rows to show after a live snapshot. */
export function mergeRows(before: readonly ShownRow[], now: Rows): ShownRow[] {
  const known = new Map(before.map((r) => [r.id, r]))
  const rows: ShownRow[] = now.rows.map((r) => sharing(r, known.get(r.id)))
  // rows that were not sent are not gone
  if (now.total > now.rows.length) return rows
  const here = new Set(now.rows.map((r) => r.id))
  // what was young has ended in no time: it is in a crowd now
  const gone = before.filter((r) => !here.has(r.id) && r.gone < GREY && r.young !== true)
  for (const r of gone) rows.push({ ...r, gone: r.gone + 1 })
  if (now.sort !== undefined && gone.length > 0) sortRows(rows, now.sort)
  return rows
}
