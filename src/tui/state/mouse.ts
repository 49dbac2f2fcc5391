// The mouse: a click selects, two go in, a click on a title sorts, one on the timeline looks back, one on the bottom line is the key
// it names, one in a menu takes what it is on.

import type { Mouse } from '../input/input.js'
import { columnAt, columnsOn } from '../layout/columns.js'
import { footerKeys } from '../layout/footer.js'
import { layout } from '../layout/layout.js'
import { momentAt } from '../layout/timeline.js'
import { run, sortBy } from './commands.js'
import { page, type Step, step, type UiState } from './model.js'
import { moveTo } from './moment.js'
import { drill } from './navigate.js'
import { menuMouse } from './overlays.js'
import { rowsOf, scroll, select } from './selection.js'

/** ms between the presses of a double click */
const DOUBLE = 400
/** rows that a notch of the wheel moves */
const WHEEL = 3

export function mouse(s: UiState, m: Mouse, at: number): Step {
  const o = s.overlay
  if (o?.kind === 'views' || o?.kind === 'sort') return menuMouse(s, o, m)
  if (o !== undefined) return step(s)
  if (m.action === 'wheelup') return step(scroll(s, -WHEEL))
  if (m.action === 'wheeldown') return step(scroll(s, WHEEL))
  if (m.action !== 'press' || m.button !== 0) return step(s)
  const l = layout(s)
  const moment = momentAt(s, m.x, m.y)
  if (moment !== undefined) return moveTo(s, moment)
  if (m.y === l.titlesAt) return title(s, m.x)
  if (m.y === l.filterAt) return run(s, 'filter')
  if (m.y === l.footerAt) {
    const item = footerKeys(s).find((i) => m.x >= i.from && m.x < i.to)
    return item === undefined ? step(s) : run(s, item.command)
  }
  if (m.y < l.bodyAt || m.y >= l.bodyAt + l.body) return step(s)
  const to = page(s).top + m.y - l.bodyAt
  const row = rowsOf(s)[to]
  if (row === undefined) return step(s)
  const double = s.click?.row === row.id && at - s.click.at <= DOUBLE
  const chosen = select({ ...s, click: double ? undefined : { row: row.id, at } }, to)
  return double ? drill(chosen) : step(chosen)
}

function title(s: UiState, x: number): Step {
  const column = columnAt(columnsOn(s).placed, x, page(s).left)
  return column === undefined ? step(s) : sortBy(s, column.index)
}
