// Descriptors by number behave like a Map, whatever the numbers.

import { expect, test } from 'vitest'
import { Fd } from '../../../src/model/fd.js'
import { FdMap } from '../../../src/model/fd-map.js'
import fc from '../../helpers/properties.js'

const number = fc.oneof(fc.nat(5), fc.constantFrom(30, 60, 130, 255, 1023, 1024, 1_000_000, -1, 2 ** 32 + 3))
const step = fc.tuple(fc.constantFrom('set', 'delete', 'copy'), number)

test('a value is found at its number until it is removed; copies are independent', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let map = new FdMap()
      let model = new Map<number, Fd>()
      const left: [FdMap, Map<number, Fd>][] = []
      for (const [what, num] of steps) {
        if (what === 'copy') {
          left.push([map, model])
          map = map.copy()
          model = new Map(model)
        } else if (what === 'set') {
          const fd = new Fd(num, 'file', `/${num}`)
          map.set(num, fd)
          model.set(num, fd)
        } else {
          map.delete(num)
          model.delete(num)
        }
        expect(map.get(num)).toBe(model.get(num))
        expect(map.has(num)).toBe(model.has(num))
      }
      for (const [a, b] of [...left, [map, model] as const]) {
        expect(a.size).toBe(b.size)
        expect(new Set(a.values())).toEqual(new Set(b.values()))
      }
    }),
  )
})
