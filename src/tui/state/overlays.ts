// Keys while something lies over the table: a menu, a page of text, a line that is being typed.

import { registry } from '../../fields/index.js'
import { checkFilter, FilterError } from '../../filter/index.js'
import { type Input, keyId, type Mouse } from '../input/input.js'
import { type Command, commandFor } from '../keys/bindings.js'
import { shownColumns } from '../layout/columns.js'
import { itemAt, type MenuOverlay, menuItems } from '../layout/menu.js'
import { lastTop, textRoom } from '../layout/pages.js'
import { actionInput, byKey, chooseAction } from './actions.js'
import { choices, openView, run, sortBy } from './commands.js'
import { complete } from './complete.js'
import { edit } from './line.js'
import { type Overlay, page, type Step, step, type UiState } from './model.js'
import { askAgain } from './query.js'
import { findNext } from './search.js'
import { settle } from './selection.js'

export function overlayInput(s: UiState, o: Overlay, i: Input): Step {
  switch (o.kind) {
    case 'filter':
      return filterInput(s, o, i)
    case 'search':
      return searchInput(s, o, i)
    case 'views':
    case 'sort':
    case 'actions':
      return i.type === 'key' ? menuInput(s, o, keyId(i)) : step(s)
    case 'help':
    case 'legend':
    case 'detail':
      return i.type === 'key' ? textInput(s, o, keyId(i)) : step(s)
    case 'action':
      return i.type === 'key' ? (actionInput(s, o, keyId(i)) ?? textInput(s, o, keyId(i))) : step(s)
    case 'command':
      return i.type === 'key' ? commandInput(s, keyId(i)) : step(s)
  }
}

/** The state without anything over the table. */
export function closed(s: UiState): UiState {
  return settle({ ...s, overlay: undefined })
}

/** The command that opens a menu also closes it. */
const OPENED_BY = { views: 'views', sort: 'sortMenu', actions: 'actions' } as const

const ALWAYS: ReadonlySet<Command> = new Set<Command>(['quit', 'suspend', 'redraw'])

function filterInput(s: UiState, o: Extract<Overlay, { kind: 'filter' }>, i: Input): Step {
  if (i.type === 'key') {
    const id = keyId(i)
    if (id === 'escape') return step(closed(s))
    if (id === 'ctrl+c') return step(s, { kind: 'quit' })
    if (id === 'tab') return step({ ...s, overlay: { ...o, line: complete(o.line), error: undefined } })
    if (id === 'enter') return useFilter(s, o)
  }
  const line = edit(o.line, i)
  return step(line === undefined ? s : { ...s, overlay: { ...o, line, error: undefined } })
}

function useFilter(s: UiState, o: Extract<Overlay, { kind: 'filter' }>): Step {
  const text = o.line.text.trim()
  try {
    if (text !== '') checkFilter(text, registry)
  } catch (e) {
    if (!(e instanceof FilterError)) throw e
    return step({ ...s, overlay: { ...o, error: e.format() } })
  }
  const next = { ...s, overlay: undefined, filter: text }
  return text === s.filter ? step(closed(s)) : askAgain(next)
}

function searchInput(s: UiState, o: Extract<Overlay, { kind: 'search' }>, i: Input): Step {
  if (i.type === 'key') {
    const id = keyId(i)
    if (id === 'escape') return step(closed({ ...s, search: '' }))
    if (id === 'ctrl+c') return step(s, { kind: 'quit' })
    if (id === 'enter') return step(closed(s))
    if (id === 'f3') return step(findNext(s, 1))
  }
  const line = edit(o.line, i)
  if (line === undefined) return step(s)
  const next: UiState = { ...s, overlay: { ...o, line }, search: line.text }
  return step(line.text === '' ? next : findNext(next, 1, true))
}

/** The mouse over a menu: the wheel marks, a click takes. */
export function menuMouse(s: UiState, o: MenuOverlay, m: Mouse): Step {
  if (m.action === 'wheelup') return menuInput(s, o, 'up')
  if (m.action === 'wheeldown') return menuInput(s, o, 'down')
  const at = m.action === 'press' && m.button === 0 ? itemAt(s, o, m.x, m.y) : undefined
  return at === undefined ? step(s) : choose(s, { ...o, at })
}

function menuInput(s: UiState, o: MenuOverlay, key: string): Step {
  const count = menuItems(s, o).items.length
  const go = (at: number) => step({ ...s, overlay: { ...o, at: Math.max(0, Math.min(at, count - 1)) } })
  if (commandFor(key, 'table') === OPENED_BY[o.kind]) return step(closed(s))
  const own = o.kind === 'actions' ? byKey(o, key) : undefined
  if (own !== undefined) return choose(s, { ...o, at: own })
  const command = commandFor(key, 'menu')
  switch (command) {
    case 'up':
      return go(o.at - 1)
    case 'down':
      return go(o.at + 1)
    case 'pageUp':
    case 'home':
      return go(0)
    case 'pageDown':
    case 'end':
      return go(count - 1)
    case 'drill':
      return choose(s, o)
    case 'back':
    case 'cancel':
      return step(closed(s))
    default:
      return command !== undefined && ALWAYS.has(command) ? run(s, command) : step(s)
  }
}

/** Takes what is marked in a menu. */
function choose(s: UiState, o: MenuOverlay): Step {
  if (o.kind === 'actions') return chooseAction(s, o)
  if (o.kind === 'sort') {
    const { index } = shownColumns(s)[o.at] ?? {}
    const same = index === undefined || index === s.answer?.sort?.column
    return same ? step(closed(s)) : sortBy(closed(s), index)
  }
  const view = choices(s)[o.at]
  return view === undefined || view === page(s).view ? step(closed(s)) : openView(s, view)
}

function textInput(s: UiState, o: Extract<Overlay, { top: number }>, key: string): Step {
  const window = Math.max(1, textRoom(s))
  const go = (top: number) => step({ ...s, overlay: { ...o, top: Math.max(0, Math.min(top, lastTop(s, o))) } })
  const command = commandFor(key, 'text')
  switch (command) {
    case 'up':
      return go(o.top - 1)
    case 'down':
      return go(o.top + 1)
    case 'pageUp':
      return go(o.top - window)
    case 'pageDown':
      return go(o.top + window)
    case 'home':
      return go(0)
    case 'end':
      return go(Number.POSITIVE_INFINITY)
    default:
      if (key === 'space') return go(o.top + window)
      if (command !== undefined && ALWAYS.has(command)) return run(s, command)
      if (
        command === 'back' ||
        command === 'cancel' ||
        command === 'help' ||
        key === 'f7' ||
        key === 'i' ||
        key === 'enter'
      )
        return step(closed(s))
      return step(s)
  }
}

function commandInput(s: UiState, key: string): Step {
  if (key === 'y') return run(closed(s), 'copy')
  const command = commandFor(key, 'text')
  if (command !== undefined && ALWAYS.has(command)) return run(s, command)
  return step(closed(s))
}
