// Down into the selected row, and back up to where the person was.
import { newPage, page, type Step, step, type UiState, withPage } from './model.js'
import { askAgain, drillOf } from './question.js'
import { rowsOf, selectedAt } from './selection.js'

export function drill(s: UiState): Step {
  const p = page(s)
  const rows = rowsOf(s)
  const at = selectedAt(rows, p)
  const row = rows[at]
  if (row === undefined) return step(s)
  if (row.fold !== undefined) return step({ ...s, note: 'these have ended: there is nothing to go into' })
  const target = s.views.find((v) => v.id === p.view.drillTo)
  if (target === undefined)
    return step({ ...s, note: `${p.view.name} has nothing below it; v shows what else can be asked` })
  const how = drillOf(p.view, row.keys)
  if (how === undefined) return step({ ...s, note: 'this row has no key to go into' })
  const here = withPage(s, { selected: row.id, at, touched: true })
  return askAgain({ ...here, pages: [...here.pages, newPage(target, how)], search: '' })
}

export function back(s: UiState): Step {
  if (s.pages.length < 2) return step({ ...s, note: 'this is the top; q leaves' })
  return askAgain({ ...s, pages: s.pages.slice(0, -1), search: '' })
}
