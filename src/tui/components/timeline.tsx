// Calls over time in bars: live the last minutes, with how far back one can look and what moment is shown; of a file all of it.
import { Box } from 'ink'
import { memo } from 'react'
import { count, span } from '../layout/numbers.js'
import type { Span } from '../layout/spans.js'
import { roomOf } from '../layout/timeline.js'
import type { Meter } from '../worker/messages.js'
import { Line } from './line.js'

export interface TimelineProps {
  readonly width: number
  /** 0, 1 or 2 */
  readonly lines: number
  readonly meter: Meter | undefined
  readonly live: boolean
  /** what can be looked back at, and what is: see Marks */
  readonly kept: number
  readonly at: number | undefined
}

export const Timeline = memo(function Timeline({ width, lines, meter, live, kept, at }: TimelineProps) {
  if (lines === 0) return null
  const all = meter?.timeline ?? []
  const most = Math.max(0, ...all)
  const room = roomOf(width)
  const bars = live ? all.slice(-room) : resample(all, room)
  const scale = meter === undefined || all.length === 0 ? '' : `${count((most * 1e9) / meter.step)}/s`
  const from = meter === undefined ? '' : live ? `-${span(bars.length * meter.step)}` : span(meter.span)
  const before = live ? ' '.repeat(room - bars.length) : ''
  const marked = (line: string): Span[] => (live ? marks(before + line, kept, at) : [[line, 'graph']])
  const labels = lines === 1 ? [from] : [scale, from]
  return (
    <Box flexDirection="column">
      {labels.map((label, i) => (
        <Line
          key={i}
          width={width}
          spans={[[` ${label.padEnd(8)} `, 'dim'], ...marked(drawn(bars, most, lines, lines - 1 - i))]}
        />
      ))}
    </Box>
  )
})

/** The line with what is kept no more dim, and the moment that is shown marked. */
function marks(line: string, kept: number, at: number | undefined): Span[] {
  const [upTo, behind] = at === undefined ? [line.length, line.length] : [at, at + 1]
  const spans: Span[] = [
    [line.slice(0, Math.min(kept, upTo)), 'dim'],
    [line.slice(Math.min(kept, upTo), upTo), 'graph'],
    [line.slice(upTo, behind), 'selected'],
    [line.slice(behind, Math.max(kept, behind)), 'dim'],
    [line.slice(Math.max(kept, behind)), 'graph'],
  ]
  return spans.filter(([text]) => text !== '')
}

const BLOCKS = ' ▁▂▃▄▅▆▇█'

/** One line of bars that are `lines` high; `line` counts from the bottom. */
function drawn(bars: readonly number[], most: number, lines: number, line: number): string {
  return bars
    .map((v) => {
      const eighths = most === 0 ? 0 : Math.ceil((v / most) * 8 * lines)
      return BLOCKS[Math.max(0, Math.min(8, eighths - 8 * line))]
    })
    .join('')
}

/** Bars made fewer by adding neighbours, or more by repeating them, so that they fill `room`. */
function resample(bars: readonly number[], room: number): number[] {
  if (bars.length === 0) return []
  const out = new Array<number>(room).fill(0)
  if (bars.length <= room) return out.map((_, i) => bars[Math.floor((i * bars.length) / room)] as number)
  for (const [i, v] of bars.entries()) out[Math.floor((i * room) / bars.length)]! += v
  return out
}
