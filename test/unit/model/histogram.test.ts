// Percentiles.

import { expect, test } from 'vitest'
import { Histogram } from '../../../src/model/histogram.js'
import fc from '../../helpers/properties.js'

test('a percentile is within 3 % of the exact one, whatever the values and their frequencies', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 ** 46 }), fc.maxSafeNat())
  const times = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, times), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0, 0.01, 0.5, 0.9, 0.99, 1),
      (all, p) => {
        const h = new Histogram()
        for (const [v, n] of all) h.add(v, n)
        const each = all.flatMap(([v, n]) => Array<number>(n).fill(v)).sort((a, b) => a - b)
        expect(h.count).toBe(each.length)
        const exact = each[Math.max(1, Math.ceil(p * each.length)) - 1] as number
        expect(Math.abs((h.percentile(p) as number) - exact)).toBeLessThanOrEqual(exact * 0.03125)
      },
    ),
  )
  expect(new Histogram().percentile(0.5)).toBeUndefined()
})

test('negative, huge and invalid values do not break a percentile', () => {
  const h = new Histogram()
  for (const v of [-5, Number.NaN, 1e300, 7]) h.add(v)
  expect(h.percentile(0.25)).toBeLessThanOrEqual(7)
  expect(h.percentile(1)).toBe(1e300)
})

test('every value is counted from the power of two that it belongs to', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 100 }),
      (all) => {
        const h = new Histogram()
        for (const v of all) h.add(v)
        const powers = h.doublings()
        for (const { power, count } of powers)
          expect(count).toBe(all.filter((v) => v >= 2 ** power && v < 2 ** (power + 1)).length)
        expect([powers[0]?.count, powers.at(-1)?.count]).not.toContain(0)
        expect(powers.reduce((n, b) => n + b.count, 0)).toBe(all.length)
      },
    ),
  )
})
