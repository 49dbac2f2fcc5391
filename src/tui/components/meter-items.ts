// The numbers of the header: calls, errors, bytes, losses and the cost of ksys, as many as fit.
import { GLYPHS } from '../../model/glyphs.js'
import { bytes, count, span } from '../layout/numbers.js'
import { lineWidth, type Role, type Span } from '../layout/spans.js'
import type { Meter } from '../worker/messages.js'

/** One number of the header; if not all fit, those with higher `yields` are hidden first. */
interface Item {
  readonly yields: number
  readonly spans: readonly Span[]
}

/** The numbers of the machine (`live`) or of a file; `own`: percent of a CPU that ksys uses. */
export function itemsThatFit(meter: Meter, live: boolean, own: number, width: number): Span[] {
  const gap: Span = [width < 110 ? '  ' : '   ', 'text']
  let items = itemsOf(meter, live, own)
  const line = () => items.flatMap(({ spans }, i): Span[] => [i === 0 ? [' ', 'text'] : gap, ...spans])
  while (items.length > 1 && lineWidth(line()) > width) {
    const first = Math.max(...items.map((i) => i.yields))
    items = items.filter((i) => i.yields !== first)
  }
  return line()
}

function itemsOf(m: Meter, live: boolean, own: number): Item[] {
  const traffic = [
    item(0, 'calls', count(m.calls), 'strong', '/s'),
    item(2, 'errors', count(m.errors), m.errors > 0 ? 'warn' : 'strong', '/s'),
    pair(4, 'net', m.netIn, m.netOut),
    pair(5, 'disk', m.diskIn, m.diskOut),
  ]
  const lost = m.lost > 0 ? item(1, 'lost', count(m.lost), 'bad') : item(7, 'lost', '0')
  const others = [
    ...(m.stateLost > 0 ? [item(1, 'state lost', count(m.stateLost), 'bad')] : []),
    ...(m.leftOut > 0 ? [item(1, 'throttled', count(m.leftOut), 'warn')] : []),
  ]
  if (live)
    return [...traffic, lost, ...others, item(6, 'ksys', `${own.toFixed(1)}%`, own > 100 ? 'warn' : 'strong', ' CPU')]
  const read = [item(6, 'events', count(m.events)), item(7, 'over', span(m.span))]
  return [...traffic, ...read, ...(m.lost > 0 ? [lost] : []), ...others]
}

function item(yields: number, label: string, value: string, role: Role = 'strong', after = ''): Item {
  return {
    yields,
    spans: [
      [`${label} `, 'dim'],
      [value, role],
      [after, 'dim'],
    ],
  }
}

/** Bytes per second in and out. */
function pair(yields: number, label: string, i: number, o: number): Item {
  return {
    yields,
    spans: [
      [`${label} `, 'dim'],
      [`${GLYPHS.down}${bytes(i)}`, i > 0 ? 'strong' : 'dim'],
      [' ', 'text'],
      [`${GLYPHS.up}${bytes(o)}`, o > 0 ? 'strong' : 'dim'],
      ['/s', 'dim'],
    ],
  }
}
