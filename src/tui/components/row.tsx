// One row of the table. Drawn again only when something of it has changed: most rows stay as they are from frame to frame.
import { memo } from 'react'
import { cellText, percentOf } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import type { Placed } from '../layout/columns.js'
import { dropCells, type Role, recolor, type Span } from '../layout/spans.js'
import { nameWithin } from '../names.js'
import type { ShownRow } from '../state/model.js'
import { clean, fit } from '../terminal/width.js'
import type { ColumnInfo } from '../worker/messages.js'
import { Line } from './line.js'

export interface RowProps {
  readonly row: ShownRow
  /** from left to right */
  readonly columns: readonly Placed[]
  /** the row is a line of what programs said to each other, without columns */
  readonly conversation: boolean
  readonly width: number
  /** cells scrolled to the right */
  readonly left: number
  /** names are shown from their beginning on, as far as there is room */
  readonly whole: boolean
  readonly selected: boolean
  /** what stands before the text of the last column: lines of a tree; '' for none */
  readonly branch: string
  /** text that is marked where it is found; '' for none */
  readonly search: string
}

export const Row = memo(function Row(props: RowProps) {
  const { row, width, left, selected } = props
  const spans = dropCells(unscrolled(props), left)
  if (selected) return <Line spans={recolor(spans, onSelection)} width={width} fill="selected" />
  if (row.gone > 0) return <Line spans={recolor(spans, () => 'gone')} width={width} />
  return <Line spans={spans} width={width} />
})

const onSelection = (r: Role): Role => (r === 'dim' || r === 'gone' ? 'selectedDim' : 'selected')

/** The row before scrolling; it may be wider than the screen. */
function unscrolled(props: RowProps): Span[] {
  return props.conversation ? conversationLine(props.row) : values(props)
}

function values({ row, columns, branch, search, whole, left }: RowProps): Span[] {
  const spans: Span[] = [[' ', 'text']]
  const last = columns.at(-1)?.index
  for (const { column, index, width } of columns) {
    const value = row.cells[index]
    const full = clean(cellText(value, column))
    const text = whole || left > 0 ? full : nameWithin(column.field, full, width)
    const found = search !== '' && full.toLowerCase().includes(search.toLowerCase())
    const role = found ? 'found' : lookOf(value, column)
    if (index === last && branch !== '' && !column.right) spans.push([within(branch, width >> 1), 'dim'])
    spans.push(
      [index === last && !column.right ? text : fit(text, width, column.right), role],
      // blanks look the same in either role, unless what is found is underlined
      [' ', found ? 'text' : role],
    )
  }
  return spans
}

/** Lines of a tree leave half of the column to the name: of those that are too long the beginning goes. */
function within(branch: string, width: number): string {
  return branch.length > width ? `…${branch.slice(1 - width)}` : branch
}

/** Nothing is quiet, much is loud. */
function lookOf(value: Cell, column: ColumnInfo): Role {
  if (column.unit === 'bars') return 'good'
  if (column.unit === 'text') return column.title === 'PPID' ? 'dim' : 'text'
  if (typeof value !== 'number') return 'dim'
  if (value === 0) return 'dim'
  const share = column.unit === 'percent' ? value : column.unit === 'timepct' ? percentOf(value) : undefined
  if (share !== undefined) return share >= 90 ? 'bad' : share >= 50 ? 'warn' : share < 0.05 ? 'dim' : 'good'
  return 'text'
}

/** A line of a conversation: what came in, what went out, and whose it is. */
function conversationLine(row: ShownRow): Span[] {
  const [text, kind] = row.cells
  const role = kind === 'in' ? 'in' : kind === 'out' ? 'out' : 'dim'
  return [
    [kind === 'head' ? ' ' : '   ', 'text'],
    [clean(String(text ?? '')), role],
  ]
}
