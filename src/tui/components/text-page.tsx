// A page of text in the place of the table.
import { Box } from 'ink'
import type { Span } from '../layout/spans.js'
import { Line, Lines } from './line.js'

export interface TextPageProps {
  readonly width: number
  /** lines of text that are seen at once */
  readonly room: number
  /** all of them */
  readonly lines: readonly (readonly Span[])[]
  /** the first one that is seen */
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
