// Messages in a connection that was captured completely: all are found, however the bytes were cut into calls.

import { describe, expect, test } from 'vitest'
import fc from '../../helpers/properties.js'
import { aRequest, aResponse, bytesOf, type Meant, type Piece, read } from './traffic.js'

const conversation = fc.array(aRequest, { minLength: 1, maxLength: 5 }).chain((requests) =>
  fc.record({
    requests: fc.constant(requests),
    responses: fc.tuple(...requests.map((r) => aResponse(r.first.split(' ')[0] as string))),
    cuts: fc.array(fc.integer({ min: 0, max: 4000 }), { maxLength: 40 }),
    pipelined: fc.boolean(),
  }),
)

function split(out: boolean, bytes: Buffer, cuts: readonly number[]): Piece[] {
  const places = [...new Set([0, ...cuts.map((c) => c % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  return places.slice(1).map((to, i) => ({ out, data: bytes.subarray(places[i], to) }))
}

const meantTo = (m: Meant) => ({
  first: m.first,
  length: m.body.length,
  body: m.body.toString('latin1'),
  complete: true,
})

describe('a conversation', () => {
  test('is parsed in the same way however its bytes are cut into calls', () => {
    fc.assert(
      fc.property(conversation, ({ requests, responses, cuts, pipelined }) => {
        const pieces: Piece[] = []
        if (pipelined) {
          pieces.push(...split(true, Buffer.concat(requests.map(bytesOf)), cuts))
          pieces.push(...split(false, Buffer.concat(responses.flat().map(bytesOf)), cuts))
        } else
          requests.forEach((r, i) => {
            pieces.push(...split(true, bytesOf(r), cuts))
            pieces.push(...split(false, Buffer.concat((responses[i] as Meant[]).map(bytesOf)), cuts))
          })
        const seen = read(pieces)
        const asked = seen.filter((s) => !s.first.startsWith('HTTP/'))
        const answered = seen.filter((s) => s.first.startsWith('HTTP/'))
        expect(asked).toMatchObject(requests.map((r) => ({ ...meantTo(r), client: true })))
        expect(answered).toMatchObject(
          responses.flatMap((list, i) =>
            list.map((r) => ({ ...meantTo(r), answers: (requests[i] as Meant).first, client: true })),
          ),
        )
        asked.forEach((s, i) => {
          expect(s.headers.slice(0, requests[i]?.headers.length)).toEqual(requests[i]?.headers)
        })
      }),
      { numRuns: 300 },
    )
  })
})

const text = (out: boolean, s: string): Piece => ({ out, data: Buffer.from(s) })

test('a server reads requests and sends responses', () => {
  const seen = read([text(false, 'GET /a HTTP/1.0\r\n\r\n'), text(true, 'HTTP/1.0 200 OK\r\n\r\nuntil the end')])
  expect(seen).toMatchObject([
    { first: 'GET /a HTTP/1.0', client: false },
    { first: 'HTTP/1.0 200 OK', body: 'until the end', complete: true, answers: 'GET /a HTTP/1.0' },
  ])
})

test('line feeds alone, folded headers and blank lines between messages are accepted', () => {
  const seen = read([text(true, '\r\n\nGET / HTTP/1.1\nHost: a\nX-Long: one\n two\n\nGET /2 HTTP/1.1\n\n')])
  expect(seen).toMatchObject([
    {
      first: 'GET / HTTP/1.1',
      headers: [
        ['Host', 'a'],
        ['X-Long', 'one two'],
      ],
    },
    { first: 'GET /2 HTTP/1.1' },
  ])
})

test('data after an upgrade and after CONNECT are not HTTP', () => {
  const upgrade = read([
    text(true, 'GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    text(false, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nGET /no HTTP/1.1\r\n\r\n'),
    text(true, 'GET /neither HTTP/1.1\r\n\r\n'),
  ])
  expect(upgrade.map((s) => s.first)).toEqual(['GET /chat HTTP/1.1', 'HTTP/1.1 101 Switching Protocols'])
  const connect = read([
    text(true, 'CONNECT a:443 HTTP/1.1\r\n\r\n'),
    text(false, 'HTTP/1.1 200 Established\r\n\r\n'),
    text(true, 'GET /hidden HTTP/1.1\r\n\r\n'),
  ])
  expect(connect.map((s) => s.first)).toEqual(['CONNECT a:443 HTTP/1.1', 'HTTP/1.1 200 Established'])
})

test('a refused CONNECT continues as HTTP', () => {
  const seen = read([
    text(true, 'CONNECT a:443 HTTP/1.1\r\n\r\n'),
    text(false, 'HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno'),
    text(true, 'GET /x HTTP/1.1\r\n\r\n'),
  ])
  expect(seen.map((s) => s.first)).toEqual(['CONNECT a:443 HTTP/1.1', 'HTTP/1.1 407 No', 'GET /x HTTP/1.1'])
})

test('bytes of a body beyond the limit are counted, not retained', () => {
  const [request] = read([text(true, `POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`)], 100)
  expect(request).toMatchObject({ body: 'x'.repeat(100), length: 1000, complete: true })
})
