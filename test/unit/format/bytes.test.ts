import { expect, test } from 'vitest'
import { Fd } from '../../../src/model/fd.js'
import { SocketPart } from '../../../src/model/fd-socket.js'
import { resolvePath } from '../../../src/model/paths.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import { TextCache } from '../../../src/render/bytes/text-cache.js'
import { escapeText, jsonText } from '../../../src/render/escape.js'
import fc from '../../helpers/properties.js'

test('a text written between quotes is valid JSON for this text, wherever quotes and backslashes are', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\t', 'é', '!', '#', '[', ']') }), (text) => {
      const out = new ByteWriter(16)
      out.trusted('abc')
      const start = out.openQuote()
      out.trusted(text)
      out.closeQuote(start)
      expect(JSON.parse(out.toString().slice(3))).toBe(text)
    }),
  )
})

test('written bytes can be repeated, also if the writer had to grow', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, text) => {
      const out = new ByteWriter(8)
      out.text(before)
      const at = out.length
      out.text(text)
      out.repeat(at, out.length - at)
      expect(out.toString()).toBe(escapeText(before) + escapeText(text).repeat(2))
    }),
  )
})

test('an epoch ends when bytes are moved or dropped, and no two writers share one', () => {
  const out = new ByteWriter()
  const epochs = [out.epoch, new ByteWriter().epoch]
  out.trusted('x')
  out.cut(0)
  epochs.push(out.epoch)
  const start = out.openQuote()
  out.trusted('say "x"')
  out.closeQuote(start)
  epochs.push(out.epoch)
  out.clear()
  epochs.push(out.epoch)
  expect(new Set(epochs).size).toBe(5)
})

test('cached texts print the same as uncached ones, in any order', () => {
  const cached = new TextCache(jsonText)
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', 'cat', 'a "b"', 'tab\t', '\x1b[31m')), (texts) => {
      for (const text of texts) {
        const out = new ByteWriter()
        out.encoded(cached.encodedText(text))
        expect(JSON.parse(out.toString())).toBe(text)
      }
    }),
  )
})

test('a descriptor at another number is the same file in all other respects', () => {
  const fd = new Fd(3, 'ipv4', 'name')
  const ofSockets = Object.getOwnPropertyDescriptors(SocketPart.prototype) as Record<string, PropertyDescriptor>
  const keys = [
    ...Object.keys(fd).filter((k) => !['num', 'type', 'known', 'shared', 'socket', 'late'].includes(k)),
    ...Object.keys(ofSockets).filter((k) => ofSockets[k]?.set !== undefined),
  ]
  expect(keys).toContain('remoteIp')
  const values = (of: Fd) => keys.map((k) => (of as unknown as Record<string, unknown>)[k])
  keys.forEach((key, i) => {
    ;(fd as unknown as Record<string, unknown>)[key] = i + 100
  })
  expect(values(fd.at(7))).toEqual(keys.map((_, i) => i + 100))
  expect({ ...fd.at(7) }).toMatchObject({ num: 7, type: 'ipv4', known: 'name' })
})

test('names that begin with dots are unchanged, dots and double slashes are resolved', () => {
  expect(resolvePath('/home/.cache', 'x/.y/..z/...')).toBe('/home/.cache/x/.y/..z/...')
  expect(resolvePath('/a/b', '../c')).toBe('/a/c')
  expect(resolvePath('/a', 'b/..')).toBe('/a')
  expect(resolvePath('/a', './b/')).toBe('/a/b')
  expect(resolvePath('/a', 'b//c')).toBe('/a/b/c')
  const unknown = ['./x', 'a/./b//c/', 'a/../b', '../x', '../../a/../x', 'a/..', '.', '..', 'a.b/..c', '']
  const straight = ['x', 'a/b/c', 'b', '../x', '../../x', '.', '.', '..', 'a.b/..c', '']
  expect(unknown.map((path) => resolvePath('', path))).toEqual(straight)
})
