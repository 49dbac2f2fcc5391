// Bodies of messages as lines: text, compressed text, data that are not text, missing data.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bodyText } from '../../../src/chisel/http-body.js'
import { Connection, type Message } from '../../../src/http/index.js'

/** A request with that body, of which the first `seen` bytes were captured. */
function message(body: Buffer, headers = '', seen = body.length): Message {
  let found: Message | undefined
  const c = new Connection(
    {
      end: (m) => {
        found = m
      },
    },
    10_000,
  )
  const head = Buffer.from(`POST / HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`)
  c.push(true, head, head.length, 0)
  c.push(true, body.subarray(0, seen), body.length, 1)
  c.close(undefined, 2)
  if (found === undefined) throw new Error('no message')
  return found
}

test('text is shown as its lines', () => {
  expect(bodyText(message(Buffer.from('one\r\ntwo\n\nfour\n')), 1000)).toEqual(['one', 'two', '', 'four'])
})

test('an empty body has no lines', () => {
  expect(bodyText(message(Buffer.alloc(0)), 1000)).toEqual([])
})

test('data that are not text are shown as a number of bytes', () => {
  expect(bodyText(message(Buffer.from([0, 1, 2, 255])), 1000)).toEqual(['[4 bytes that are no text]'])
})

test('missing bytes are marked at their position', () => {
  expect(bodyText(message(Buffer.from('seen and unseen'), '', 4), 1000)).toEqual(['seen', '[11 bytes more]'])
})

describe('a compressed body is decompressed', () => {
  const text = 'some text that repeats, some text that repeats\n'.repeat(20)
  test.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
  ])('%s', (coding, packed) => {
    const m = message(packed, `Content-Encoding: ${coding}\r\n`)
    expect(bodyText(m, 10_000)).toEqual(text.trimEnd().split('\n'))
  })

  test('is decompressed as far as it was captured', () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 2000 }, (_, i) => `line ${(i * 7919) % 2003}\n`).join('')))
    const lines = bodyText(message(packed, 'Content-Encoding: gzip\r\n', 400), 10_000)
    expect(lines[0]).toBe('line 0')
    expect(lines.at(-1)).toBe(`[cut; ${packed.length} bytes, gzip]`)
  })

  test('is counted if it is damaged or in another format', () => {
    expect(bodyText(message(Buffer.from('not packed'), 'Content-Encoding: gzip\r\n'), 100)).toEqual([
      '[10 bytes, gzip]',
    ])
    expect(bodyText(message(Buffer.from('what?'), 'Content-Encoding: rot13\r\n'), 100)).toEqual(['[5 bytes, rot13]'])
  })

  test('a small body that would expand to a huge one is not decompressed', () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const m = message(bomb.subarray(0, 9000), 'Content-Encoding: gzip\r\n')
    expect(bodyText(m, 100)).toEqual(['[9000 bytes, gzip]'])
  })
})
