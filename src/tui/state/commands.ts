// What each command does on a page with a table.

import type { Command } from '../keys/bindings.js'
import { columnsOn, maxScroll } from '../layout/columns.js'
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
import { commandLine, requery } from '../model/query.js'
import { saveSettings, saveViewSettings } from '../model/settings.js'
import { sortRows } from '../rows.js'
import { openActions } from './actions.js'
import { mark, moveCell, unmarked } from './cells.js'
import { toggleMask } from './data.js'
import { fold, toggleTree, unfold } from './fold.js'
import { follow } from './follow.js'
import { moveBy, now } from './moment.js'
import { back, drill, into } from './navigate.js'
import {
  openColumnMenu,
  openCommandLine,
  openFilter,
  openNamed,
  openSearch,
  openSortMenu,
  openStyleMenu,
  openViewMenu,
} from './openers.js'
import { findNext } from './search.js'
import { select, settle } from './selection.js'
import { setHeld } from './snapshot.js'
import { beginSpan, endSpan } from './span.js'

/** Cells that the table scrolls sideways at a time. */
const SIDEWAYS = 8
/** Refreshes of the commands muchOlder and muchNewer. */
const FAR = 10

type Sorting = `sort${number}`

/** What each command does, except those that sort by a column. */
const COMMANDS: Readonly<Record<Exclude<Command, Sorting>, (s: UiState) => Step>> = {
  up: (s) => moveRows(s, -1),
  down: (s) => moveRows(s, 1),
  pageUp: (s) => moveRows(s, -pageRows(s)),
  pageDown: (s) => moveRows(s, pageRows(s)),
  home: (s) => step(select(s, 0)),
  end: (s) => step(select(s, rowsOf(s).length - 1)),
  left: (s) => step(page(s).view.spectrogram === undefined ? left(s) : moveCell(s, -1)),
  right: (s) => step(page(s).view.spectrogram === undefined ? right(s) : moveCell(s, 1)),
  mark: (s) => step(mark(s)),
  drill,
  back,
  cancel,
  echo: (s) => into(s, 'echo'),
  dig: (s) => into(s, 'dig'),
  spectrogram: (s) => into(s, 'spectro_all'),
  spectrogramOfFiles: (s) => into(s, 'spectro_file'),
  help: (s) => step({ ...s, overlay: { kind: 'help', top: 0 } }),
  legend: (s) => step({ ...s, overlay: { kind: 'legend', top: 0 } }),
  views: openViewMenu,
  actions: openActions,
  sortMenu: openSortMenu,
  columns: openColumnMenu,
  viewAs: openStyleMenu,
  filter: openFilter,
  search: openSearch,
  named: (s) => openNamed(s, ''),
  goto: (s) => openNamed(s, 'goto '),
  command: openCommandLine,
  next: (s) => step(findNext(s, 1)),
  tree: toggleTree,
  follow,
  fold,
  unfold,
  pause,
  older: (s) => moveBy(s, -1),
  newer: (s) => moveBy(s, 1),
  muchOlder: (s) => moveBy(s, -FAR),
  muchNewer: (s) => moveBy(s, FAR),
  beginSpan,
  endSpan,
  arm: toggleMask,
  clear,
  copy: (s) => step({ ...s, note: `copied: ${commandLine(s)}` }, { kind: 'copy', text: commandLine(s) }),
  mouse: toggleMouse,
  quit,
  suspend: (s) => step(s, { kind: 'suspend' }),
  redraw: (s) => step(s, { kind: 'redraw' }),
}

export function run(s: UiState, command: Command): Step {
  return isSorting(command) ? sortShown(s, Number(command.slice('sort'.length))) : COMMANDS[command](s)
}

function isSorting(command: Command): command is Sorting {
  return !Object.hasOwn(COMMANDS, command)
}

function moveRows(s: UiState, by: number): Step {
  return step(select(s, selectedAt(rowsOf(s), page(s)) + by))
}

function pageRows(s: UiState): number {
  return Math.max(1, layout(s).body)
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
