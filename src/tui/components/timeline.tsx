// Calls over time as bars: live the last minutes, with the retained part and the time shown; for a file all of it. A
// selected span and notable events are marked.

import { Box } from 'ink'
import { memo } from 'react'
import { GLYPHS } from '../../model/glyphs.js'
import { count, span } from '../layout/numbers.js'
import type { Role, Span } from '../layout/spans.js'
import { barsWidth, SIGNS, type Sign } from '../layout/timeline.js'
import type { Meter } from '../worker/messages.js'
import { Line } from './line.js'

interface TimelineProps {
  readonly width: number
  /** 0, 1 or 2 */
  readonly lines: number
  readonly meter: Meter | undefined
  readonly live: boolean
  /** retained part, time shown and span: see Marks */
  readonly retainedFrom: number
  readonly at: number | undefined
  readonly from: number
  readonly to: number
}

export const Timeline = memo(function Timeline({
  width,
  lines,
  meter,
  live,
  retainedFrom,
  at,
  from: chosenFrom,
  to: chosenTo,
}: TimelineProps) {
  if (lines === 0) return null
  const all = meter?.timeline ?? []
  const most = Math.max(0, ...all)
  const room = barsWidth(width)
  const bars = live ? all.slice(-room) : resample(all, room)
  const scale = meter === undefined || all.length === 0 ? '' : `${count((most * 1e9) / meter.step)}/s`
  const from = meter === undefined ? '' : live ? `-${span(bars.length * meter.step)}` : span(meter.span)
  const before = live ? room - bars.length : 0
  const labels = lines === 1 ? [from] : [scale, from]
  const signs = signsOf(meter, room, live ? all.length - bars.length : 0, live ? undefined : all.length)
  const roleOf = (cell: number): Role =>
    (cell >= chosenFrom && cell < chosenTo) || cell === at ? 'selected' : cell < retainedFrom ? 'dim' : 'graph'
  return (
    <Box flexDirection="column">
      {labels.map((label, i) => {
        const line = ' '.repeat(before) + drawn(bars, most, lines, lines - 1 - i)
        const spans = [...line].map((bar, cell): Span => {
          const sign = i === 0 ? signs.get(cell - before) : undefined
          return sign === undefined ? [bar, roleOf(cell)] : [sign.sign, sign.role]
        })
        return <Line key={i} width={width} spans={[[` ${label.padEnd(8)} `, 'dim'], ...spans]} />
      })}
    </Box>
  )
})

/** Signs by cell, from the first bar; of several in one cell the most important one. */
function signsOf(meter: Meter | undefined, room: number, left: number, all: number | undefined): Map<number, Sign> {
  const signs = new Map<number, Sign>()
  for (const sign of SIGNS.toReversed())
    for (const { bar, kind } of meter?.marks ?? [])
      if (kind === sign.kind) signs.set(all === undefined ? bar - left : Math.floor((bar * room) / all), sign)
  return signs
}

const BLOCKS = ` ${GLYPHS.bars}`

/** One line of bars that are `lines` high; `line` counts from the bottom. */
function drawn(bars: readonly number[], most: number, lines: number, line: number): string {
  return bars
    .map((v) => {
      const eighths = most === 0 ? 0 : Math.ceil((v / most) * 8 * lines)
      return BLOCKS[Math.max(0, Math.min(8, eighths - 8 * line))]
    })
    .join('')
}

/** Resamples bars to `room` cells, by adding neighbours or by repeating bars. */
function resample(bars: readonly number[], room: number): number[] {
  if (bars.length === 0) return []
  const out = new Array<number>(room).fill(0)
  if (bars.length <= room) return out.map((_, i) => bars[Math.floor((i * bars.length) / room)] as number)
  for (const [i, v] of bars.entries()) out[Math.floor((i * room) / bars.length)]! += v
  return out
}
