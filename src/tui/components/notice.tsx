// Shown instead of rows: why there are none, what is wrong with the query, or that the terminal is too small.

import { Box } from 'ink'
import { emptyOf, lacksAll } from '../../views/define.js'
import { type Span, wrap } from '../layout/spans.js'
import { isPast, lackingOf, page, type UiState } from '../model/model.js'
import { selectionFilter } from '../model/query.js'
import { clean, cut } from '../terminal/width.js'
import { Lines } from './line.js'

interface NoticeProps {
  readonly text: string
  readonly width: number
  /** available lines */
  readonly lines: number
}

/** A sentence in the upper third of the table. */
export function Sentence({ text, width, lines }: NoticeProps) {
  const wrapped = wrap(clean(text), Math.min(72, width - 4)).map((l): Span[] => [[`  ${l}`, 'dim']])
  const above = Math.max(0, Math.min(2, Math.floor((lines - wrapped.length) / 3)))
  return (
    <Box flexDirection="column" marginTop={above}>
      <Lines lines={wrapped.slice(0, lines)} width={width} />
    </Box>
  )
}

/** Unwrapped lines, for text with a caret under an error. */
export function Refusal({ text, width, lines }: NoticeProps) {
  const all: Span[][] = [
    [],
    ...text.split('\n').map((l): Span[] => [[`  ${clean(l)}`, 'bad']]),
    [],
    [['  \\ changes the filter, v chooses another view, Backspace goes back up', 'dim']],
  ]
  return (
    <Box flexDirection="column">
      <Lines lines={all.slice(0, lines)} width={width} />
    </Box>
  )
}

/** Why there are no rows. */
export function reasonOf(s: UiState): string {
  if (s.result !== undefined) return empty(s)
  if (s.failed !== undefined) return s.failed
  if (s.source === undefined) return s.file !== undefined ? 'The file is being opened.' : 'The capture is starting.'
  return s.source.live && !isPast(s) ? 'The first numbers come in a moment.' : 'Reading.'
}

function empty(s: UiState): string {
  const { view, text } = page(s)
  if (s.result !== undefined && s.result.rows.length > 0)
    return `None of the ${s.result.rows.length} rows contains the text "${text}". Esc shows all.`
  const live = s.source?.live === true && !isPast(s)
  if (s.result?.progress !== undefined) return 'Nothing found yet. Still reading.'
  const lacking = lackingOf(s)
  const what = emptyOf(view, lacking)
  const filter = selectionFilter(s) !== ''
  const narrow = filter ? ' No events pass the filter above: \\ changes it, Backspace goes back up.' : ''
  const span = s.chosen.span === undefined ? '' : ' Esc removes the span above.'
  const wait = live && !lacksAll(view, lacking) ? ' New events are shown as they happen.' : ''
  return `${what}${wait}${narrow}${span} v chooses another view.`
}

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
