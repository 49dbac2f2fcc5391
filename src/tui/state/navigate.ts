// Navigates down into the selected row, and back up.

import { rowsOf, selectedAt } from '../layout/rows.js'
import {
  type Drill,
  newPage,
  type Page,
  page,
  type ShownRow,
  type Step,
  step,
  type UiState,
  withPage,
} from '../model/model.js'
import { dataStyle, drillOf, pageFilter, requery } from '../model/query.js'
import { aroundDrill } from './around.js'
import { cellsDrill } from './cells.js'
import { settle } from './selection.js'

export function drill(s: UiState): Step {
  const p = page(s)
  const rows = rowsOf(s)
  const at = selectedAt(rows, p)
  const row = rows[at]
  if (row === undefined) return step(s)
  if (p.view.list?.detail) return detail(s, row.id)
  // a table shows nothing more of an ended process, but its calls may be retained
  if (row.absentFor > 0 && row.group === undefined && s.meter?.retained !== undefined) return into(s, 'dig')
  const target = row.group === undefined ? s.views.find((v) => v.id === p.view.drillTo) : p.view
  if (target === undefined) return step({ ...s, note: `${p.view.name} has no level below; press v for other views` })
  const around = p.view.list?.around
  const how = around === undefined ? selectionOf(s, row) : aroundDrill(s, row, around)
  if (how === undefined) return step({ ...s, note: 'this row has no key to select it by' })
  const wanted = around === undefined ? {} : { wanted: String(row.keys[0]), touched: true }
  return down(s, { selected: row.id, at, touched: true }, { ...newPage(target, how), tree: p.tree, ...wanted })
}

/**
 * Goes to another page. What this page shows is remembered and shown again after returning, until the new result
 * arrives.
 */
function down(s: UiState, here: Partial<Page>, next: Page): Step {
  const { result, at } = s
  const before = result === undefined ? undefined : { filter: pageFilter(s), at, result }
  const left = withPage(s, { ...here, before })
  return requery({ ...left, pages: [...left.pages, next], search: '' })
}

/** Opens another view of the selected row, such as its events or data; without rows, of everything on the page. */
export function into(s: UiState, id: string): Step {
  const p = page(s)
  const rows = rowsOf(s)
  const at = selectedAt(rows, p)
  const row = rows[at]
  const target = s.views.find((v) => v.id === id)
  if (target === undefined) return step(s)
  if (p.view.id === id) return step({ ...s, note: `this is ${target.name} already` })
  // another page of the same selection
  if ((p.view.list?.raw && target.list?.raw) || (p.view.spectrogram && target.spectrogram))
    return requery({ ...s, pages: [...s.pages.slice(0, -1), newPage(target, p.drill)], search: '' })
  const how = row && selectionOf(s, row)
  return down(s, row === undefined ? {} : { selected: row.id, at, touched: true }, newPage(target, how))
}

/** The selected row, or the marked cells of a spectrogram. */
function selectionOf(s: UiState, row: ShownRow): Drill | undefined {
  return page(s).view.spectrogram === undefined ? drillOf(s, row) : cellsDrill(s)
}

function detail(s: UiState, id: string): Step {
  return step(
    { ...s, overlay: { kind: 'detail', id, top: 0, detail: undefined } },
    { kind: 'send', request: { kind: 'detail', number: s.number, id, data: dataStyle(s) } },
  )
}

export function back(s: UiState): Step {
  if (s.pages.length < 2) return step({ ...s, note: 'this is the top level; q quits' })
  const { state, effects } = requery({ ...s, pages: s.pages.slice(0, -1), search: '' })
  const { before } = page(state)
  const isSame = before?.filter === pageFilter(s) && before.at === s.at
  const result = isSame ? before.result : undefined
  return step(settle(withPage({ ...state, result }, { before: undefined })), ...effects)
}
