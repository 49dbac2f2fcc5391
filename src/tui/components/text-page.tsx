// Pages of text instead of the table, among them the details of one event.

import { Box } from 'ink'
import { useMemo } from 'react'
import { GLYPHS } from '../../model/glyphs.js'
import { detailLines } from '../layout/detail.js'
import { textWidth } from '../layout/pages.js'
import type { Span } from '../layout/spans.js'
import type { Detail } from '../worker/messages.js'
import { Line, Lines } from './line.js'

interface TextPageProps {
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
  const more = lines.length > from + room ? `  ${GLYPHS.down} more` : ''
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Line spans={[[` Esc closes${more}`, 'sorted']]} width={width} fill="titles" />
      <Box flexDirection="column" paddingLeft={1}>
        <Lines lines={lines.slice(from, from + room)} width={width - 1} />
      </Box>
    </Box>
  )
}

interface DetailPaneProps extends Omit<TextPageProps, 'lines'> {
  /** undefined until the event is loaded */
  readonly detail: Detail | undefined
}

export function DetailPane({ detail, width, room, top }: DetailPaneProps) {
  const lines = useMemo(() => detailLines(detail, textWidth(width)), [detail, width])
  return <TextPage lines={lines} width={width} room={room} top={top} />
}
