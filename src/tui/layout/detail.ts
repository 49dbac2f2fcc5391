// All about one event as lines: arguments, fields by what they are about, data in hexadecimal and as text.
import { clean, fit } from '../terminal/width.js'
import type { Detail } from '../worker/messages.js'
import { type Span, wrap } from './spans.js'

const BYTES = 16

export function detailLines(d: Detail | undefined, width: number): Span[][] {
  if (d === undefined) return [[['the event is being looked up …', 'dim']]]
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
  if (d.data !== undefined) out.push([], [[`Data, ${d.data.length} bytes`, 'strong']], ...dump(d.data))
  return out
}

/** Offset, bytes and text, sixteen to a line. */
function dump(data: Uint8Array): Span[][] {
  const out: Span[][] = []
  for (let at = 0; at < data.length; at += BYTES) {
    const part = [...data.subarray(at, at + BYTES)]
    const hex = part.map((b) => b.toString(16).padStart(2, '0')).join(' ')
    const text = part.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')
    out.push([
      [`${at.toString(16).padStart(6, '0')}  `, 'dim'],
      [`${hex.padEnd(BYTES * 3)} `, 'text'],
      [text, 'accent'],
    ])
  }
  return out
}
