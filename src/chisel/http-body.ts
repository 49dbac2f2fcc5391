// Bodies of HTTP messages as lines of text.
import { brotliDecompressSync, constants, unzipSync } from 'node:zlib'
import { type Gap, headerOf, type Message } from '../http/index.js'
import { decodeText } from '../model/text.js'

/** Maximum size of a decompressed body (bytes). */
const MAX_UNPACKED = 1 << 20

/**
 * The first `limit` bytes of the body as lines, without transfer and content coding. Lines in brackets replace bytes that are
 * not text or were not captured.
 */
export function bodyText(m: Message, limit: number): string[] {
  const { content, gaps, length } = m.body
  if (length === 0) return []
  const coding = headerOf(m, 'content-encoding')?.toLowerCase()
  if (coding !== undefined && coding !== 'identity') {
    const plain = content.length === 0 ? undefined : unpack(content, coding)
    if (plain === undefined) return [`[${length} bytes, ${coding}]`]
    const more = gaps.length > 0 || plain.length > limit
    return [...lines(plain.subarray(0, limit)), ...(more ? [`[cut; ${length} bytes, ${coding}]`] : [])]
  }
  if (!isText(content)) return [`[${length} bytes that are no text]`]
  const out: string[] = []
  let at = 0
  for (const gap of gaps) {
    out.push(...lines(content.subarray(at, gap.at)), missing(gap))
    at = gap.at
  }
  out.push(...lines(content.subarray(at)))
  return out
}

function missing(gap: Gap): string {
  return `[${gap.length} bytes more]`
}

/** undefined for an unknown coding, or if the bytes are not of that coding. A stream may end early. */
function unpack(b: Uint8Array, coding: string): Uint8Array | undefined {
  try {
    const maxOutputLength = MAX_UNPACKED
    if (coding === 'gzip' || coding === 'x-gzip' || coding === 'deflate')
      return unzipSync(b, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH })
    if (coding === 'br')
      return brotliDecompressSync(b, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH })
  } catch {
    // damaged, or too large
  }
  return undefined
}

function lines(b: Uint8Array): string[] {
  if (b.length === 0) return []
  if (!isText(b)) return [`[${b.length} bytes that are no text]`]
  const text = decodeText(b, 0, b.length).replace(/\r\n/g, '\n')
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** Text has no NUL, and hardly any control characters. */
function isText(b: Uint8Array): boolean {
  let odd = 0
  for (let i = 0; i < b.length; i++) {
    const c = b[i] as number
    if (c === 0) return false
    if (c < 32 && c !== 9 && c !== 10 && c !== 13) odd++
  }
  return odd * 20 <= b.length
}
