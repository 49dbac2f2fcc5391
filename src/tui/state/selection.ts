// Moves the selection, and the visible window around it.

import { layout } from '../layout/layout.js'
import { rowsOf, selectedAt } from '../layout/rows.js'
import { page, type UiState, withPage } from '../model/model.js'

/** Selects a row by its index; the window follows. */
export function select(s: UiState, to: number): UiState {
  const rows = rowsOf(s)
  if (rows.length === 0) return s
  const at = Math.max(0, Math.min(to, rows.length - 1))
  const selected = rows[at]?.id
  const followed = page(s).followed && selected === page(s).selected
  return settle(withPage(s, { selected, at, wanted: undefined, touched: true, followed }))
}

/** Adjusts selection and window after rows or sizes have changed. */
export function settle(s: UiState): UiState {
  const rows = rowsOf(s)
  const p = page(s)
  if (rows.length === 0) return s
  const body = Math.max(1, layout(s).body)
  let at = selectedAt(rows, p)
  let { top } = p
  if (p.touched) {
    if (at < top) top = at
    if (at >= top + body) top = at - body + 1
  } else if (p.view.table !== undefined && (at >= top + body || s.source?.live !== true)) {
    // the user has not moved yet: the top of the table matters more than the row that was first
    at = 0
    top = 0
  }
  top = Math.max(0, Math.min(top, rows.length - body))
  return withPage(s, { selected: rows[at]?.id, at, top })
}

/** Scrolls the window without moving the selection further than needed. */
export function scroll(s: UiState, by: number): UiState {
  const rows = rowsOf(s)
  const body = Math.max(1, layout(s).body)
  const p = page(s)
  const top = Math.max(0, Math.min(p.top + by, rows.length - body))
  const at = Math.max(top, Math.min(selectedAt(rows, p), top + body - 1))
  return select(withPage(s, { top }), at)
}
