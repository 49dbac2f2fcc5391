// Sets of values that represent the bounds of a filter, compared with plain membership.

import { expect, test } from 'vitest'
import {
  complement,
  contains,
  EVERYTHING,
  intersection,
  isEmpty,
  isEverything,
  only,
  union,
  type ValueSet,
} from '../../../src/filter/planners/value-set.js'
import fc from '../../helpers/properties.js'

const UNIVERSE = ['a', 'b', 'c', undefined, 'never named']
const set: fc.Arbitrary<ValueSet<string>> = fc
  .tuple(fc.boolean(), fc.subarray(['a', 'b', 'c', undefined]))
  .map(([not, values]) => (not ? complement(only(values)) : only(values)))

const members = (s: ValueSet<string>) => UNIVERSE.filter((v) => contains(s, v))

test('union, intersection and complement are those of sets', () => {
  fc.assert(
    fc.property(set, set, (a, b) => {
      expect(members(intersection(a, b))).toEqual(UNIVERSE.filter((v) => contains(a, v) && contains(b, v)))
      expect(members(union(a, b))).toEqual(UNIVERSE.filter((v) => contains(a, v) || contains(b, v)))
      expect(members(complement(a))).toEqual(UNIVERSE.filter((v) => !contains(a, v)))
      expect(isEmpty(a)).toBe(members(a).length === 0)
      expect(isEverything(a)).toBe(members(a).length === UNIVERSE.length)
    }),
    { numRuns: 400 },
  )
})

test('a set that is too large only becomes larger', () => {
  const some = (from: number, to: number) => only(Array.from({ length: to - from }, (_, i) => from + i))
  const kept = (s: ValueSet<number>) => [s.not, s.values.size]
  expect(kept(union(some(0, 300), some(300, 512)))).toEqual([false, 512])
  expect(union(some(0, 300), some(300, 513))).toBe(EVERYTHING)
  expect(intersection(some(0, 513), EVERYTHING)).toBe(EVERYTHING)
  expect(intersection(EVERYTHING, some(0, 513))).toBe(EVERYTHING)
  expect(kept(intersection(some(0, 512), EVERYTHING))).toEqual([false, 512])
  expect(kept(intersection(some(0, 600), some(100, 200)))).toEqual([false, 100])
  const but = intersection(complement(some(0, 300)), complement(some(300, 600)))
  expect(kept(but)).toEqual([true, 512])
  expect([contains(but, 5), contains(but, 599), contains(but, 600)]).toEqual([false, true, true])
})
