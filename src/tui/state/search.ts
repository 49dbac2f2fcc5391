// Finding a row by a text in it.
import { cellText } from '../../table/index.js'
import { shownColumns } from '../layout/columns.js'
import { uncovered } from './fold.js'
import { page, type ShownRow, type UiState } from './model.js'
import { rowsOf, select, selectedAt } from './selection.js'

/** Selects the next row (or the one before, with -1) that has the search text; from the present row on when `here`. */
export function findNext(s: UiState, direction: 1 | -1, here = false): UiState {
  const rows = rowsOf(s)
  if (s.search === '') return { ...s, note: 'nothing to search for yet: / begins a search' }
  if (rows.length === 0) return s
  const from = selectedAt(rows, page(s))
  const wanted = s.search.toLowerCase()
  for (let i = here ? 0 : 1; i <= rows.length; i++) {
    const at = (from + direction * i + rows.length * 2) % rows.length
    if (has(s, rows[at] as ShownRow, wanted)) return select(s, at)
  }
  const hidden = (s.answer?.rows ?? []).find((r) => has(s, r, wanted))
  if (hidden !== undefined) {
    const open = uncovered(s, hidden)
    return select(
      open,
      rowsOf(open).findIndex((r) => r.id === hidden.id),
    )
  }
  return { ...s, note: `no row has "${s.search}"` }
}

function has(s: UiState, row: ShownRow, wanted: string): boolean {
  return shownColumns(s).some(({ column, index }) => cellText(row.cells[index], column).toLowerCase().includes(wanted))
}
