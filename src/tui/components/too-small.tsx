// A message for a terminal that is too small for a table, as much of it as fits.
import { Box } from 'ink'
import type { Span } from '../layout/spans.js'
import { cut } from '../terminal/width.js'
import { Lines } from './line.js'

const WORDS = ['too', 'small:', 'make', 'it', 'larger', '(q', 'quits)']

export function TooSmall({ width, height }: { readonly width: number; readonly height: number }) {
  const lines: string[] = []
  for (const w of WORDS) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + w.length <= width) lines[lines.length - 1] = `${last} ${w}`
    else lines.push(cut(w, width))
  }
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Lines lines={lines.slice(0, height).map((l): Span[] => [[l, 'text']])} width={width} />
    </Box>
  )
}
