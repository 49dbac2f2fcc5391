// Searches rows for a text.
import { shownColumns } from '../layout/columns.js'
import { uncovered } from './fold.js'
import { page, type ShownRow, type UiState } from './model.js'
import { rowsOf, select, selectedAt } from './selection.js'
import { hasText } from './text.js'

/**
 * Selects the next row (with -1 the previous one) that contains the search text; `here`: starting with the present row.
 */
export function findNext(s: UiState, direction: 1 | -1, here = false): UiState {
  const rows = rowsOf(s)
  if (s.search === '') return { ...s, note: 'no search text yet: / starts a search' }
  if (rows.length === 0) return s
  const from = selectedAt(rows, page(s))
  const columns = shownColumns(s)
  for (let i = here ? 0 : 1; i <= rows.length; i++) {
    const at = (from + direction * i + rows.length * 2) % rows.length
    if (hasText(rows[at] as ShownRow, s.search, columns)) return select(s, at)
  }
  const hidden = (s.result?.rows ?? []).find((r) => hasText(r, s.search, columns))
  if (hidden !== undefined) {
    const open = uncovered(s, hidden)
    return select(
      open,
      rowsOf(open).findIndex((r) => r.id === hidden.id),
    )
  }
  return { ...s, note: `no row has "${s.search}"` }
}
