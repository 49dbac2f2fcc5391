// The mouse: a click selects, a double click opens; a drag marks a rectangle of a spectrogram or a span of the
// timeline. A click on a title sorts, on the timeline looks back, on the bottom line presses that key, in a menu takes
// the item.

import type { Mouse } from '../input/input.js'
import { columnAt, columnsOn } from '../layout/columns.js'
import { footerKeys } from '../layout/footer.js'
import { layout } from '../layout/layout.js'
import { isMenu } from '../layout/menu.js'
import { rowsOf } from '../layout/rows.js'
import { momentAt, momentOf } from '../layout/timeline.js'
import { chosen } from '../model/chosen.js'
import { page, type Step, step, type UiState } from '../model/model.js'
import { mark, toCell, unmarked } from './cells.js'
import { run, sortBy } from './commands.js'
import { moveTo } from './moment.js'
import { drill } from './navigate.js'
import { menuMouse } from './overlays.js'
import { scroll, select } from './selection.js'
import { setSpan } from './span.js'

/** maximum ms between the presses of a double click */
const DOUBLE = 400
/** rows per notch of the wheel */
const WHEEL = 3

export function mouse(s: UiState, m: Mouse, at: number): Step {
  const o = s.overlay
  if (o !== undefined && isMenu(o)) return menuMouse(s, o, m)
  if (o !== undefined) return step(s)
  if (m.action === 'wheelup') return step(scroll(s, -WHEEL))
  if (m.action === 'wheeldown') return step(scroll(s, WHEEL))
  if (s.chosen.pressed !== undefined && m.action !== 'press') return dragged(s, m, s.chosen.pressed)
  if (m.action === 'drag' && page(s).view.spectrogram !== undefined) return step(markTo(s, m))
  if (m.action !== 'press' || m.button !== 0) return step(s)
  const l = layout(s)
  const moment = momentAt(s, m.x, m.y)
  if (moment !== undefined) {
    const { state, effects } = moveTo(s, moment)
    return step(chosen(state, { pressed: moment }), ...effects)
  }
  if (m.y === l.titlesAt) return title(s, m.x)
  if (m.y === l.filterAt) return run(s, 'filter')
  if (m.y === l.footerAt) {
    const item = footerKeys(s).find((i) => m.x >= i.from && m.x < i.to)
    return item === undefined ? step(s) : run(s, item.command)
  }
  return page(s).view.spectrogram === undefined ? row(s, m.y, at) : cell(s, m, at)
}

/** Selects a span of the timeline from where the button was pressed to where it is released. */
function dragged(s: UiState, m: Mouse, pressed: number): Step {
  const to = momentOf(s, m.x)
  if (m.action === 'drag') return step(chosen(s, { since: pressed, cursor: to }))
  const released = chosen(s, { pressed: undefined })
  return s.chosen.since === undefined || to === undefined || to === pressed
    ? step(released)
    : setSpan(released, pressed, to)
}

/** A press selects a row; a double click opens it. */
function row(s: UiState, y: number, at: number): Step {
  const l = layout(s)
  if (y < l.bodyAt || y >= l.bodyAt + l.body) return step(s)
  const to = page(s).top + y - l.bodyAt
  const there = rowsOf(s)[to]
  if (there === undefined) return step(s)
  const double = s.click?.row === there.id && at - s.click.at <= DOUBLE
  const chosen = select({ ...s, click: double ? undefined : { row: there.id, at } }, to)
  return double ? drill(chosen) : step(chosen)
}

/** A press selects a cell; a double click shows its calls. */
function cell(s: UiState, m: Mouse, at: number): Step {
  const there = toCell(unmarked(s), m.x, m.y)
  if (there === undefined) return step(s)
  const id = `${page(there).selected} ${page(there).cell.part}`
  const double = s.click?.row === id && at - s.click.at <= DOUBLE
  const next = { ...there, click: double ? undefined : { row: id, at } }
  return double ? drill(next) : step(next)
}

/** Marks a rectangle from where the button was pressed. */
function markTo(s: UiState, m: Mouse): UiState {
  const { mark: marked } = page(s).cell
  return toCell(marked === undefined ? mark(s) : s, m.x, m.y) ?? s
}

function title(s: UiState, x: number): Step {
  const column = columnAt(columnsOn(s).placed, x, page(s).left)
  return column === undefined ? step(s) : sortBy(s, column.index)
}
