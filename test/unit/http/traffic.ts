// HTTP traffic for tests: messages, their bytes, and the messages that a connection finds in bytes.

import { Connection, type Exchange, type Message } from '../../../src/http/index.js'
import fc from '../../helpers/properties.js'

export interface Meant {
  first: string
  headers: [string, string][]
  body: Buffer
  coding: 'none' | 'length' | 'chunked'
  chunks: number[]
  trailer: boolean
}

export function bytesOf(m: Meant): Buffer {
  const headers = [...m.headers]
  if (m.coding === 'length') headers.push(['Content-Length', String(m.body.length)])
  if (m.coding === 'chunked') headers.push(['Transfer-Encoding', 'chunked'])
  const head = `${m.first}\r\n${headers.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`
  const parts: Buffer[] = [Buffer.from(head)]
  if (m.coding === 'length') parts.push(m.body)
  if (m.coding === 'chunked') {
    let at = 0
    for (const size of [...m.chunks, m.body.length]) {
      const to = Math.min(m.body.length, at + size)
      if (to > at)
        parts.push(Buffer.from(`${(to - at).toString(16)};x=1\r\n`), m.body.subarray(at, to), Buffer.from('\r\n'))
      at = to
    }
    parts.push(Buffer.from(m.trailer ? '0\r\nDigest: x\r\n\r\n' : '0\r\n\r\n'))
  }
  return Buffer.concat(parts)
}

const header = fc.tuple(
  fc.stringMatching(/^X-[A-Za-z]{1,8}$/),
  fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/),
) as fc.Arbitrary<[string, string]>

const body = fc.record({
  headers: fc.array(header, { maxLength: 4 }),
  body: fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b)),
  chunks: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }),
  trailer: fc.boolean(),
})

/** Requests of any method but CONNECT. */
export const aRequest: fc.Arbitrary<Meant> = fc
  .record({
    rest: body,
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'M-SEARCH', 'X'),
    target: fc.stringMatching(/^\/[!-~]{0,40}$/),
    coding: fc.constantFrom('none', 'length', 'chunked'),
  })
  .map(({ rest, method, target, coding }) => ({
    ...rest,
    first: `${method} ${target} HTTP/1.1`,
    coding: coding as Meant['coding'],
    body: coding === 'none' ? Buffer.alloc(0) : rest.body,
  }))

/** A response that may follow a request of that method, with interim ones before it. */
export function aResponse(method: string): fc.Arbitrary<Meant[]> {
  return fc
    .record({
      rest: body,
      status: fc.constantFrom(200, 201, 204, 304, 404, 500),
      coding: fc.constantFrom('length', 'chunked'),
      interim: fc.constantFrom<readonly number[]>([], [100], [102, 103]),
    })
    .map(({ rest, status, coding, interim }) => {
      const bare = method === 'HEAD' || status === 204 || status === 304
      const last: Meant = {
        ...rest,
        first: `HTTP/1.1 ${status} Some reason`,
        coding: bare ? 'none' : (coding as Meant['coding']),
        headers: bare && status !== 204 ? [...rest.headers, ['Content-Length', '12345']] : rest.headers,
        body: bare ? Buffer.alloc(0) : rest.body,
      }
      const none: Meant = { first: '', headers: [], body: Buffer.alloc(0), coding: 'none', chunks: [], trailer: false }
      return [...interim.map((n) => ({ ...none, first: `HTTP/1.1 ${n} Wait` })), last]
    })
}

export interface Piece {
  out: boolean
  data: Buffer
  /** the number of its captured bytes */
  seen?: number
}

export interface Seen {
  first: string
  headers: [string, string][]
  body: string
  length: number
  complete: boolean
  headCut: boolean
  client: boolean
  answers: string | undefined
}

export const firstOf = (m: Message): string =>
  m.kind === 'request'
    ? `${m.method} ${m.target} HTTP/${m.version ?? '?'}`
    : `HTTP/${m.version} ${m.status} ${m.reason}`.trimEnd()

/** All messages in the order of their ends. */
export function read(pieces: readonly Piece[], bodyLimit = 1 << 16): Seen[] {
  const seen: Seen[] = []
  const end = (m: Message, x: Exchange) =>
    seen.push({
      first: firstOf(m),
      headers: m.headers.map((h) => [h.name, h.value]),
      body: Buffer.from(m.body.content).toString('latin1'),
      length: m.body.length,
      complete: m.complete,
      headCut: m.headCut,
      client: x.client,
      answers: m.kind === 'response' && x.request !== undefined ? firstOf(x.request) : undefined,
    })
  const c = new Connection({ end }, bodyLimit)
  for (const [i, p] of pieces.entries()) c.push(p.out, p.data.subarray(0, p.seen ?? p.data.length), p.data.length, i)
  c.close(undefined, pieces.length)
  return seen
}
