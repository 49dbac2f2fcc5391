// The line that is being typed under the table, with what helps with it below.
import { Box } from 'ink'
import type { Span } from '../layout/spans.js'
import { candidates } from '../state/complete.js'
import type { Overlay, Line as Typed } from '../state/model.js'
import { width as cells, clean, skip } from '../terminal/width.js'
import { Lines } from './line.js'

export interface PromptProps {
  readonly overlay: Overlay
  readonly width: number
  /** that there are for it */
  readonly lines: number
}

export function Prompt({ overlay, width, lines }: PromptProps) {
  return (
    <Box flexDirection="column" height={lines}>
      <Lines lines={linesOf(overlay, width, lines).slice(0, lines)} width={width} />
    </Box>
  )
}

function linesOf(o: Overlay, width: number, lines: number): Span[][] {
  if (o.kind === 'search') return [typed(' search  ', o.line, width)]
  if (o.kind === 'filter') return [typed(' filter  ', o.line, width), ...helpFor(o, lines - 1)]
  if (o.kind !== 'command') return []
  return [
    [
      [' command ', 'key'],
      [clean(o.text), 'accent'],
      ['   y copies it', 'dim'],
    ],
  ]
}

/** Under the filter: what is wrong with it, the fields that a word may become, or how to go on. */
function helpFor(o: Extract<Overlay, { kind: 'filter' }>, lines: number): Span[][] {
  if (o.error !== undefined) return o.error.split('\n').map((l): Span[] => [[`  ${clean(l)}`, 'bad']])
  const fields = candidates(o.line).slice(0, lines)
  if (fields.length > 0)
    return fields.map((c): Span[] => [
      [`  ${c.name.padEnd(24)} `, 'accent'],
      [clean(c.doc), 'dim'],
    ])
  if (lines < 2) return []
  return [[['  Enter uses it, Tab completes a field, Esc leaves it as it was; empty: everything', 'dim']]]
}

/** The cursor is drawn as a reversed cell; a long line scrolls. */
function typed(label: string, line: Typed, width: number): Span[] {
  const before = clean(line.text.slice(0, line.cursor))
  const under = clean(line.text.slice(line.cursor, line.cursor + 1)) || ' '
  const after = clean(line.text.slice(line.cursor + 1))
  const room = width - cells(label) - 2
  const over = Math.max(0, cells(before) - room + 1)
  return [
    [label, 'key'],
    [skip(before, over), 'text'],
    [under, 'selected'],
    [after, 'text'],
  ]
}
