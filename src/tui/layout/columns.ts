// Where each column of the table is shown, and which are hidden if not all of them fit.
import { cellText, isShown } from '../../table/index.js'
import { page, type UiState, type ViewResult } from '../model/model.js'
import { arrangementOf, inOrder } from '../model/settings.js'
import { width as cells, clean } from '../terminal/width.js'
import type { ColumnInfo } from '../worker/messages.js'
import { layout } from './layout.js'

const GAP = 1
/** minimum width in cells of columns that name the rows, and of the last column */
const NAMING = 20
/** minimum width in cells of a text column that fits its content; below that it is hidden rather than cut */
const LEAST = 12

export interface Placed {
  readonly column: ColumnInfo
  /** index of the column, for sorting and cells */
  readonly index: number
  /** first cell, before scrolling */
  readonly at: number
  readonly width: number
}

export interface Columns {
  /** from left to right */
  readonly placed: readonly Placed[]
  /** number of columns that did not fit */
  readonly hidden: number
}

/** The wanted and the minimum width of a column. */
interface Need {
  readonly column: ColumnInfo
  readonly index: number
  readonly wanted: number
  readonly least: number
}

/** The columns of the present result on the screen. */
export function columnsOn(s: UiState): Columns {
  const { result } = s
  if (result === undefined || result.columns.length === 0) return { placed: [], hidden: 0 }
  const { width } = layout(s)
  const needs = needsOf(result, shownColumns(s))
  const { whole } = page(s)
  const shown = whole ? needs : fitting(needs, width, result.sort?.column)
  return {
    placed: place(shown, whole ? wantedWidths(shown, width) : sharedWidths(shown, width)),
    hidden: needs.length - shown.length,
  }
}

/** The column at a cell of the screen, when the table is scrolled by `left`. */
export function columnAt(placed: readonly Placed[], x: number, left: number): Placed | undefined {
  const cell = x + left
  return placed.find((p) => cell >= p.at && cell < p.at + p.width + GAP)
}

/** Maximum number of cells by which the table can be scrolled: the last column may be long. */
export function maxScroll(placed: readonly Placed[]): number {
  return placed[placed.length - 1]?.at ?? 0
}

interface Available {
  readonly column: ColumnInfo
  /** index among the columns of the result */
  readonly index: number
  /** the user has not hidden it */
  readonly shown: boolean
}

/** The columns of the present result that have values, in the order that the user chose. */
export function availableColumns(s: UiState): Available[] {
  const { order, hidden } = arrangementOf(s) ?? { order: [], hidden: [] }
  const all = (s.result?.columns ?? [])
    .map((column, index) => ({ column, index, shown: !hidden.includes(column.title) }))
    .filter(({ column }) => isShown(column, s.inside))
  return inOrder(all, (c) => c.column.title, order)
}

/** The available columns that are shown; all of them if none would be. */
export function shownColumns(s: UiState): Available[] {
  const all = availableColumns(s)
  const shown = all.filter((c) => c.shown)
  return shown.length === 0 ? all : shown
}

/** Index of the sorting column among the available ones; -1 without one. */
export function sortedPlace(s: UiState): number {
  return availableColumns(s).findIndex(({ index }) => index === s.result?.sort?.column)
}

function needsOf(result: ViewResult, columns: ReturnType<typeof shownColumns>): Need[] {
  const widest = contentWidths(result)
  const end = columns.at(-1)?.index
  return columns.map(({ column, index }) => {
    // a numeric title needs space for the sort arrow
    const title = cells(column.title) + (column.right ? 1 : 2)
    const content = widest[index] ?? 0
    const wanted = Math.max(title, column.fits ? Math.min(content, column.width) : column.width)
    if (index === end && column.width === 0 && !column.right)
      return { column, index, wanted: Math.max(title, NAMING), least: Math.max(title, NAMING) }
    if (column.names || column.width === 0) {
      const all = column.fits ? wanted : Math.max(wanted, content)
      return { column, index, wanted: all, least: Math.max(title, Math.min(wanted, NAMING)) }
    }
    const least = column.fits && !column.right ? Math.max(title, Math.min(wanted, LEAST)) : wanted
    return { column, index, wanted, least }
  })
}

