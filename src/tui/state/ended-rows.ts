// Shows live rows that have disappeared in grey for a few snapshots.
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import type { ShownRow } from './model.js'
import { sharing } from './share.js'

/** Number of snapshots for which a row stays after it has disappeared. */
export const GREY = 3

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
