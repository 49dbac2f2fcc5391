// Connections that were captured in part: calls cut by the snaplen, a start in the middle, data that are not HTTP.

import { describe, expect, test } from 'vitest'
import fc from '../../helpers/properties.js'
import { type Piece, read } from './traffic.js'

const text = (out: boolean, s: string, seen?: number): Piece => ({
  out,
  data: Buffer.from(s),
  ...(seen === undefined ? {} : { seen }),
})

describe('calls of which only the first bytes were captured', () => {
  test('messages after a body with a length are found, and its bytes are counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 80, max: 2000 }),
        fc.integer({ min: 1, max: 3000 }),
        (sizes, snaplen, call) => {
          const pieces: Piece[] = []
          sizes.forEach((size, i) => {
            const head = `PUT /${i} HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n`
            const all = Buffer.from(head + 'z'.repeat(size))
            for (let at = 0; at < all.length; ) {
              const data = all.subarray(at, at + (at === 0 ? Math.max(call, head.length) : call))
              pieces.push({ out: true, data, seen: Math.min(snaplen, data.length) })
              at += data.length
            }
          })
          const seen = read(pieces)
          expect(seen).toMatchObject(
            sizes.map((length, i) => ({ first: `PUT /${i} HTTP/1.1`, length, complete: true })),
          )
          for (const s of seen) expect(s.body).toMatch(/^z*$/)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('data sent without capture of its bytes, as by sendfile, belong to the body', () => {
    const seen = read([
      text(false, 'GET /file HTTP/1.1\r\n\r\n'),
      text(true, 'HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n'),
      { out: true, data: Buffer.alloc(50000), seen: 0 },
      text(false, 'GET /next HTTP/1.1\r\n\r\n'),
      text(true, 'HTTP/1.1 204 No Content\r\n\r\n'),
    ])
    expect(seen[1]).toMatchObject({ first: 'HTTP/1.1 200 OK', length: 50000, body: '', complete: true })
    expect(seen[3]).toMatchObject({ first: 'HTTP/1.1 204 No Content', answers: 'GET /next HTTP/1.1' })
  })

  test('a chunk whose end is missing is followed by the next chunk', () => {
    const big = `4000\r\n${'d'.repeat(0x4000)}\r\n`
    const seen = read([
      text(true, 'GET / HTTP/1.1\r\n\r\n'),
      text(false, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
      text(false, big, 100),
      text(false, `${big}0\r\n\r\n`, 100),
      text(true, 'GET /2 HTTP/1.1\r\n\r\n'),
      text(false, 'HTTP/1.1 204 No Content\r\n\r\n'),
    ])
    expect(seen[1]).toMatchObject({ first: 'HTTP/1.1 200 OK', length: 0x8000, complete: true })
    expect(seen[3]).toMatchObject({ answers: 'GET /2 HTTP/1.1' })
  })

  test('if the sizes of chunks are missing, the message ends as soon as the other side sends data', () => {
    const chunks = `10\r\n${'d'.repeat(16)}\r\n`.repeat(100)
    const seen = read([
      text(true, 'GET / HTTP/1.1\r\n\r\n'),
      text(false, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`, 100),
      text(false, chunks, 100),
      text(true, 'GET /2 HTTP/1.1\r\n\r\n'),
      text(false, 'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n'),
    ])
    expect(seen.map((s) => s.first)).toEqual([
      'GET / HTTP/1.1',
      'HTTP/1.1 200 OK',
      'GET /2 HTTP/1.1',
      'HTTP/1.1 201 Created',
    ])
    expect(seen[1]).toMatchObject({ complete: false })
    expect(seen[3]).toMatchObject({ answers: 'GET /2 HTTP/1.1' })
  })

  test('a truncated head is shown as far as it was captured', () => {
    const long = `GET /search?q=${'q'.repeat(500)} HTTP/1.1\r\nHost: a\r\n\r\n`
    const cookie = `GET /c HTTP/1.1\r\nHost: a\r\nCookie: ${'c'.repeat(500)}\r\n\r\n`
    const seen = read([
      text(true, long, 100),
      text(false, 'HTTP/1.1 204 Fine\r\n\r\n'),
      text(true, cookie, 100),
      text(false, 'HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n'),
    ])
    expect(seen[0]).toMatchObject({ first: `GET /search?q=${'q'.repeat(86)} HTTP/?`, headCut: true })
    expect(seen[2]).toMatchObject({ first: 'GET /c HTTP/1.1', headers: [['Host', 'a']], headCut: true })
    expect(seen.filter((s) => s.answers !== undefined).map((s) => s.first)).toEqual([
      'HTTP/1.1 204 Fine',
      'HTTP/1.1 404 Not here',
    ])
  })
})

test('a capture that begins in the middle of a body finds the next message', () => {
  const seen = read([
    text(false, 'the rest of something, GET / HTTP/1.1\r\n\r\n'),
    text(false, '\0\x01\xff binary'),
    text(true, 'GET /now HTTP/1.1\r\n\r\n'),
    text(false, 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes'),
  ])
  expect(seen.map((s) => s.first)).toEqual(['GET /now HTTP/1.1', 'HTTP/1.1 200 OK'])
})

test('a response without a captured request has none', () => {
  expect(read([text(false, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')])).toMatchObject([
    { first: 'HTTP/1.1 200 OK', answers: undefined, client: true },
  ])
})

test('data of other protocols are not messages', () => {
  const others = [
    'PING\r\n',
    '*1\r\n$4\r\nPING\r\n',
    'EHLO mail\r\n',
    'SSH-2.0-OpenSSH_9\r\n',
    'HTTP/1.1 banana\r\n\r\n',
    '\x16\x03\x01\x02\0\x01',
  ]
  for (const s of others) expect(read([text(true, s), text(false, s)])).toEqual([])
})

test('an endless head is dropped, not retained in memory', () => {
  const endless = Array.from({ length: 300 }, (_, i) =>
    text(true, i === 0 ? 'GET / HTTP/1.1\r\n' : `X-A: ${'a'.repeat(2000)}\r\n`),
  )
  const [m] = read(endless)
  expect(m).toMatchObject({ first: 'GET / HTTP/1.1', headCut: true })
  expect(JSON.stringify(m?.headers).length).toBeLessThan(200_000)
})

test.each([
  ['two lengths that differ', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
  ['a length that is no number', 'Content-Length: -5\r\n'],
  ['a length beyond all', 'Content-Length: 99999999999999999999\r\n'],
  ['chunks that are none', 'Transfer-Encoding: chunked\r\n'],
])('the next message is found after %s', (_, header) => {
  const seen = read([
    text(true, `POST /a HTTP/1.1\r\n${header}\r\nhello`),
    text(false, 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    text(true, 'GET /b HTTP/1.1\r\n\r\n'),
  ])
  expect(seen.map((s) => s.first)).toEqual(['POST /a HTTP/1.1', 'HTTP/1.1 400 Bad Request', 'GET /b HTTP/1.1'])
})