const known = new WeakMap<ViewResult, readonly (number | undefined)[]>()

/** Width of the longest text of each column, where it matters; cached, since it is called for every frame. */
function contentWidths(result: ViewResult): readonly (number | undefined)[] {
  const before = known.get(result)
  if (before !== undefined) return before
  const widths = result.columns.map((c, i) => {
    if (!c.fits && !c.names && c.width > 0) return undefined
    let most = 0
    for (const r of result.rows) most = Math.max(most, cells(clean(cellText(r.cells[i], c))))
    return most
  })
  known.set(result, widths)
  return widths
}

/**
 * The columns that fit in a line: those that name the rows, the sorting column, and of the others those with the lowest
 * `yields`.
 */
function fitting(needs: readonly Need[], width: number, sorted: number | undefined): readonly Need[] {
  const byYield = (all: readonly Need[]) =>
    [...all].sort((a, b) => b.column.yields - a.column.yields || b.index - a.index)
  const others = byYield(needs.filter((n) => !n.column.names && n.index !== sorted))
  // one naming column always stays
  const names = byYield(needs.filter((n) => n.column.names)).slice(0, -1)
  const shown = new Set(needs)
  let over = 1 - GAP + needs.reduce((sum, n) => sum + n.least + GAP, 0) - width
  const left: Need[] = []
  for (const n of [...others, ...names]) {
    if (over <= 0) break
    shown.delete(n)
    left.unshift(n)
    over -= n.least + GAP
  }
  // after a wide column was removed, narrow ones may fit
  for (const n of left)
    if (over + n.least + GAP <= 0) {
      shown.add(n)
      over += n.least + GAP
    }
  return needs.filter((n) => shown.has(n))
}

/** The wanted width of all columns; the last one extends to the end of the line or beyond. */
function wantedWidths(needs: readonly Need[], width: number): number[] {
  const widths = needs.map((n) => (n.column.names && !n.column.fits ? Math.max(n.least, n.column.width) : n.wanted))
  return lastTakesRest(widths, width)
}

/**
 * The remaining space of the line goes to columns with the lowest `yields`, then to naming columns, then to the last
 * column.
 */
function sharedWidths(needs: readonly Need[], width: number): number[] {
  const widths = needs.map((n) => n.least)
  let spare = width - 1 + GAP - widths.reduce((sum, w) => sum + w + GAP, 0)
  const grow = (i: number, to: number) => {
    const by = Math.max(0, Math.min(spare, to - (widths[i] as number)))
    widths[i] = (widths[i] as number) + by
    spare -= by
  }
  const order = needs.map((n, i) => ({ n, i })).sort((a, b) => a.n.column.yields - b.n.column.yields)
  const naming = order.filter(({ n, i }) => n.column.names && i < needs.length - 1)
  for (const { n, i } of naming) grow(i, Math.min(n.wanted, n.column.width))
  for (const { n, i } of order) if (!n.column.names) grow(i, n.wanted)
  // a number is the last column only if the text column after it did not fit
  const text = needs.at(-1)?.column.right === false
  for (const { n, i } of naming)
    grow(i, text ? Math.min(n.wanted, (widths[i] as number) + Math.floor(spare / 2)) : width)
  return text ? lastTakesRest(widths, width) : widths
}

function lastTakesRest(widths: readonly number[], width: number): number[] {
  const before = widths.slice(0, -1)
  const at = before.reduce((sum, w) => sum + w + GAP, 1)
  return [...before, Math.max(widths.at(-1) ?? 0, width - at)]
}

function place(needs: readonly Need[], widths: readonly number[]): Placed[] {
  let at = 1
  return needs.map(({ column, index }, i) => {
    const placed = { column, index, at, width: widths[i] as number }
    at += placed.width + GAP
    return placed
  })
}
