// Handles keys while a menu or a page of text covers the table; lines being typed are in prompts.ts.

import { type Input, keyId, type Mouse } from '../input/input.js'
import { type Command, commandFor, keysOf } from '../keys/bindings.js'
import { availableColumns } from '../layout/columns.js'
import { footerKeys } from '../layout/footer.js'
import { layout } from '../layout/layout.js'
import { itemAt, type MenuOverlay, menuItems } from '../layout/menu.js'
import { lastTop, textHeight } from '../layout/pages.js'
import { viewsFound } from '../layout/views.js'
import { type Overlay, page, type Step, step, type UiState } from '../model/model.js'
import { stylesOf } from '../model/query.js'
import { actionInput, byKey, chooseAction } from './actions.js'
import { columnMenuKey, toggleColumn } from './column-menu.js'
import { openView, run, sortBy } from './commands.js'
import { showAs } from './data.js'
import { promptInput } from './prompts.js'
import { settle } from './selection.js'
import { viewMenuInput } from './view-menu.js'

export function overlayInput(s: UiState, o: Overlay, i: Input): Step {
  switch (o.kind) {
    case 'filter':
    case 'text':
    case 'search':
    case 'named':
      return promptInput(s, o, i)
    case 'views':
      return viewMenuInput(s, o, i) ?? (i.type === 'key' ? menuInput(s, o, keyId(i)) : step(s))
    case 'sort':
    case 'actions':
    case 'columns':
    case 'data':
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

/** The state without an overlay. */
function closed(s: UiState): UiState {
  return settle({ ...s, overlay: undefined })
}

/** Keys that open a menu also close it. */
const OPENED_BY = {
  views: keysOf('views'),
  sort: keysOf('sortMenu'),
  columns: keysOf('columns'),
  data: keysOf('viewAs'),
  actions: keysOf('actions'),
}

const ALWAYS: ReadonlySet<Command> = new Set<Command>(['quit', 'suspend', 'redraw'])

/** The mouse over a menu: the wheel moves the mark, a click takes an item; on the bottom line it presses that key. */
export function menuMouse(s: UiState, o: MenuOverlay, m: Mouse): Step {
  if (m.action === 'wheelup') return menuInput(s, o, 'up')
  if (m.action === 'wheeldown') return menuInput(s, o, 'down')
  if (m.action !== 'press' || m.button !== 0) return step(s)
  if (m.y === layout(s).footerAt) {
    const key = footerKeys(s).find((k) => m.x >= k.from && m.x < k.to)
    return key === undefined ? step(s) : menuInput(s, o, key.id)
  }
  const at = itemAt(s, o, m.x, m.y)
  if (at === undefined) return step(s)
  return o.kind === 'columns' ? toggleColumn({ ...s, overlay: { ...o, at } }, at) : choose(s, { ...o, at })
}

function menuInput(s: UiState, o: MenuOverlay, key: string): Step {
  const count = menuItems(s, o).items.length
  const go = (at: number) => step({ ...s, overlay: { ...o, at: Math.max(0, Math.min(at, count - 1)) } })
  if (OPENED_BY[o.kind].includes(key)) return step(closed(s))
  if (o.kind === 'columns') {
    const own = columnMenuKey(s, o, key)
    if (own !== undefined) return own
  }
  const hotkey = o.kind === 'actions' ? byKey(o, key) : undefined
  if (hotkey !== undefined) return choose(s, { ...o, at: hotkey })
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

/** Takes the marked item of a menu. */
function choose(s: UiState, o: MenuOverlay): Step {
  if (o.kind === 'actions') return chooseAction(s, o)
  if (o.kind === 'columns') return step(closed(s))
  if (o.kind === 'views') {
    const view = viewsFound(s, o.typed.text)[o.at]
    if (view === undefined) return step(s)
    return view === page(s).view ? step(closed(s)) : openView(s, view)
  }
  if (o.kind === 'data') return showAs(closed(s), stylesOf(s)[o.at]?.style ?? 'text')
  const { index } = availableColumns(s)[o.at] ?? {}
  const same = index === undefined || index === s.result?.sort?.column
  return same ? step(closed(s)) : sortBy(closed(s), index)
}

function textInput(s: UiState, o: Extract<Overlay, { top: number }>, key: string): Step {
  const window = Math.max(1, textHeight(s))
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
