// Buffers as text: dots, hex dumps, plain text, base64.
import { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'

export type BufferStyle = 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64' | 'hexLine' | 'masked'

/** Number of characters to which a buffer is cut. */
const WIDTH = 80
/** number of bytes whose digits fit into that width */
const HEX_WIDTH = 38
/** Marks cut text. */
export const ELLIPSIS = new EncodedText('...')
/** bytes per line of a dump, and the columns of their digits */
const LINE = 16
const LINE_DIGITS = 39
const OFFSET = new EncodedText('\t0x')
const COLON = 0x203a
const BLANKS = 0x2020
const BLANK = 32
const LINE_FEED = 10
const RETURN = 13

/** The two digits of a byte, the first one in the lower half. */
const DIGITS = Uint16Array.from({ length: 256 }, (_, n) => {
  const [a, b] = n.toString(16).padStart(2, '0')
  return (a as string).charCodeAt(0) | ((b as string).charCodeAt(0) << 8)
})

/**
 * Appends bytes [from, to). `dots` and `hexLine` are cut at 80 characters unless full; dumps start on a new line and
 * end with a line feed.
 */
export function writeBuffer(
  out: ByteWriter,
  bytes: DataView,
  from: number,
  to: number,
  style: BufferStyle,
  full: boolean,
): void {
  switch (style) {
    case 'dots': {
      const cut = !full && to - from > WIDTH
      out.dots(bytes, from, cut ? from + WIDTH - ELLIPSIS.length : to)
      if (cut) out.encoded(ELLIPSIS)
      break
    }
    case 'hexLine': {
      const end = full ? to : Math.min(to, from + HEX_WIDTH)
      for (let i = from; i < end; i++) out.two(DIGITS[bytes.getUint8(i)] as number)
      if (end < to) out.encoded(ELLIPSIS)
      break
    }
    case 'masked':
      out.trusted(`(${to - from} bytes masked)`)
      break
    case 'base64':
      out.trusted(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('base64'))
      break
    case 'ascii':
      out.byte(LINE_FEED)
      plain(out, bytes, from, to)
      break
    default:
      out.byte(LINE_FEED)
      dump(out, bytes, from, to, style === 'hexAscii')
  }
}

/** Printable characters, and line ends as line feeds. */
function plain(out: ByteWriter, bytes: DataView, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const c = bytes.getUint8(i)
    if ((c - BLANK) >>> 0 <= 94) out.byte(c)
    else if (c === RETURN || (c === LINE_FEED && (i === from || bytes.getUint8(i - 1) !== RETURN))) out.byte(LINE_FEED)
  }
}

function dump(out: ByteWriter, bytes: DataView, from: number, to: number, ascii: boolean): void {
  for (let at = from; at < to; at += LINE) {
    const end = Math.min(at + LINE, to)
    out.encoded(OFFSET)
    if (at - from > 0xffff) out.byte((DIGITS[(at - from) >> 16] as number) >> 8)
    out.two(DIGITS[((at - from) >> 8) & 255] as number)
    out.two(DIGITS[(at - from) & 255] as number)
    out.two(COLON)
    const start = out.length
    for (let i = at; i < end; i++) {
      if (i > at && ((i - at) & 1) === 0) out.byte(BLANK)
      out.two(DIGITS[bytes.getUint8(i)] as number)
    }
    if (ascii) {
      while (out.length < start + LINE_DIGITS) out.byte(BLANK)
      out.two(BLANKS)
      out.dots(bytes, at, end)
    }
    out.byte(LINE_FEED)
  }
}

const scratch = new ByteWriter(4096)

/** The same as text. */
export function bufferText(b: Uint8Array, from: number, to: number, style: BufferStyle, full: boolean): string {
  scratch.clear()
  writeBuffer(scratch, new DataView(b.buffer, b.byteOffset, b.byteLength), from, to, style, full)
  return scratch.toString()
}
