// Applies new results to the screen: while paused they are not shown, and live rows that disappear stay for a while.

import { isPast, page, type ShownRow, type UiState, type ViewResult } from '../model/model.js'
import { requestedInside } from '../model/query.js'
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import { mergeRows } from './ended-rows.js'
import { settle } from './selection.js'

/** The state with a new snapshot; a paused page does not change. */
export function recordSnapshot(s: UiState, r: Rows): UiState {
  const { view } = page(s)
  const before = s.newest
  const comes = s.source?.live === true && !isPast(s)
  const rows: readonly ShownRow[] =
    comes && view.table !== undefined ? mergeRows(before?.rows ?? [], r) : r.rows.map((x) => ({ ...x, absentFor: 0 }))
  const newest: ViewResult = {
    columns: before?.columns ?? r.columns,
    inside: before?.inside ?? requestedInside(s, s.inside),
    rows,
    total: r.total,
    sort: r.sort,
    span: r.span,
    progress: r.progress,
    cancelled: r.cancelled,
    data: r.data,
    time: r.time,
  }
  const waits = s.held && !isPast(s) && s.result !== undefined
  return waits ? { ...s, newest } : { ...s, newest, result: newest, refused: undefined }
}

/** Pauses the page, or resumes with the newest result. */
export function setHeld(s: UiState, held: boolean): UiState {
  const { newest } = s
  if (held || newest === undefined) return { ...s, held }
  const { sort } = page(s)
  if (sort === undefined || (newest.sort?.column === sort.column && newest.sort.ascending === sort.ascending))
    return settle({ ...s, held, result: newest })
  const rows = sortRows([...newest.rows], sort)
  return settle({ ...s, held, result: { ...newest, sort, rows } })
}

/** Age in ms of what is shown. */
export function age(s: UiState): number {
  const now = s.at === undefined ? s.newest?.time : s.meter?.time
  return Math.max(0, (now ?? 0) - (s.at ?? s.result?.time ?? 0))
}
