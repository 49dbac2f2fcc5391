// Bytes of buffers to text: dots, hex dumps, plain text, base64.

export type BufferStyle = 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64'

/** Characters of a buffer that print when it is cut. */
const WIDTH = 80
const DOT = 46

/** What each byte prints as: itself when it is printable ASCII, a dot otherwise. */
const PRINTED = Uint8Array.from({ length: 256 }, (_, c) => (c >= 32 && c < 127 ? c : DOT))

const scratch = Buffer.alloc(65536)

function dots(b: Uint8Array, from: number, to: number): string {
  for (let i = from; i < to; i++) scratch[i - from] = PRINTED[b[i] as number] as number
  return scratch.toString('latin1', 0, to - from)
}

/**
 * Text of bytes [from, to), at most 65,535. `dots` is cut at 80 characters unless full; dumps begin on a line of their
 * own and end with a line feed.
 */
export function bufferText(b: Uint8Array, from: number, to: number, style: BufferStyle, full: boolean): string {
  switch (style) {
    case 'dots':
      return full || to - from <= WIDTH ? dots(b, from, to) : `${dots(b, from, from + WIDTH - 3)}...`
    case 'base64':
      return Buffer.from(b.buffer, b.byteOffset + from, to - from).toString('base64')
    case 'ascii':
      return `\n${plain(b, from, to)}`
    default:
      return dump(b, from, to, style === 'hexAscii')
  }
}

function plain(b: Uint8Array, from: number, to: number): string {
  const text = Buffer.from(b.buffer, b.byteOffset + from, to - from).toString('latin1')
  return text.replace(/\r\n?/g, '\n').replace(/[^\n\x20-\x7e]/g, '')
}

function dump(b: Uint8Array, from: number, to: number, ascii: boolean): string {
  let text = '\n'
  for (let at = from; at < to; at += 16) {
    const end = Math.min(at + 16, to)
    let hex = ''
    for (let i = at; i < end; i++) {
      if (i > at && ((i - at) & 1) === 0) hex += ' '
      hex += (b[i] as number).toString(16).padStart(2, '0')
    }
    text += `\t0x${(at - from).toString(16).padStart(4, '0')}: `
    text += ascii ? `${hex.padEnd(39)}  ${dots(b, at, end)}\n` : `${hex}\n`
  }
  return text
}
