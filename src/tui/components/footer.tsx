// The bottom line: the keys and the place in the table, or what is to be told until the next key.
import type { FooterKey } from '../layout/footer.js'
import { bothEnds, type Span } from '../layout/spans.js'
import { clean } from '../terminal/width.js'
import { Line } from './line.js'

export interface FooterProps {
  readonly width: number
  readonly keys: readonly FooterKey[]
  /** the selected row of how many */
  readonly place: string
  /** a sentence that goes with the next key */
  readonly note: string | undefined
  /** why the capture cannot go on */
  readonly failed: string | undefined
}

export function Footer({ width, keys, place, note, failed }: FooterProps) {
  if (note !== undefined) return <Line spans={[[` ${clean(note)}`, 'warn']]} width={width} />
  if (failed !== undefined)
    return <Line spans={[[` stopped: ${clean(failed.split('\n')[0] ?? '')}   q leaves`, 'bad']]} width={width} />
  const left = keys.flatMap((k): Span[] => [
    [k.key, 'key'],
    [` ${k.label} `, 'keyLabel'],
    [' ', 'text'],
  ])
  return <Line spans={bothEnds(left, [[place, 'dim']], width, 'text')} width={width} />
}
