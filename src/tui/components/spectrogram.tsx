// The spectrogram: over the axis of latencies, an interval each row with its time; how often in a second is a colour, and a
// character that is seen where there are no colours.
import { Box } from 'ink'
import { memo } from 'react'
import { latencyAxis } from '../../format/heat/latency-axis.js'
import { HEAT, heatLevel } from '../../format/heat/ramp.js'
import { PARTS } from '../latency-parts.js'
import type { Role, Span } from '../layout/spans.js'
import { columnCounts, partsOfColumn, TIME_WIDTH } from '../layout/spectrogram.js'
import { intervalStart, type Rectangle } from '../state/cells.js'
import { clockText } from '../state/clock-text.js'
import type { ShownRow } from '../state/model.js'
import { Line } from './line.js'
import { Refusal, Sentence } from './notice.js'

export interface SpectrogramProps {
  readonly width: number
  /** rows that fit */
  readonly lines: number
  readonly rows: readonly ShownRow[]
  /** the first one that is seen */
  readonly top: number
  /** what is marked, or the cell where the person is */
  readonly marked: Rectangle | undefined
  /** why there is no answer: a mistake with a caret under its place */
  readonly refused: string | undefined
  /** what is said where there are no rows */
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
  /** of latencies that are one column */
  readonly parts: number
  /** columns that are marked: [left, right) */
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
