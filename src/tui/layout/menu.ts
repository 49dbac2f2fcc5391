// Menus: their items, which of them are visible, and where.

import type { Overlay, UiState } from '../model/model.js'
import { stylesOf } from '../model/query.js'
import { availableColumns, sortedPlace } from './columns.js'
import { layout } from './layout.js'
import { currentView, viewsFound } from './views.js'

/** width in cells of the items, and of the gap before the description of the marked one */
export const MENU = 22
export const MENU_GAP = 2

export type MenuOverlay = Extract<Overlay, { at: number }>

export const isMenu = (o: Overlay): o is MenuOverlay => 'at' in o

export interface MenuItems {
  readonly title: string
  readonly items: readonly string[]
  /** the item in effect; -1 without one */
  readonly now: number
}

export function menuItems(s: UiState, o: MenuOverlay): MenuItems {
  if (o.kind === 'actions')
    return { title: 'Select action', items: o.offers.map(({ action }) => action.title), now: -1 }
  if (o.kind === 'views') {
    const { text } = o.typed
    const views = viewsFound(s, text)
    const hint = text === '' ? 'type to search' : views.length > 0 ? text : `${text}   not found`
    return { title: `Select view: ${hint}`, items: views.map((v) => v.name), now: currentView(s, views) }
  }
  const columns = availableColumns(s)
  if (o.kind === 'sort')
    return { title: 'Sort by', items: columns.map(({ column }) => column.title), now: sortedPlace(s) }
  if (o.kind === 'columns') {
    const items = columns.map(({ column, shown }) => `${shown ? '[x]' : '[ ]'} ${column.title}`)
    return { title: 'Columns: Space shows or hides, J K move, r resets, Enter closes', items, now: -1 }
  }
  const styles = stylesOf(s)
  const now = styles.findIndex((d) => d.style === s.dataStyle)
  return { title: 'View data as', items: styles.map((d) => d.name), now }
}

/** Width in cells of the description of the marked item. */
export function aboutWidth(width: number): number {
  return width - MENU - MENU_GAP
}

/** The first visible item of those that fit in `room` lines; the marked one is in the middle if possible. */
export function menuTop(at: number, items: number, room: number): number {
  return Math.max(0, Math.min(at - Math.floor(room / 2), items - room))
}

/** The item of a menu at a position of the screen; undefined if there is none. */
export function itemAt(s: UiState, o: MenuOverlay, x: number, y: number): number | undefined {
  const { bodyAt, body, prompt } = layout(s)
  const { items } = menuItems(s, o)
  const line = y - bodyAt
  const at = menuTop(o.at, items.length, body + prompt) + line
  return x < MENU && line >= 0 && line < body + prompt && at < items.length ? at : undefined
}
