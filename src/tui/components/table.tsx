// The table: titles and visible rows, or a message if there are none. The sorting column has an arrow; the line of
// titles ends with the number of columns that did not fit.

import { Box } from 'ink'
import { useRef } from 'react'
import { GLYPHS } from '../../model/glyphs.js'
import type { Columns, Placed } from '../layout/columns.js'
import type { Span } from '../layout/spans.js'
import { bothEnds, dropCells, lineWidth } from '../layout/spans.js'
import type { Tree } from '../layout/tree.js'
import type { Page, ShownRow, ViewResult } from '../model/model.js'
import { width as cells, fit } from '../terminal/width.js'
import type { Sort } from '../worker/messages.js'
import { Line } from './line.js'
import { Refusal, Sentence } from './notice.js'
import { Row } from './row.js'

interface TableProps {
  readonly width: number
  /** rows that fit */
  readonly rows: number
  readonly columns: Columns
  readonly result: ViewResult | undefined
  /** its rows as a tree, if they are shown as one */
  readonly tree: Tree | undefined
  /** the rows that are shown */
  readonly shown: readonly ShownRow[]
  /** why the query is invalid: an error with a caret */
  readonly refused: string | undefined
  /** message if there are no rows */
  readonly nothing: string
  readonly page: Page
  readonly search: string
}

export function Table({ width, rows, columns, result, shown, tree, refused, nothing, page, search }: TableProps) {
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Titles columns={columns} sort={result?.sort} width={width} left={page.left} />
      {refused !== undefined ? (
        <Refusal text={refused} width={width} lines={rows} />
      ) : result === undefined || shown.length === 0 ? (
        <Sentence text={nothing} width={width} lines={rows} />
      ) : (
        <Rows shown={shown} tree={tree} page={page} placed={columns.placed} width={width} rows={rows} search={search} />
      )}
    </Box>
  )
}

interface RowsProps extends Pick<TableProps, 'width' | 'rows' | 'tree' | 'page' | 'search'> {
  readonly shown: readonly ShownRow[]
  readonly placed: readonly Placed[]
}

function Rows({ shown, tree, page, placed, width, rows, search }: RowsProps) {
  const columns = useSteady(placed)
  return shown
    .slice(page.top, page.top + rows)
    .map((row, i) => (
      <Row
        key={row.id}
        row={row}
        columns={columns}
        conversation={page.view.list?.conversation === true}
        width={width}
        left={page.left}
        whole={page.whole}
        branch={tree?.branches[page.top + i] ?? ''}
        selected={page.top + i === page.at}
        search={search}
      />
    ))
}

/** The previous array as long as the columns are equal: rows are drawn again when it changes. */
function useSteady(placed: readonly Placed[]): readonly Placed[] {
  const steady = useRef(placed)
  if (!same(steady.current, placed)) steady.current = placed
  return steady.current
}

function same(a: readonly Placed[], b: readonly Placed[]): boolean {
  return (
    a.length === b.length &&
    a.every((p, i) => {
      const q = b[i] as Placed
      return p.column === q.column && p.index === q.index && p.at === q.at && p.width === q.width
    })
  )
}

interface TitlesProps {
  readonly columns: Columns
  readonly sort: Sort | undefined
  readonly width: number
  /** cells scrolled to the right */
  readonly left: number
}

function Titles({ columns: { placed, hidden }, sort, width, left }: TitlesProps) {
  const spans: Span[] = [[' ', 'titles']]
  for (const p of placed) {
    const sorted = sort?.column === p.index
    const arrow = sorted ? (sort?.ascending ? GLYPHS.ascending : GLYPHS.descending) : ''
    const text = p.column.right ? `${arrow}${p.column.title}` : `${p.column.title}${arrow}`
    const room = p === placed.at(-1) ? Math.min(p.width, cells(text)) : p.width
    spans.push([fit(text, room, p.column.right), sorted ? 'sorted' : 'titles'], [' ', 'titles'])
  }
  const line = dropCells(spans, left)
  const more = `+${hidden} ${GLYPHS.right} `
  const showsCount = hidden > 0 && lineWidth(line) + cells(more) <= width
  return <Line spans={bothEnds(line, showsCount ? [[more, 'barDim']] : [], width, 'titles')} width={width} />
}
