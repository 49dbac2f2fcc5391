// Calls over time in bars: live the last minutes, of a file all of it.
import { Box } from 'ink'
import { memo } from 'react'
import { count, span } from '../layout/numbers.js'
import type { Meter } from '../worker/messages.js'
import { Line } from './line.js'

export interface TimelineProps {
  readonly width: number
  /** 0, 1 or 2 */
  readonly lines: number
  readonly meter: Meter | undefined
  readonly live: boolean
}

/** cells before the bars, and one behind them */
const BESIDE = 10 + 1

export const Timeline = memo(function Timeline({ width, lines, meter, live }: TimelineProps) {
  if (lines === 0) return null
  const all = meter?.timeline ?? []
  const most = Math.max(0, ...all)
  const room = Math.max(10, width - BESIDE)
  const bars = live ? all.slice(-room) : resample(all, room)
  const scale = meter === undefined || all.length === 0 ? '' : `${count((most * 1e9) / meter.step)}/s`
  const from = meter === undefined ? '' : live ? `-${span(bars.length * meter.step)}` : span(meter.span)
  const before = live ? ' '.repeat(room - bars.length) : ''
  const labels = lines === 1 ? [from] : [scale, from]
  return (
    <Box flexDirection="column">
      {labels.map((label, i) => (
        <Line
          key={i}
          width={width}
          spans={[
            [` ${label.padEnd(8)} ${before}`, 'dim'],
            [drawn(bars, most, lines, lines - 1 - i), 'graph'],
          ]}
        />
      ))}
    </Box>
  )
})

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
