// Any bytes, in any pieces, with any gaps: the reader of HTTP neither fails nor invents bytes.

import { expect, test, vi } from 'vitest'
import fc from '../helpers/properties.js'
import { aRequest, bytesOf, type Piece, read } from '../unit/http/traffic.js'
import { SEED, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const word = fc
  .constantFrom(
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
    '\r\n',
    '\n',
    'Content-Length: 10\r\n',
    'Transfer-Encoding: chunked\r\n',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'fffffffffff\r\n',
    'Upgrade: x\r\n',
    'HTTP/1.1 101 Go\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'CONNECT a HTTP/1.1\r\n',
    'HEAD / HTTP/1.1\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ': \r\n',
    ' \r\n',
  )
  .map((s) => Buffer.from(s))

const stuff = fc.oneof(
  word,
  fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b)),
  aRequest.map(bytesOf),
)

const piece: fc.Arbitrary<Piece> = fc
  .record({ out: fc.boolean(), parts: fc.array(stuff, { maxLength: 4 }), hole: fc.integer({ min: 0, max: 40 }) })
  .map(({ out, parts, hole }) => {
    const data = Buffer.concat(parts)
    return { out, data, seen: Math.max(0, data.length - hole) }
  })

test('bodies are never longer than the transferred data', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const passed = pieces.reduce((n, p) => n + p.data.length, 0)
      const seen = read(pieces, 1000)
      expect(seen.reduce((n, s) => n + s.length, 0)).toBeLessThanOrEqual(passed)
      for (const s of seen) expect(s.body.length).toBeLessThanOrEqual(1000)
    }),
    { numRuns: 2000 * TIMES, seed: SEED },
  )
})
