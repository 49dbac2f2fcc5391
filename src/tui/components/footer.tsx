// The bottom line: keys and position in the table, or a message until the next key.
import type { FooterKey } from '../layout/footer.js'
import { bothEnds, type Span } from '../layout/spans.js'
import { clean } from '../terminal/width.js'
import { Line } from './line.js'

interface FooterProps {
  readonly width: number
  readonly keys: readonly FooterKey[]
  /** index of the selected row and number of rows */
  readonly place: string
  /** a message that disappears at the next key */
  readonly note: string | undefined
  /** why the capture failed */
  readonly failed: string | undefined
}

export function Footer({ width, keys, place, note, failed }: FooterProps) {
  if (note !== undefined) return <Line spans={[[` ${clean(note)}`, 'warn']]} width={width} />
  if (failed !== undefined)
    return <Line spans={[[` stopped: ${clean(failed.split('\n')[0] ?? '')}   q quits`, 'bad']]} width={width} />
  const left = keys.flatMap((k): Span[] => [
    [k.key, 'key'],
    [` ${k.label} `, 'keyLabel'],
    [' ', 'text'],
  ])
  return <Line spans={bothEnds(left, [[place, 'dim']], width, 'text')} width={width} />
}
