// What is on the screen of the answers that come: held still it stays, and of a live table rows that are gone stay a while.
import { sortRows } from '../rows.js'
import type { Rows } from '../worker/messages.js'
import { mergeRows } from './gone.js'
import { type Answer, looksBack, page, type ShownRow, type UiState } from './model.js'
import { insideAsked } from './query.js'
import { settle } from './selection.js'

/** The state with a new snapshot; what is held still stays on the screen. */
export function recordSnapshot(s: UiState, r: Rows): UiState {
  const { view } = page(s)
  const before = s.newest
  const comes = s.source?.live === true && !looksBack(s)
  const rows: readonly ShownRow[] =
    comes && view.table !== undefined ? mergeRows(before?.rows ?? [], r) : r.rows.map((x) => ({ ...x, gone: 0 }))
  const newest: Answer = {
    columns: before?.columns ?? r.columns,
    inside: before?.inside ?? insideAsked(s, s.inside),
    rows,
    total: r.total,
    sort: r.sort,
    span: r.span,
    progress: r.progress,
    cancelled: r.cancelled,
    data: r.data,
    time: r.time,
  }
  const waits = s.held && !looksBack(s) && s.answer !== undefined
  return waits ? { ...s, newest } : { ...s, newest, answer: newest, refused: undefined }
}

/** Holds what is shown, or goes on with the newest. */
export function hold(s: UiState, held: boolean): UiState {
  const { newest } = s
  if (held || newest === undefined) return { ...s, held }
  const { sort } = page(s)
  if (sort === undefined || (newest.sort?.column === sort.column && newest.sort.ascending === sort.ascending))
    return settle({ ...s, held, answer: newest })
  const rows = sortRows([...newest.rows], sort)
  return settle({ ...s, held, answer: { ...newest, sort, rows } })
}

/** ms between what is shown and now. */
export function age(s: UiState): number {
  const now = s.at === undefined ? s.newest?.time : s.meter?.time
  return Math.max(0, (now ?? 0) - (s.at ?? s.answer?.time ?? 0))
}
