import { expect, test } from 'vitest'
import { visible } from '../../../src/cli/output/visible.js'
import { clean } from '../../../src/model/sanitize.js'
import { decodeText, encodeText } from '../../../src/model/text.js'
import { escapeText, jsonText } from '../../../src/render/escape.js'
import fc from '../../helpers/properties.js'

test('control characters and escapes are shown, ordinary text is unchanged', () => {
  expect(escapeText('/tmp/a\nb\t\x1b[31m')).toBe('/tmp/a\\nb\\t\\x1b[31m')
  expect(escapeText('\x9b31m\x7f\r')).toBe('\\x9b31m\\x7f\\r')
  expect(escapeText('Grüße 日本 🙂 a\\b')).toBe('Grüße 日本 🙂 a\\b')
})

test('text cannot change the writing direction', () => {
  expect(escapeText('a\u202egnp.exe\u2069')).toBe('a\\u202egnp.exe\\u2069')
})

test('invisible characters are shown, in text, JSON, messages and the UI alike; letters of all scripts are unchanged', () => {
  const hidden = [0xad, 0x34f, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e, 0x2060, 0x3164, 0xfe0f, 0xfeff, 0xfff9]
  for (const code of [...hidden, 0x1d173, 0xe0001, 0xe0041, 0xe01ef]) {
    const c = String.fromCodePoint(code)
    const number = code < 256 ? /^a\\x[0-9a-f]{2}b$/ : code > 0xffff ? /^a\\u\{[0-9a-f]+\}b$/ : /^a\\u[0-9a-f]{4}b$/
    expect(escapeText(`a${c}b`)).toMatch(number)
    expect(visible(`a${c}b`)).toBe(escapeText(`a${c}b`))
    expect(clean(`a${c}b`)).toBe('a\ufffdb')
    const json = jsonText(`a${c}b`)
    expect(json).toMatch(/^"[ -~]+"$/)
    expect(JSON.parse(json)).toBe(`a${c}b`)
  }
  for (const text of ['žluťoučký', 'नमस्ते', 'สวัสดี', 'שלום', '한국어', '𝒳 🙂']) {
    expect(escapeText(text)).toBe(text)
    expect(visible(text)).toBe(text)
    expect(clean(text)).toBe(text)
  }
})

test('bytes that are not UTF-8 are shown as they are', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x62, 0xc3])
  expect(escapeText(decodeText(bytes, 0, bytes.length))).toBe('a\\xff\\xfeb\\xc3')
})

test('whatever the input, the output contains nothing that a terminal would execute', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const out = escapeText(decodeText(bytes, 0, bytes.length))
      expect(out).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/)
      expect(out.isWellFormed()).toBe(true)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (s) => {
      expect(escapeText(escapeText(s))).toBe(escapeText(s))
    }),
  )
})

test('a long text is escaped correctly, also after others that differ in one byte only', () => {
  const one = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
  fc.assert(
    fc.property(
      fc.integer({ min: 193, max: 9000 }),
      fc.array(one, { minLength: 1, maxLength: 5 }),
      (length, changes) => {
        const bytes = new Uint8Array(length + 2).fill(97)
        for (const { at, value } of changes) {
          bytes[1 + (at % length)] = value
          const text = decodeText(bytes, 1, 1 + length)
          expect(Buffer.compare(encodeText(text), bytes.slice(1, 1 + length))).toBe(0)
          expect(decodeText(bytes, 1, 1 + length)).toBe(text)
        }
      },
    ),
    { numRuns: 50 },
  )
})
