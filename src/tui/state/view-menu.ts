// The list of views: typing searches it, so in this menu keys with a letter are text.
import type { Input } from '../input/input.js'
import { keyId } from '../input/input.js'
import { currentView, viewsFound } from '../layout/views.js'
import { type Line, type Overlay, type Step, step, type UiState } from '../model/model.js'
import { edit } from './line.js'

type ViewMenu = Extract<Overlay, { kind: 'views' }>

/** Handles text and the keys that change it; undefined for keys of any menu. */
export function viewMenuInput(s: UiState, o: ViewMenu, i: Input): Step | undefined {
  const id = i.type === 'key' ? keyId(i) : ''
  const { text } = o.typed
  if (id === 'escape' && text !== '') return step(searching(s, o, { text: '', cursor: 0 }))
  const isText = i.type === 'paste' || (i.type === 'key' && i.name === 'char' && !i.ctrl && !i.alt)
  if (!isText && !(EDITING.has(id) && text !== '')) return undefined
  const typed = edit(o.typed, i)
  return step(typed === undefined ? s : searching(s, o, typed))
}

const EDITING: ReadonlySet<string> = new Set(['backspace', 'ctrl+u', 'ctrl+w'])

/** Marks the view whose name begins with the text, or the first one found; without a text the present view. */
function searching(s: UiState, o: ViewMenu, typed: Line): UiState {
  const found = viewsFound(s, typed.text)
  const begins =
    typed.text === '' ? -1 : found.findIndex((v) => v.name.toLowerCase().startsWith(typed.text.toLowerCase()))
  const at = Math.max(0, typed.text === '' ? currentView(s, found) : begins)
  return { ...s, overlay: { ...o, typed, at } }
}
