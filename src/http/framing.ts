// How long a body is, from the head of its message (RFC 9112, section 6).
import { headerList, type Message } from './message.js'

/**
 * unframed: the end cannot be determined; close: the body lasts until the connection is closed; tunnel: no longer HTTP.
 */
export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'close' | 'unframed' | 'tunnel' }
  | { readonly kind: 'length'; readonly length: number }

const NONE: Framing = { kind: 'none' }
const UNFRAMED: Framing = { kind: 'unframed' }

/** `method`: the method of the request that a response answers, if known. */
export function framingOf(m: Message, method: string | undefined): Framing {
  if (m.kind === 'request') {
    if (m.method === 'PRI') return { kind: 'tunnel' }
  } else {
    if (m.status === 101 || (method === 'CONNECT' && m.status >= 200 && m.status < 300)) return { kind: 'tunnel' }
    if (m.status < 200 || m.status === 204 || m.status === 304 || method === 'HEAD') return NONE
  }
  if (m.headCut) return UNFRAMED
  const coding = headerList(m, 'transfer-encoding')
  if (coding !== undefined) {
    if (/(?:^|,)\s*chunked\s*$/i.test(coding)) return { kind: 'chunked' }
    return m.kind === 'request' ? UNFRAMED : { kind: 'close' }
  }
  const length = headerList(m, 'content-length')
  if (length === undefined) return m.kind === 'request' ? NONE : { kind: 'close' }
  return lengthOf(length)
}

/** Content-Length, which may be repeated with the same value. */
function lengthOf(text: string): Framing {
  const values = text.split(',').map((v) => v.trim())
  const first = values[0] as string
  if (!/^\d{1,15}$/.test(first) || values.some((v) => v !== first)) return UNFRAMED
  const length = Number(first)
  return length === 0 ? NONE : { kind: 'length', length }
}
