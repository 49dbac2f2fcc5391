// The cells of a spectrogram: rows are intervals, columns are ranges of latencies, as narrow as fit. Also the marked
// rectangle of cells, and texts about it.

import { DECADES } from '../../format/heat/latency-axis.js'
import { cellText } from '../../table/index.js'
import { latenciesOf, PARTS, PARTS_OF_DECADE } from '../latency-parts.js'
import { clockText } from '../model/chosen.js'
import type { ShownRow, UiState } from '../model/model.js'
import { page } from '../model/model.js'
import { layout } from './layout.js'
import { rowsOf, selectedAt } from './rows.js'

/** width in cells of the time before each row */
export const TIME_WIDTH = 10

/** Latency parts per column: the fewest for which all columns fit. */
export function partsOfColumn(width: number): number {
  const room = width - TIME_WIDTH
  for (let parts = 1; parts < PARTS_OF_DECADE; parts++)
    if (PARTS_OF_DECADE % parts === 0 && (DECADES * PARTS_OF_DECADE) / parts <= room) return parts
  return PARTS_OF_DECADE
}

/** Number of calls by column. */
export function columnCounts(cells: readonly unknown[], parts: number): number[] {
  const out = new Array<number>(PARTS / parts).fill(0)
  for (const [part, n] of cells.entries()) out[Math.floor(part / parts)]! += n as number
  return out
}

/** The line of the table and the first part of the column at a position of the screen; undefined outside the cells. */
export function cellAt(s: UiState, x: number, y: number): { readonly line: number; readonly part: number } | undefined {
  const { bodyAt, body } = layout(s)
  const part = (x - TIME_WIDTH) * partsOfColumn(s.width)
  if (y < bodyAt || y >= bodyAt + body || part < 0 || part >= PARTS) return undefined
  return { line: y - bodyAt, part }
}

/** A rectangle of cells, bounds included: rows by index, latencies by part. */
export interface Rectangle {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** The marked rectangle, or the selected cell; undefined without rows. */
export function rectangleOf(s: UiState): Rectangle | undefined {
  const rows = rowsOf(s)
  const at = selectedAt(rows, page(s))
  if (at < 0) return undefined
  const { part, mark } = page(s).cell
  const parts = partsOfColumn(s.width)
  const column = (p: number) => Math.floor(p / parts) * parts
  // if its row is no longer shown, it was the oldest
  const other =
    mark === undefined
      ? at
      : Math.max(
          0,
          rows.findLastIndex((r) => intervalStart(r) <= mark.begin),
        )
  const [a, b] = [column(part), column(mark?.part ?? part)]
  return {
    top: Math.min(at, other),
    bottom: Math.max(at, other),
    left: Math.min(a, b),
    right: Math.max(a, b) + parts - 1,
  }
}

/** Number of calls in a rectangle. */
export function callsIn(s: UiState, r: Rectangle): number {
  let calls = 0
  for (const row of rowsOf(s).slice(r.top, r.bottom + 1))
    for (const n of row.cells.slice(r.left, r.right + 1)) calls += n as number
  return calls
}

/** Texts about the marked rectangle or the selected cell: time, latencies, calls; the second is shorter. */
export function cellsText(s: UiState): string[] {
  const r = rectangleOf(s)
  if (r === undefined) return [' no calls ']
  const calls = callsIn(s, r)
  const what = `${latencyText(r)}  ${calls} ${calls === 1 ? 'call' : 'calls'} `
  return [` ${timesText(s, r)}  ${what}`, ` ${what}`]
}

export function timesOf(s: UiState, r: Rectangle): { readonly begin: bigint; readonly end: bigint } {
  const rows = rowsOf(s)
  return { begin: intervalStart(rows[r.top] as ShownRow), end: (rows[r.bottom] as ShownRow).keys[1] as bigint }
}

export function timesText(s: UiState, r: Rectangle): string {
  const { begin, end } = timesOf(s, r)
  return `${clockText(begin, end - begin)} +${cellText(Number(end - begin), { unit: 'time' })}`
}

export function latencyText(r: Rectangle): string {
  const { from, below } = latenciesOf(r.left, r.right)
  const text = (ns: number) => cellText(ns, { unit: 'time' })
  return below === undefined ? `${text(from)} and more` : `${text(from)}..${text(below)}`
}

/** Start of a row's interval: ns since the epoch. */
export function intervalStart(row: ShownRow): bigint {
  return row.keys[0] as bigint
}
