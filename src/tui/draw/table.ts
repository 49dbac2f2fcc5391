// The table: titles, rows, and what is said when there are none.
import { cellText, percentOf } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import { page, type ShownRow, type UiState } from '../state/model.js'
import { wholeFilter } from '../state/question.js'
import { width as cells, clean, fit } from '../terminal/width.js'
import type { ColumnInfo } from '../worker/messages.js'
import { columnsOn, type Placed } from './columns.js'
import { layout } from './layout.js'
import { bothEnds, dropCells, fitLine, lineWidth, recolor, wrap } from './spans.js'
import type { Role, Span } from './theme.js'

/** The line of column titles; the sorting column has an arrow, and at its end is told how many columns did not fit. */
export function titlesLine(s: UiState): Span[] {
  const { width } = layout(s)
  const { answer } = s
  const { placed, hidden } = columnsOn(s)
  const spans: Span[] = [[' ', 'titles']]
  for (const p of placed) {
    const sorted = answer?.sort?.column === p.index
    const arrow = sorted ? (answer?.sort?.ascending ? '▲' : '▼') : ''
    const text = p.column.right ? `${arrow}${p.column.title}` : `${p.column.title}${arrow}`
    const room = p === placed.at(-1) ? Math.min(p.width, cells(text)) : p.width
    spans.push([fit(text, room, p.column.right), sorted ? 'sorted' : 'titles'], [' ', 'titles'])
  }
  const line = dropCells(spans, page(s).left)
  const more = `+${hidden} → `
  const told = hidden > 0 && lineWidth(line) + cells(more) <= width
  return bothEnds(line, told ? [[more, 'barDim']] : [], width, 'titles')
}

/** The rows in the window, or a sentence about why there are none. */
export function bodyLines(s: UiState): Span[][] {
  const { width, body } = layout(s)
  const { answer } = s
  if (s.refused !== undefined) return textLines(s.refused, width, body, 'bad')
  if (answer === undefined) return sentence(waiting(s), width, body)
  if (answer.rows.length === 0) return sentence(empty(s), width, body)
  const p = page(s)
  const { placed } = columnsOn(s)
  const lines = answer.rows.slice(p.top, p.top + body).map((row, i) => {
    const selected = p.top + i === p.at
    const whole =
      row.fold !== undefined
        ? foldSpans(row, placed, width)
        : p.view.list?.conversation
          ? echoSpans(row)
          : rowSpans(row, placed, s.search)
    const spans = dropCells(whole, p.left)
    const fitted = fitLine(spans, width)
    return selected ? recolor(fitted, onSelection) : row.gone > 0 ? recolor(fitted, () => 'gone') : fitted
  })
  return fill(lines, width, body)
}

const onSelection = (r: Role): Role => (r === 'dim' || r === 'gone' ? 'selectedDim' : 'selected')

function rowSpans(row: ShownRow, placed: readonly Placed[], search: string): Span[] {
  const spans: Span[] = [[' ', 'text']]
  const last = placed.at(-1)?.index
  for (const { column, index, width } of placed) {
    const value = row.cells[index]
    const text = clean(cellText(value, column))
    const found = search !== '' && text.toLowerCase().includes(search.toLowerCase())
    spans.push(
      [
        index === last && !column.right ? text : fit(text, width, column.right),
        found ? 'found' : lookOf(value, column),
      ],
      [' ', 'text'],
    )
  }
  return spans
}

/** Nothing is quiet, much is loud. */
function lookOf(value: Cell, column: ColumnInfo): Role {
  if (column.unit === 'text') return column.title === 'PPID' ? 'dim' : 'text'
  if (typeof value !== 'number') return 'dim'
  if (value === 0) return 'dim'
  const share = column.unit === 'percent' ? value : column.unit === 'timepct' ? percentOf(value) : undefined
  if (share !== undefined) return share >= 90 ? 'bad' : share >= 50 ? 'warn' : share < 0.05 ? 'dim' : 'good'
  return 'text'
}

/** A line of a conversation: what came in, what went out, and whose it is. */
function echoSpans(row: ShownRow): Span[] {
  const [text, kind] = row.cells
  const role = kind === 'in' ? 'in' : kind === 'out' ? 'out' : 'dim'
  return [
    [kind === 'head' ? ' ' : '   ', 'text'],
    [clean(String(text ?? '')), role],
  ]
}

/** Under the last column, or as far to the left of it as the text needs. */
function foldSpans(row: ShownRow, placed: readonly Placed[], width: number): Span[] {
  const label = clean(row.fold?.label ?? '')
  const at = Math.max(1, Math.min(placed[placed.length - 1]?.at ?? 1, width - cells(label) - 1))
  return [
    [' '.repeat(at), 'gone'],
    [label, 'gone'],
  ]
}

function waiting(s: UiState): string {
  if (s.failed !== undefined) return s.failed
  if (s.source === undefined) return s.file !== undefined ? 'The file is being opened.' : 'The capture is starting.'
  return s.source.live ? 'The first numbers come in a moment.' : 'Reading.'
}

function empty(s: UiState): string {
  const { view } = page(s)
  const live = s.source?.live === true
  if (s.answer?.progress !== undefined) return 'Nothing was found yet. Reading goes on.'
  const what = view.empty ?? 'Nothing that happened belongs here.'
  const filter = wholeFilter(s) !== ''
  const narrow = filter ? ' The filter above leaves nothing: \\ changes it, Backspace goes back up.' : ''
  const wait = live ? ' What happens from now on is shown as it comes.' : ''
  return `${what}${wait}${narrow} v chooses another view.`
}

/** A sentence in the upper third of the body. */
function sentence(text: string, width: number, body: number): Span[][] {
  const lines = wrap(clean(text), Math.min(72, width - 4))
  const above = Math.max(0, Math.min(2, Math.floor((body - lines.length) / 3)))
  return fill(
    [...Array.from({ length: above }, () => []), ...lines.map((l): Span[] => [[`  ${l}`, 'dim']])],
    width,
    body,
  )
}

/** Lines as they are, for text with a caret under a place. */
function textLines(text: string, width: number, body: number, role: Role): Span[][] {
  const lines = text.split('\n').map((l): Span[] => [[`  ${clean(l)}`, role]])
  return fill(
    [[], ...lines, [], [['  \\ changes the filter, v chooses another view, Backspace goes back up', 'dim']]],
    width,
    body,
  )
}

function fill(lines: readonly Span[][], width: number, body: number): Span[][] {
  const out = lines.slice(0, body).map((l) => fitLine(l, width))
  while (out.length < body) out.push(fitLine([], width))
  return out
}
