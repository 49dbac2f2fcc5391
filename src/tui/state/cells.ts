// Moves in a spectrogram, marks rectangles of cells, and selects their calls.

import { joinFilters } from '../../table/index.js'
import { filterOf } from '../../views/define.js'
import { latenciesOf, PARTS } from '../latency-parts.js'
import { rowsOf, selectedAt } from '../layout/rows.js'
import {
  cellAt,
  intervalStart,
  latencyText,
  partsOfColumn,
  rectangleOf,
  timesOf,
  timesText,
} from '../layout/spectrogram.js'
import { type Drill, page, type UiState, withPage } from '../model/model.js'
import { select } from './selection.js'

/** Moves by a number of columns. */
export function moveCell(s: UiState, columns: number): UiState {
  const parts = partsOfColumn(s.width)
  return toPart(s, page(s).cell.part + columns * parts)
}

/** Starts to mark a rectangle here, or removes the mark. */
export function mark(s: UiState): UiState {
  const { cell } = page(s)
  if (cell.mark !== undefined) return unmarked(s)
  const row = rowsOf(s)[selectedAt(rowsOf(s), page(s))]
  if (row === undefined) return s
  const touched = select(s, selectedAt(rowsOf(s), page(s)))
  return withPage(touched, { cell: { ...cell, mark: { begin: intervalStart(row), part: cell.part } } })
}

export function unmarked(s: UiState): UiState {
  const { part } = page(s).cell
  return withPage(s, { cell: { part, mark: undefined } })
}

/** Selects the cell at a position of the screen; undefined if there is none. */
export function toCell(s: UiState, x: number, y: number): UiState | undefined {
  const cell = cellAt(s, x, y)
  const at = cell === undefined ? -1 : page(s).top + cell.line
  return cell === undefined || rowsOf(s)[at] === undefined ? undefined : toPart(select(s, at), cell.part)
}

function toPart(s: UiState, to: number): UiState {
  const { cell } = page(s)
  return withPage(s, { cell: { ...cell, part: Math.max(0, Math.min(to, PARTS - 1)) } })
}

/** The selection of the calls in the marked rectangle or the selected cell. */
export function cellsDrill(s: UiState): Drill | undefined {
  const r = rectangleOf(s)
  if (r === undefined) return undefined
  const { begin, end } = timesOf(s, r)
  const { from, below } = latenciesOf(r.left, r.right)
  const bounds = [`evt.rawtime>=${begin}`, `evt.rawtime<${end}`, `evt.latency>=${from}`]
  if (below !== undefined) bounds.push(`evt.latency<${below}`)
  return {
    // the calls are further restricted by the page's own selection
    field: page(s).drill?.field ?? '',
    filter: joinFilters(bounds.join(' and '), filterOf(page(s).view)) ?? '',
    label: `${timesText(s, r)} ${latencyText(r)}`,
  }
}
