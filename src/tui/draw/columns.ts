// Where each column of the table stands.
import { width as cells } from '../terminal/width.js'
import type { ColumnInfo } from '../worker/messages.js'

const GAP = 1

export interface Placed {
  readonly column: ColumnInfo
  /** place among the columns, for sorting and cells */
  readonly index: number
  /** first cell, before scrolling */
  readonly at: number
  readonly width: number
}

/** Columns from left to right in a line of `width` cells; the last one takes the rest. */
export function placeColumns(columns: readonly ColumnInfo[], width: number): Placed[] {
  const placed: Placed[] = []
  let at = 1
  for (const [index, column] of columns.entries()) {
    const last = index === columns.length - 1
    // beside a title of a number stands the arrow of the sorting column
    const least = Math.max(column.width, cells(column.title) + (column.right ? 1 : 2))
    const w = last ? Math.max(cells(column.title) + 1, width - at) : least
    placed.push({ column, index, at, width: w })
    at += w + GAP
  }
  return placed
}

/** The column at a cell of the screen, when the table is scrolled by `left`. */
export function columnAt(placed: readonly Placed[], x: number, left: number): Placed | undefined {
  const cell = x + left
  return placed.find((p) => cell >= p.at && cell < p.at + p.width + GAP)
}

/** Most cells that the table can be scrolled by: the last column may go on for long. */
export function mostLeft(placed: readonly Placed[]): number {
  return placed[placed.length - 1]?.at ?? 0
}
