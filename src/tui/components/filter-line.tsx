// The selected span, the filter and the text in effect, and what the numbers of the header count; on pages that show
// data, their status and whether they are masked.
import { bothEnds, lineWidth, type Span } from '../layout/spans.js'
import { clean } from '../terminal/width.js'
import { Line } from './line.js'

interface FilterLineProps {
  readonly width: number
  /** selected on the timeline, as text; undefined: all of it */
  readonly span: string | undefined
  /** '' for none */
  readonly filter: string
  /** that rows must contain; '' for none */
  readonly text: string
  /** what the header counts */
  readonly counts: 'file' | 'machine'
  /** status of the data, on a page that shows data */
  readonly data: string | undefined
  /** on a page of data of I/O calls: whether they are masked */
  readonly raw: 'masked' | 'shown' | undefined
}

const BANNER: Record<'masked' | 'shown', { readonly long: Span[]; readonly short: Span[] }> = {
  masked: { long: [['  data masked, B shows them', 'dim']], short: [['  masked, B shows ', 'dim']] },
  shown: { long: [['  DATA SHOWN, B masks them', 'warn']], short: [['  DATA SHOWN ', 'warn']] },
}
const COUNTED = { file: 'the whole file', machine: 'the whole machine' }

export function FilterLine({ width, span, filter, text, counts, data, raw }: FilterLineProps) {
  const time: Span[] =
    span === undefined
      ? []
      : [
          [' span ', 'dim'],
          [`${span} `, 'accent'],
        ]
  const left: Span[] = [...time, [' filter ', 'dim'], filter === '' ? ['none', 'dim'] : [clean(filter), 'accent']]
  if (text !== '') left.push(['  rows with ', 'dim'], [clean(text), 'accent'])
  const counted = `numbers above: ${COUNTED[counts]}`
  const since = data?.split(';')[0]
  const rights: Span[][] =
    raw === undefined
      ? [[[`  ${data ?? counted} `, 'dim']], [[`  ${since ?? 'above: unfiltered'} `, 'dim']]]
      : [[...BANNER[raw].long, [`  ${since ?? counted} `, 'dim']], BANNER[raw].long, BANNER[raw].short]
  const right = rights.find((r) => lineWidth(left) + lineWidth(r) <= width) ?? rights.at(-1)
  return <Line spans={bothEnds(left, right ?? [], width, 'text')} width={width} />
}
