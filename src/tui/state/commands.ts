// What each command does on a page with a table.

import type { Command } from '../keys/bindings.js'
import { columnsOn, maxScroll, sortedPlace } from '../layout/columns.js'
import { layout } from '../layout/layout.js'
import { rowsOf, selectedAt } from '../layout/rows.js'
import { treeOn } from '../layout/tree.js'
import {
  isPast,
  NOTHING_CHOSEN,
  newPage,
  type Page,
  page,
  type Step,
  step,
  type UiState,
  withPage,
} from '../model/model.js'
import { choices, commandLine, requery, stylesOf } from '../model/query.js'
import { saveSettings, saveViewSettings } from '../model/settings.js'
import { sortRows } from '../rows.js'
import { openActions } from './actions.js'
import { mark, moveCell, unmarked } from './cells.js'
import { toggleMask } from './data.js'
import { fold, toggleTree, unfold } from './fold.js'
import { follow } from './follow.js'
import { lineOf } from './line.js'
import { moveBy, now } from './moment.js'
import { back, drill, into } from './navigate.js'
import { findNext } from './search.js'
import { select, settle } from './selection.js'
import { setHeld } from './snapshot.js'
import { beginSpan, endSpan } from './span.js'

/** Cells that the table scrolls sideways at a time. */
const SIDEWAYS = 8
/** Refreshes of the commands muchOlder and muchNewer. */
const FAR = 10

export function run(s: UiState, command: Command): Step {
  const body = Math.max(1, layout(s).body)
  const at = selectedAt(rowsOf(s), page(s))
  switch (command) {
    case 'up':
      return step(select(s, at - 1))
    case 'down':
      return step(select(s, at + 1))
    case 'pageUp':
      return step(select(s, at - body))
    case 'pageDown':
      return step(select(s, at + body))
    case 'home':
      return step(select(s, 0))
    case 'end':
      return step(select(s, rowsOf(s).length - 1))
    case 'left':
      return step(page(s).view.spectrogram === undefined ? left(s) : moveCell(s, -1))
    case 'right':
      return step(page(s).view.spectrogram === undefined ? right(s) : moveCell(s, 1))
    case 'mark':
      return step(mark(s))
    case 'drill':
      return drill(s)
    case 'back':
      return back(s)
    case 'cancel':
      return cancel(s)
    case 'echo':
    case 'dig':
      return into(s, command)
    case 'spectrogram':
      return into(s, 'spectro_all')
    case 'spectrogramOfFiles':
      return into(s, 'spectro_file')
    case 'help':
    case 'legend':
      return step({ ...s, overlay: { kind: command, top: 0 } })
    case 'views':
      return step({ ...s, overlay: { kind: 'views', at: Math.max(0, choices(s).indexOf(page(s).view)) } })
    case 'actions':
      return openActions(s)
    case 'sortMenu':
      if (s.result?.columns.length === 0) return step({ ...s, note: `${page(s).view.name} has no columns to sort by` })
      return step({ ...s, overlay: { kind: 'sort', at: Math.max(0, sortedPlace(s)) } })
    case 'columns':
      if (page(s).view.list?.conversation || s.result?.columns.length === 0)
        return step({ ...s, note: `${page(s).view.name} has no columns to choose` })
      return step({ ...s, overlay: { kind: 'columns', at: 0 } })
    case 'filter':
      return step(settle({ ...s, overlay: { kind: 'filter', line: lineOf(s.filter), error: undefined } }))
    case 'search':
      return step(settle({ ...s, overlay: { kind: 'search', line: lineOf('') } }))
    case 'next':
      return step(findNext(s, 1))
    case 'tree':
      return toggleTree(s)
    case 'follow':
      return follow(s)
    case 'fold':
      return fold(s)
    case 'unfold':
      return unfold(s)
    case 'pause':
      return pause(s)
    case 'older':
      return moveBy(s, -1)
    case 'newer':
      return moveBy(s, 1)
    case 'muchOlder':
      return moveBy(s, -FAR)
    case 'muchNewer':
      return moveBy(s, FAR)
    case 'beginSpan':
      return beginSpan(s)
    case 'endSpan':
      return endSpan(s)
    case 'arm':
      return toggleMask(s)
    case 'viewAs':
      return step({
        ...s,
        overlay: {
          kind: 'data',
          at: Math.max(
            0,
            stylesOf(s).findIndex((d) => d.style === s.dataStyle),
          ),
        },
      })
    case 'clear':
      return clear(s)
    case 'named':
      return step(settle({ ...s, overlay: { kind: 'named', line: lineOf(''), error: undefined } }))
    case 'goto':
      return step(settle({ ...s, overlay: { kind: 'named', line: lineOf('goto '), error: undefined } }))
    case 'command':
      return step(settle({ ...s, overlay: { kind: 'command', text: commandLine(s) } }))
    case 'copy':
      return step({ ...s, note: `copied: ${commandLine(s)}` }, { kind: 'copy', text: commandLine(s) })
    case 'mouse':
      return toggleMouse(s)
    case 'quit':
      return quit(s)
    case 'suspend':
    case 'redraw':
      return step(s, { kind: command })
    default:
      return sortShown(s, Number(command.slice('sort'.length)))
  }
}

