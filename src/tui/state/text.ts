// Texts in rows as shown: for search, and to filter rows by text.
import { cellText } from '../../table/index.js'
import { shownColumns } from '../layout/columns.js'
import { page, type ShownRow, type UiState } from './model.js'

type Shown = ReturnType<typeof shownColumns>

/** Whether one of the row's columns contains a text, ignoring case. */
export function hasText(row: ShownRow, text: string, columns: Shown): boolean {
  const wanted = text.toLowerCase()
  return columns.some(({ column, index }) => cellText(row.cells[index], column).toLowerCase().includes(wanted))
}

const known = new WeakMap<readonly ShownRow[], { readonly key: string; readonly rows: readonly ShownRow[] }>()

/** The rows that contain the page's text; cached, since it is called for every frame. */
export function rowsWithText(s: UiState, all: readonly ShownRow[]): readonly ShownRow[] {
  const { text } = page(s)
  if (text === '') return all
  const columns = shownColumns(s)
  const key = `${columns.map((c) => c.index)} ${text}`
  const before = known.get(all)
  if (before?.key === key) return before.rows
  const rows = all.filter((r) => hasText(r, text, columns))
  known.set(all, { key, rows })
  return rows
}
