// Menus: what can be chosen, which of it is seen, and where.
import { choices } from '../state/commands.js'
import { stylesOf } from '../state/data.js'
import { type Overlay, page, type UiState } from '../state/model.js'
import { availableColumns, sortedPlace } from './columns.js'
import { layout } from './layout.js'

/** cells of the items, and between them and what is said about the marked one beside */
export const MENU = 22
export const MENU_GAP = 2

export type MenuOverlay = Extract<Overlay, { at: number }>

export const isMenu = (o: Overlay): o is MenuOverlay => 'at' in o

export interface MenuItems {
  readonly title: string
  readonly items: readonly string[]
  /** the one in force; -1 without one */
  readonly now: number
}

export function menuItems(s: UiState, o: MenuOverlay): MenuItems {
  const { kind } = o
  if (kind === 'actions') return { title: 'Select action', items: o.offers.map(({ action }) => action.title), now: -1 }
  const columns = availableColumns(s)
  if (kind === 'sort')
    return { title: 'Sort by', items: columns.map(({ column }) => column.title), now: sortedPlace(s) }
  if (kind === 'columns') {
    const items = columns.map(({ column, shown }) => `${shown ? '[x]' : '[ ]'} ${column.title}`)
    return { title: 'Columns: Space shows or hides, J K move, r as they were, Enter closes', items, now: -1 }
  }
  if (kind === 'data') {
    const styles = stylesOf(s)
    const now = styles.findIndex((d) => d.style === s.dataStyle)
    return { title: 'View data as', items: styles.map((d) => d.name), now }
  }
  const views = choices(s)
  return { title: 'Select view', items: views.map((v) => v.name), now: views.indexOf(page(s).view) }
}

/** Cells of what is said about the marked item. */
export function aboutWidth(width: number): number {
  return width - MENU - MENU_GAP
}

/** The first item that is seen of those that fit in `room`; the marked one is in the middle where that can be. */
export function menuTop(at: number, items: number, room: number): number {
  return Math.max(0, Math.min(at - Math.floor(room / 2), items - room))
}

/** The item of a menu at a place of the screen; undefined where there is none. */
export function itemAt(s: UiState, o: MenuOverlay, x: number, y: number): number | undefined {
  const { bodyAt, body, prompt } = layout(s)
  const { items } = menuItems(s, o)
  const line = y - bodyAt
  const at = menuTop(o.at, items.length, body + prompt) + line
  return x < MENU && line >= 0 && line < body + prompt && at < items.length ? at : undefined
}
