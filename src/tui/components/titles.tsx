// The line of column titles. The sorting column has an arrow; the end shows how many columns did not fit.
import type { Columns } from '../layout/columns.js'
import { bothEnds, dropCells, lineWidth, type Span } from '../layout/spans.js'
import { width as cells, fit } from '../terminal/width.js'
import type { Sort } from '../worker/messages.js'
import { Line } from './line.js'

export interface TitlesProps {
  readonly columns: Columns
  readonly sort: Sort | undefined
  readonly width: number
  /** cells scrolled to the right */
  readonly left: number
}

export function Titles({ columns: { placed, hidden }, sort, width, left }: TitlesProps) {
  const spans: Span[] = [[' ', 'titles']]
  for (const p of placed) {
    const sorted = sort?.column === p.index
    const arrow = sorted ? (sort?.ascending ? '▲' : '▼') : ''
    const text = p.column.right ? `${arrow}${p.column.title}` : `${p.column.title}${arrow}`
    const room = p === placed.at(-1) ? Math.min(p.width, cells(text)) : p.width
    spans.push([fit(text, room, p.column.right), sorted ? 'sorted' : 'titles'], [' ', 'titles'])
  }
  const line = dropCells(spans, left)
  const more = `+${hidden} → `
  const showsCount = hidden > 0 && lineWidth(line) + cells(more) <= width
  return <Line spans={bothEnds(line, showsCount ? [[more, 'barDim']] : [], width, 'titles')} width={width} />
}