function toggleMouse(s: UiState): Step {
  const mouse = !s.mouse
  const note = mouse ? 'the mouse is on' : 'the mouse is off: the terminal selects text'
  return saveSettings(step({ ...s, mouse, note }), { mouse })
}

/** Quits; while a file is being written, only at the second request, since the file would be cut off. */
function quit(s: UiState): Step {
  const { writing } = s
  if (writing === undefined || writing.warned) return step(s, { kind: 'quit' })
  const note = `${writing.path} is being written: Esc stops writing, q again stops writing and quits`
  return step({ ...s, writing: { ...writing, warned: true }, note })
}

function clear(s: UiState): Step {
  if (isPast(s)) return step({ ...s, note: 'this page shows the past: there is nothing to clear' })
  const result = s.result && { ...s.result, rows: [], total: 0 }
  return step({ ...s, result, newest: undefined }, { kind: 'send', request: { kind: 'clear' } })
}

function left(s: UiState): UiState {
  const { left, whole } = page(s)
  return withPage(s, left === 0 && whole ? { whole: false } : { left: Math.max(0, left - SIDEWAYS) })
}

/** First shows the columns that did not fit, then scrolls right. */
function right(s: UiState): UiState {
  const { placed, hidden } = columnsOn(s)
  if (hidden > 0) return withPage(s, { whole: true })
  const last = placed.at(-1)?.index ?? 0
  const branches = treeOn(s)?.branches ?? []
  const text = Math.max(
    0,
    ...rowsOf(s)
      .slice(page(s).top, page(s).top + layout(s).body)
      .map((r, i) => String(r.cells[last] ?? '').length + (branches[page(s).top + i]?.length ?? 0)),
  )
  const most = maxScroll(placed) + Math.max(0, text - SIDEWAYS)
  return withPage(s, { left: Math.min(page(s).left + SIDEWAYS, most) })
}

function pause(s: UiState): Step {
  if (s.source?.live === false) return step({ ...s, note: 'a file cannot be paused' })
  if (isPast(s)) return now(s)
  return step(setHeld(s, !s.held), { kind: 'send', request: { kind: 'hold', held: !s.held } })
}

/** Sorts by the nth column on the screen. */
function sortShown(s: UiState, nth: number): Step {
  if (s.result === undefined) return step(s)
  const { index } = columnsOn(s).placed[nth - 1] ?? {}
  return index === undefined ? step({ ...s, note: `there is no column ${nth}` }) : sortBy(s, index)
}

/** Sorts by a column; by the present one, in reverse. */
export function sortBy(s: UiState, column: number): Step {
  const { result } = s
  const info = result?.columns[column]
  if (result === undefined || info === undefined) return step(s)
  if (result.sort === undefined)
    return step({ ...s, note: 'this view lists events in their order: it cannot be sorted' })
  const ascending = result.sort.column === column ? !result.sort.ascending : !info.right
  const sort = { column, ascending }
  const rows = sortRows([...result.rows], sort)
  const sorted = settle(withPage({ ...s, result: { ...result, rows, sort } }, { sort }))
  const request = { kind: 'sort', number: s.number, sort } as const
  return saveViewSettings(step(sorted, { kind: 'send', request }), { sort: { column: info.title, ascending } })
}

/** Leaves the innermost of: a mark, writing or reading, a span or past time, a search, a text, the page. */
function cancel(s: UiState): Step {
  if (page(s).cell.mark !== undefined) return step(unmarked(s))
  if (s.writing !== undefined || s.result?.progress !== undefined)
    return step(s, { kind: 'send', request: { kind: 'cancel' } })
  const { span, since, cursor } = s.chosen
  if (since !== undefined || (cursor !== undefined && span === undefined)) return step({ ...s, chosen: NOTHING_CHOSEN })
  if (s.at !== undefined || span !== undefined) return now(s)
  if (s.search !== '') return step({ ...s, search: '' })
  return page(s).text === '' ? back(s) : step(settle(withPage(s, { text: '' })))
}

/** Opens another view for the same selection. */
export function openView(s: UiState, view: Page['view']): Step {
  const p = page(s)
  return requery({
    ...s,
    overlay: undefined,
    pages: [...s.pages.slice(0, -1), { ...newPage(view, p.drill), tree: p.tree }],
  })
}
