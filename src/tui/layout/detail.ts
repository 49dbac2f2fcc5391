// Details of one event as lines: arguments, fields by class, and data in hexadecimal and as text.
import { GLYPHS } from '../../model/glyphs.js'
import { DUMP, dataLines } from '../data-lines.js'
import { clean, fit } from '../terminal/width.js'
import type { Detail } from '../worker/messages.js'
import { type Span, wrap } from './spans.js'

export function detailLines(d: Detail | undefined, width: number): Span[][] {
  if (d === undefined) return [[[`loading the event ${GLYPHS.more}`, 'dim']]]
  const out: Span[][] = [[[clean(d.title), 'accent']]]
  const widest = Math.min(width >> 1, Math.max(0, ...d.sections.flatMap((s) => s.fields.map(([name]) => name.length))))
  for (const s of d.sections) {
    out.push([], [[s.title, 'strong']])
    for (const [name, value] of s.fields) {
      const lines = wrap(clean(value), Math.max(20, width - widest - 3))
      for (const [i, line] of lines.entries())
        out.push([
          [fit(i === 0 ? name : '', widest + 2), 'dim'],
          [line, 'text'],
        ])
    }
  }
  if (typeof d.data === 'number') out.push([], [[`Data, ${d.data} bytes, masked: B on the page shows them`, 'strong']])
  else if (d.data !== undefined) out.push([], [[`Data, ${d.data.length} bytes`, 'strong']], ...dump(d.data))
  return out
}

/** Lines in hexadecimal, with dim offsets and accented text. */
function dump(data: Uint8Array): Span[][] {
  return dataLines(data, 'hex').map((line) => [
    [line.slice(0, DUMP.bytes), 'dim'],
    [line.slice(DUMP.bytes, DUMP.text), 'text'],
    [line.slice(DUMP.text), 'accent'],
  ])
}
