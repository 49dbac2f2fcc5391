// The prompt under the table: the line being typed, with hints below.
import { Box } from 'ink'
import { type Role, type Span, wrap } from '../layout/spans.js'
import type { Overlay, Line as Typed } from '../model/model.js'
import type { Candidate } from '../state/complete.js'
import { width as cells, clean, skip } from '../terminal/width.js'
import { Lines } from './line.js'

interface PromptProps {
  readonly overlay: Overlay
  /** candidates for the word at the cursor */
  readonly words: readonly Candidate[]
  readonly width: number
  /** available lines */
  readonly lines: number
}

export function Prompt(props: PromptProps) {
  const { width, lines } = props
  return (
    <Box flexDirection="column" height={lines}>
      <Lines lines={linesOf(props).slice(0, lines)} width={width} />
    </Box>
  )
}

function linesOf({ overlay: o, words, width, lines }: PromptProps): Span[][] {
  switch (o.kind) {
    case 'search':
      return [typed(' search  ', o.line, width)]
    case 'text':
      return [typed(' text    ', o.line, width), ...hint(HINTS.text, width)]
    case 'filter':
      return [typed(' filter  ', o.line, width), ...below(o.error, words, HINTS.filter, { width, lines: lines - 1 })]
    case 'named':
      return [typed(' :', o.line, width), ...below(o.error, words, HINTS.named, { width, lines: lines - 1 })]
    case 'command':
      return [
        [
          [' command ', 'key'],
          [clean(o.text), 'accent'],
          ['   y copies it', 'dim'],
        ],
      ]
    default:
      return []
  }
}

const HINTS = {
  text: 'only rows that contain it are shown; Esc shows all; F2: filter language',
  filter: 'Enter applies it, Tab completes a field, Esc cancels; empty: everything; F2: text',
  named: 'Enter runs it, Tab completes; a number goes to that row; help lists all commands',
}

const indented = (text: string, width: number, role: Role): Span[][] =>
  wrap(text, width - 4).map((line): Span[] => [[`  ${line}`, role]])

const hint = (text: string, width: number): Span[][] => indented(text, width, 'dim')

/** Below the line: an error, the candidates, or a hint. */
function below(
  error: string | undefined,
  words: readonly Candidate[],
  how: string,
  { width, lines }: { readonly width: number; readonly lines: number },
): Span[][] {
  // lines that start with blanks are text with a caret under an error
  if (error !== undefined)
    return error
      .split('\n')
      .flatMap((l) => (l.startsWith(' ') ? [[[`  ${clean(l)}`, 'bad']] as Span[]] : indented(clean(l), width, 'bad')))
  const found = words.slice(0, lines)
  if (found.length === 0) return lines < 2 ? [] : hint(how, width)
  const widest = Math.max(24, ...found.map((c) => c.name.length))
  return found.map((c): Span[] => [
    [`  ${clean(c.name).padEnd(widest)} `, 'accent'],
    [clean(c.doc), 'dim'],
  ])
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
