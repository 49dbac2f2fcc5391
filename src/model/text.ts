// Converts bytes from the kernel (names, paths, arguments) to JavaScript strings and back, without loss.
import { isAscii } from 'node:buffer'

/** Buffer's own conversion of bytes to text, which accepts any Uint8Array: no Buffer object has to be allocated for each text. */
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice: (this: Uint8Array, from: number, to: number) => string
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes bytes [from, to) as UTF-8. A byte that is not part of valid UTF-8 becomes the lone surrogate U+DC00 + byte, so
 * that nothing is lost and a printer can show it as \xNN (render/escape.ts).
 */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  const length = to - from
  if (length === 0) return ''
  if (length > LONGEST_CACHED) return decodeLong(bytes, from, to)
  const end = (bytes[to - 1] as number) + 31 * (bytes[to - 1 - (length >> 2)] as number)
  const slot = (length + 7 * (bytes[from] as number) + 31 * end) & (CACHED - 1)
  const at = slot * LONGEST_CACHED
  const before = cached[slot] as string
  if (before.length === length) {
    let i = 0
    while (i < length && cachedBytes[at + i] === bytes[from + i]) i++
    if (i === length) return before
  }
  const text = decode(bytes, from, to)
  // the cache compares lengths, which differ for multi-byte characters
  if (text.length === length) {
    cached[slot] = text
    for (let i = 0; i < length; i++) cachedBytes[at + i] = bytes[from + i] as number
  }
  return text
}

/** Cache of decoded texts, since most recur: the last text of each slot, compared with its bytes. */
const CACHED = 1024
const LONGEST_CACHED = 192
const cached: string[] = new Array<string>(CACHED).fill('')
const cachedBytes = new Uint8Array(CACHED * LONGEST_CACHED)

/** Cache of long texts: mostly environments, which programs pass to their children. Limits: entries, and bytes of each. */
const LONG_CACHED = 64
const MOST_LONG = 8192
const longCache: { readonly bytes: Buffer; readonly text: string }[] = []

function decodeLong(bytes: Uint8Array, from: number, to: number): string {
  let hash = to - from
  // the end differs most: there an environment has the program's own path
  for (let i = to - 16; i < to; i++) hash = Math.imul(hash, 31) + (bytes[i] as number)
  const slot = (hash >>> 0) % LONG_CACHED
  const before = longCache[slot]
  if (before !== undefined && before.bytes.compare(bytes, from, to) === 0) return before.text
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  const text = isAscii(view) ? latin1Slice.call(bytes, from, to) : decode(bytes, from, to)
  if (view.length <= MOST_LONG) longCache[slot] = { bytes: Buffer.from(view), text }
  return text
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  let i = from
  while (i < to && (bytes[i] as number) < 128) i++
  if (i >= to) return latin1Slice.call(bytes, from, to)
  const buf = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
  try {
    return utf8.decode(buf)
  } catch {
    return decodeLossless(buf)
  }
}

function decodeLossless(buf: Buffer): string {
  let s = ''
  for (let i = 0; i < buf.length; ) {
    const n = utf8Length(buf, i)
    if (n === 0) s += String.fromCharCode(0xdc00 + (buf[i++] as number))
    else {
      s += buf.toString('utf8', i, i + n)
      i += n
    }
  }
  return s
}

/** Length of the valid UTF-8 sequence at i, 0 when there is none. */
function utf8Length(b: Buffer, i: number): number {
  const c = b[i] as number
  const n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0
  if (n === 0 || i + n > b.length) return 0
  try {
    utf8.decode(b.subarray(i, i + n))
    return n
  } catch {
    return 0
  }
}

/** The bytes from which decodeText produced the string. */
export function encodeText(s: string): Buffer {
  if (!/[\udc80-\udcff]/.test(s)) return Buffer.from(s)
  const parts: Buffer[] = []
  for (const piece of s.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/)) {
    const c = piece.charCodeAt(0)
    parts.push(piece.length === 1 && c >= 0xdc80 && c <= 0xdcff ? Buffer.from([c - 0xdc00]) : Buffer.from(piece))
  }
  return Buffer.concat(parts)
}
