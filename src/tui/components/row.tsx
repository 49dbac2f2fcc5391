// One row of the table. It is drawn again only if it has changed: most rows stay the same from frame to frame.

import { memo } from 'react'
import { GLYPHS } from '../../model/glyphs.js'
import { cellText, percentOf } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import type { Placed } from '../layout/columns.js'
import { dropCells, type Role, recolor, type Span } from '../layout/spans.js'
import type { ShownRow } from '../model/model.js'
import { nameWithin } from '../names.js'
import { clean, fit } from '../terminal/width.js'
import type { ColumnInfo } from '../worker/messages.js'
import { Line } from './line.js'

interface RowProps {
  readonly row: ShownRow
  /** from left to right */
  readonly columns: readonly Placed[]
  /** the row is a line of transferred data (Echo), without columns */
  readonly conversation: boolean
  readonly width: number
  /** cells scrolled to the right */
  readonly left: number
  /** names are shown from their start, as far as they fit */
  readonly whole: boolean
  readonly selected: boolean
  /** tree lines before the text of the last column; '' for none */
  readonly branch: string
  /** text to highlight; '' for none */
  readonly search: string
}

export const Row = memo(function Row(props: RowProps) {
  const { row, width, left, selected } = props
  const spans = dropCells(unscrolled(props), left)
  if (selected) return <Line spans={recolor(spans, onSelection)} width={width} fill="selected" />
  if (row.absentFor > 0) return <Line spans={recolor(spans, () => 'ended')} width={width} />
  return <Line spans={spans} width={width} />
})

const onSelection = (r: Role): Role => (r === 'dim' || r === 'ended' ? 'selectedDim' : 'selected')

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
      // blanks look the same in either role, except underlined ones
      [' ', found ? 'text' : role],
    )
  }
  return spans
}

/** Tree lines may take half of the column; longer ones are cut at their start. */
function within(branch: string, width: number): string {
  return branch.length > width ? `${GLYPHS.cut}${branch.slice(1 - width)}` : branch
}

/** Low values are dim, high ones stand out. */
function lookOf(value: Cell, column: ColumnInfo): Role {
  if (column.unit === 'bars') return 'good'
  if (column.unit === 'text') return column.title === 'PPID' ? 'dim' : 'text'
  if (typeof value !== 'number') return 'dim'
  if (value === 0) return 'dim'
  const share = column.unit === 'percent' ? value : column.unit === 'timepct' ? percentOf(value) : undefined
  if (share !== undefined) return share >= 90 ? 'bad' : share >= 50 ? 'warn' : share < 0.05 ? 'dim' : 'good'
  return 'text'
}

/** A line of Echo: incoming data, outgoing data, or a head line. */
function conversationLine(row: ShownRow): Span[] {
  const [text, kind] = row.cells
  const role = kind === 'in' ? 'in' : kind === 'out' ? 'out' : 'dim'
  return [
    [kind === 'head' ? ' ' : '   ', 'text'],
    [clean(String(text ?? '')), role],
  ]
}
