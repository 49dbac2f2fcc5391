// The shown rows of the present result, from top to bottom, and the selected one among them.

import { cellText } from '../../table/index.js'
import type { Page, ShownRow, UiState } from '../model/model.js'
import { page } from '../model/model.js'
import { shownColumns } from './columns.js'
import { treeOn } from './tree.js'

/** The shown rows of the present result, from top to bottom. */
export function rowsOf(s: UiState): readonly ShownRow[] {
  return rowsWithText(s, rowsBeforeSearch(s))
}

/** The same, before they are filtered by text. */
export function rowsBeforeSearch(s: UiState): readonly ShownRow[] {
  return treeOn(s)?.rows ?? s.result?.rows ?? []
}

/** Index of the selected row; if it has disappeared, the nearest one; -1 without rows. */
export function selectedAt(rows: readonly ShownRow[], p: Page): number {
  if (rows.length === 0) return -1
  if (p.selected === undefined) return Math.min(p.at, rows.length - 1)
  if (rows[p.at]?.id === p.selected) return p.at
  const at = rows.findIndex((r) => r.id === p.selected)
  return at >= 0 ? at : Math.min(p.at, rows.length - 1)
}

export function selectedRow(s: UiState): ShownRow | undefined {
  return rowsOf(s)[selectedAt(rowsOf(s), page(s))]
}

/** Whether the end of a live list stays in view: until the user moves away. */
export function followsEnd(s: UiState): boolean {
  const p = page(s)
  const list = s.source?.live === true && p.view.table === undefined
  return list && (!p.touched || p.at >= rowsOf(s).length - 1)
}

type Shown = ReturnType<typeof shownColumns>

/** Whether one of the row's columns contains a text, ignoring case. */
export function hasText(row: ShownRow, text: string, columns: Shown): boolean {
  const wanted = text.toLowerCase()
  return columns.some(({ column, index }) => cellText(row.cells[index], column).toLowerCase().includes(wanted))
}

export const known = new WeakMap<readonly ShownRow[], { readonly key: string; readonly rows: readonly ShownRow[] }>()

/** The rows that contain the page's text; cached, since it is called for every frame. */
function rowsWithText(s: UiState, all: readonly ShownRow[]): readonly ShownRow[] {
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
