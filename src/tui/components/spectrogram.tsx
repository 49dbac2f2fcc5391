// The spectrogram: below the axis of latencies one row for each interval, with its time. The number of calls per second
// is shown as a colour, and as a character for terminals without colours.
import { Box } from 'ink'
import { memo } from 'react'
import { latencyAxis } from '../../format/heat/latency-axis.js'
import { HEAT, heatLevel } from '../../format/heat/ramp.js'
import { PARTS } from '../latency-parts.js'
import type { Role, Span } from '../layout/spans.js'
import { columnCounts, intervalStart, partsOfColumn, type Rectangle, TIME_WIDTH } from '../layout/spectrogram.js'
import { clockText } from '../model/chosen.js'
import type { ShownRow } from '../model/model.js'
import { Line } from './line.js'
import { Refusal, Sentence } from './notice.js'

interface SpectrogramProps {
  readonly width: number
  /** rows that fit */
  readonly lines: number
  readonly rows: readonly ShownRow[]
  /** the first visible row */
  readonly top: number
  /** the marked rectangle, or the selected cell */
  readonly marked: Rectangle | undefined
  /** why the query is invalid: an error with a caret */
  readonly refused: string | undefined
  /** message if there are no rows */
  readonly nothing: string
}

export function Spectrogram({ width, lines, rows, top, marked, refused, nothing }: SpectrogramProps) {
  const parts = partsOfColumn(width)
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Line spans={[['TIME'.padEnd(TIME_WIDTH) + latencyAxis(PARTS / parts), 'titles']]} width={width} fill="titles" />
      {refused !== undefined ? (
        <Refusal text={refused} width={width} lines={lines} />
      ) : rows.length === 0 ? (
        <Sentence text={nothing} width={width} lines={lines} />
      ) : (
        rows.slice(top, top + lines).map((row, i) => {
          const at = top + i
          const inside = marked !== undefined && at >= marked.top && at <= marked.bottom
          return (
            <Interval
              key={row.id}
              row={row}
              width={width}
              parts={parts}
              left={inside ? marked.left / parts : -1}
              right={inside ? (marked.right + 1) / parts : -1}
            />
          )
        })
      )}
    </Box>
  )
}

interface IntervalProps {
  readonly row: ShownRow
  readonly width: number
  /** latency parts per column */
  readonly parts: number
  /** marked columns: [left, right) */
  readonly left: number
  readonly right: number
}

const Interval = memo(function Interval({ row, width, parts, left, right }: IntervalProps) {
  const [begin, end] = row.keys as readonly [bigint, bigint]
  const perSecond = 1e9 / Number(end - begin)
  const spans = columnCounts(row.cells, parts).map((n, at): Span => {
    const level = heatLevel(n * perSecond)
    const text = HEAT[level - 1]?.character ?? ' '
    const role: Role = at >= left && at < right ? 'selected' : level === 0 ? 'text' : `heat${level}`
    return [text, role]
  })
  const time = clockText(intervalStart(row), end - begin).slice(1 - TIME_WIDTH)
  return <Line spans={[[time.padEnd(TIME_WIDTH), left < 0 ? 'dim' : 'strong'], ...spans]} width={width} />
})
