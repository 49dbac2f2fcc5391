// Texts of numbers are cached in a few slots: whatever the numbers are, each has its own text.

import { expect, test } from 'vitest'
import { NumberTextCache } from '../../../src/render/bytes/number-text-cache.js'
import { shapeText } from '../../../src/render/structs/writer.js'
import { struct, text, u32 } from '../../../src/schema/shape.js'
import fc from '../../helpers/properties.js'

test('a number that uses the same slot as another one has its own text', () => {
  const kept = new NumberTextCache()
  const half = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer())
  fc.assert(
    fc.property(half, half, (low, high) => {
      const own = `${low}/${high}`
      const encoded = kept.find(low, high) ?? kept.add(low, high, own)
      expect(Buffer.from(encoded.bytes.subarray(0, encoded.length)).toString()).toBe(own)
    }),
    { numRuns: 3000 },
  )
  expect(new NumberTextCache().find(0, 0)).toBeUndefined()
})

test('text within a structure is printed as recorded, with quotes escaped, without what is truncated', () => {
  const shape = struct({ id: u32, name: text(8) })
  const bytes = Uint8Array.from([7, 0, 0, 0, 0x61, 0x22, 0xff, 0x1b, 0xc3, 0xa9, 0, 0])
  const view = new DataView(bytes.buffer)
  expect(shapeText(view, shape, 0, 12)).toBe('{id=7, name="a\\"\udcff\x1bé"}')
  expect(shapeText(view, shape, 0, 5)).toBe('{id=7, name="a"}')
  expect(shapeText(view, shape, 0, 3)).toBe('{}')
  expect(shapeText(view, shape, 0, 0)).toBeUndefined()
})
