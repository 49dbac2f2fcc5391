// A page of text instead of the table.
import { Box } from 'ink'
import type { Span } from '../layout/spans.js'
import { Line, Lines } from './line.js'

export interface TextPageProps {
  readonly width: number
  /** number of visible lines */
  readonly room: number
  /** all lines */
  readonly lines: readonly (readonly Span[])[]
  /** the first visible line */
  readonly top: number
}

export function TextPage({ width, room, lines, top }: TextPageProps) {
  const from = Math.min(top, Math.max(0, lines.length - room))
  const more = lines.length > from + room ? '  ↓ more' : ''
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Line spans={[[` Esc closes${more}`, 'sorted']]} width={width} fill="titles" />
      <Box flexDirection="column" paddingLeft={1}>
        <Lines lines={lines.slice(from, from + room)} width={width - 1} />
      </Box>
    </Box>
  )
}
