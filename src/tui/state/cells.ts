// The selected cell of a spectrogram, the marked rectangle, and the selection of its calls.
import { cellText, joinFilters } from '../../table/index.js'
import { filterOf } from '../../views/define.js'
import { latenciesOf, PARTS } from '../latency-parts.js'
import { cellAt, partsOfColumn } from '../layout/spectrogram.js'
import { clockText } from './clock-text.js'
import { type Drill, page, type ShownRow, type UiState, withPage } from './model.js'
import { rowsOf, select, selectedAt } from './selection.js'

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

/** Number of calls in a rectangle. */
export function callsIn(s: UiState, r: Rectangle): number {
  let calls = 0
  for (const row of rowsOf(s).slice(r.top, r.bottom + 1))
    for (const n of row.cells.slice(r.left, r.right + 1)) calls += n as number
  return calls
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

/** Texts about the marked rectangle or the selected cell: time, latencies, calls; the second is shorter. */
export function cellsText(s: UiState): string[] {
  const r = rectangleOf(s)
  if (r === undefined) return [' no calls ']
  const calls = callsIn(s, r)
  const what = `${latencyText(r)}  ${calls} ${calls === 1 ? 'call' : 'calls'} `
  return [` ${timesText(s, r)}  ${what}`, ` ${what}`]
}

function timesOf(s: UiState, r: Rectangle): { readonly begin: bigint; readonly end: bigint } {
  const rows = rowsOf(s)
  return { begin: intervalStart(rows[r.top] as ShownRow), end: (rows[r.bottom] as ShownRow).keys[1] as bigint }
}

function timesText(s: UiState, r: Rectangle): string {
  const { begin, end } = timesOf(s, r)
  return `${clockText(begin, end - begin)} +${cellText(Number(end - begin), { unit: 'time' })}`
}

function latencyText(r: Rectangle): string {
  const { from, below } = latenciesOf(r.left, r.right)
  const text = (ns: number) => cellText(ns, { unit: 'time' })
  return below === undefined ? `${text(from)} and more` : `${text(from)}..${text(below)}`
}

/** Start of a row's interval: ns since the epoch. */
export function intervalStart(row: ShownRow): bigint {
  return row.keys[0] as bigint
}
