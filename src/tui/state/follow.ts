// Following a row wherever the order moves it, or of a list that goes on its end.
import { page, type Step, step, type UiState, withPage } from './model.js'
import { rowsOf, selectedRow, settle } from './selection.js'

/** Whether the end of a live list stays in view: until the person goes elsewhere. */
export function followsEnd(s: UiState): boolean {
  const p = page(s)
  const list = s.source?.live === true && p.view.table === undefined
  return list && (!p.touched || p.at >= rowsOf(s).length - 1)
}

/** The state at the end of a list, which stays in view. */
export function atEnd(s: UiState): UiState {
  const last = rowsOf(s).length - 1
  return settle(withPage(s, { selected: undefined, at: last, top: last, touched: false }))
}

export function follow(s: UiState): Step {
  const p = page(s)
  if (p.view.table === undefined) {
    if (s.source?.live === false) return step({ ...s, note: 'a file has ended: G goes to the last row' })
    return step({ ...atEnd(s), note: 'what comes stays in view, until you move' })
  }
  const row = selectedRow(s)
  if (row === undefined) return step({ ...s, note: 'there is no row to follow' })
  const followed = !p.followed
  const note = followed ? 'this row stays selected and in view wherever it goes, until you move' : 'no row is followed'
  const next = settle(withPage({ ...s, note }, { followed, selected: row.id, touched: true }))
  return step(next, { kind: 'send', request: { kind: 'pin', id: followed ? row.id : undefined } })
}

/** The state after other rows have come: a row that is there no more is not followed, which is told. */
export function checkFollowed(s: UiState): UiState {
  const p = page(s)
  if (!p.followed || s.result?.progress !== undefined) return s
  if (s.result === undefined || s.result.rows.some((r) => r.id === p.selected)) return s
  return withPage({ ...s, note: 'the row that was followed is there no more' }, { followed: false })
}
