// The help page: all keys and commands as lines.
import { BINDINGS, keyName } from '../keys/bindings.js'
import { NAMED } from '../keys/named.js'
import { type Role, type Span, wrap } from './spans.js'
import { SIGNS } from './timeline.js'

/** width in cells of the column of keys */
const KEYS = 22
/** width in cells of the column of commands */
const COMMANDS = 30

export function help(width: number): Span[][] {
  const lines = (what: string, doc: string, role: Role = 'strong'): Span[][] =>
    wrap(doc, Math.max(20, width - KEYS - 2)).map((text, i): Span[] => [
      [(i === 0 ? what : '').padEnd(KEYS), role],
      [text, 'text'],
    ])
  const keys = BINDINGS.filter((b) => !/^sort[2-9]$/.test(b.command)).flatMap((b) =>
    b.command === 'sort1'
      ? lines('Shift+1..9', 'sort by that column; again: in reverse')
      : lines(b.keys.map(keyName).join('  '), b.doc),
  )
  const commands = NAMED.flatMap(({ name, doc }) =>
    wrap(doc, Math.max(20, width - COMMANDS - 2)).map((text, i): Span[] => [
      [(i === 0 ? name : '').padEnd(COMMANDS), 'strong'],
      [text, 'text'],
    ]),
  )
  return [
    [['Keys', 'accent']],
    [],
    ...keys,
    [],
    [['Commands', 'accent']],
    [],
    ...commands,
    [],
    [['Mouse', 'accent']],
    [],
    ...lines(
      'click',
      'selects a row; on a title: sorts; on the timeline: goes to that time; on the bottom line: presses that key; in a menu: takes that item',
    ),
    ...lines('double click', 'opens a row'),
    ...lines('drag', 'marks a rectangle of a spectrogram; on the timeline: selects a span for all views'),
    ...lines('wheel', 'moves through the rows'),
    [],
    [['Timeline', 'accent']],
    [],
    ...SIGNS.flatMap(({ sign, role, doc }) => lines(sign, doc, role)),
  ]
}
