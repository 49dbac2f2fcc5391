// Data of I/O calls as lines of text, in the style that the user chose.
import type { DataStyle } from './worker/messages.js'

/** Cells of a line; longer lines are broken. */
const LONGEST = 400
/** bytes of a line of hexadecimal */
const BYTES = 16
/** columns in such a line at which the bytes (after the offset) and the text start */
export const DUMP = { bytes: 8, text: 8 + BYTES * 3 + 1 } as const

/** Lines without control characters; none if the data are masked. */
export function dataLines(data: Uint8Array, style: DataStyle): string[] {
  switch (style) {
    case 'masked':
      return []
    case 'hex':
      return dump(data)
    default:
      return linesOf(data, style === 'printable' ? '' : '.')
  }
}

/** Breaks at line ends, expands tabs, and replaces what is not text by `other`. */
function linesOf(data: Uint8Array, other: string): string[] {
  const text = new TextDecoder('utf-8').decode(data)
  const lines = text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n')
  return lines.flatMap((l) => {
    const shown = l.replace(/\t/g, '    ').replace(/[\0-\x1f\x7f-\x9f\ufffd]/g, other)
    const parts: string[] = []
    for (let at = 0; at === 0 || at < shown.length; at += LONGEST) parts.push(shown.slice(at, at + LONGEST))
    return parts
  })
}

/** Offset, bytes and text, sixteen to a line. */
function dump(data: Uint8Array): string[] {
  const out: string[] = []
  for (let at = 0; at < data.length; at += BYTES) {
    const part = [...data.subarray(at, at + BYTES)]
    const hex = part.map((b) => b.toString(16).padStart(2, '0')).join(' ')
    const text = part.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('')
    out.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(BYTES * 3)} ${text}`)
  }
  return out
}
