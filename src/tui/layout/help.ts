// The page of all keys, as lines.
import { BINDINGS, keyName } from '../keys/bindings.js'
import { type Span, wrap } from './spans.js'

/** cells of the keys, before what they do */
const KEYS = 22

export function help(width: number): Span[][] {
  const line = (keys: string, doc: string): Span[] => [
    [keys.padEnd(KEYS), 'strong'],
    [doc, 'text'],
  ]
  const out: Span[][] = [[['Keys', 'accent']], []]
  for (const b of BINDINGS) {
    if (/^sort[2-9]$/.test(b.command)) continue
    const sort = b.command === 'sort1'
    const keys = sort ? 'Shift+1..9' : b.keys.map(keyName).join('  ')
    const doc = sort ? 'sort by that column; again: the other way round' : b.doc
    for (const [i, text] of wrap(doc, Math.max(20, width - KEYS - 2)).entries())
      out.push(line(i === 0 ? keys : '', text))
  }
  return [
    ...out,
    [],
    [['Mouse', 'accent']],
    [],
    line(
      'click',
      'selects a row; on a title: sorts; on the timeline: looks back; on the bottom line: the key; in a menu: takes it',
    ),
    line('double click', 'goes into a row'),
    line('drag', 'marks a rectangle of a spectrogram'),
    line('wheel', 'moves through the rows'),
  ]
}
