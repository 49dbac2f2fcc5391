// Follows a row wherever sorting moves it, or the end of a live list.

import { rowsOf, selectedRow } from '../layout/rows.js'
import { page, type Step, step, type UiState, withPage } from '../model/model.js'
import { settle } from './selection.js'

/** Goes to the end of a list, which then stays in view. */
export function atEnd(s: UiState): UiState {
  const last = rowsOf(s).length - 1
  return settle(withPage(s, { selected: undefined, at: last, top: last, touched: false }))
}

export function follow(s: UiState): Step {
  const p = page(s)
  if (p.view.table === undefined) {
    if (s.source?.live === false) return step({ ...s, note: 'a file does not grow: G goes to the last row' })
    return step({ ...atEnd(s), note: 'new rows stay in view until you move' })
  }
  const row = selectedRow(s)
  if (row === undefined) return step({ ...s, note: 'no row is selected' })
  const followed = !p.followed
  const note = followed ? 'this row stays selected and in view until you move' : 'this row is no longer followed'
  const next = settle(withPage({ ...s, note }, { followed, selected: row.id, touched: true }))
  return step(next, { kind: 'send', request: { kind: 'pin', id: followed ? row.id : undefined } })
}

/** Called after an update: stops following a row that has disappeared, with a note. */
export function checkFollowed(s: UiState): UiState {
  const p = page(s)
  if (!p.followed || s.result?.progress !== undefined) return s
  if (s.result === undefined || s.result.rows.some((r) => r.id === p.selected)) return s
  return withPage({ ...s, note: 'the followed row is no longer shown' }, { followed: false })
}
