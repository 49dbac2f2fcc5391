// Percentiles, numbers of different values, and cells as text.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Distinct, EXACT } from '../../../src/table/distinct.js'
import { cellText } from '../../../src/table/index.js'
import { Quantiles } from '../../../src/table/quantiles.js'

test('a percentile is within 3 % of the exact one, whatever the values', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 ** 46 }))
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
      (all, p) => {
        const q = new Quantiles()
        for (const v of all) q.add(v)
        const exact = [...all].sort((a, b) => a - b)[Math.max(1, Math.ceil(p * all.length)) - 1] as number
        expect(Math.abs((q.at(p) as number) - exact)).toBeLessThanOrEqual(exact * 0.03125)
      },
    ),
  )
})

test('values that are negative, huge or no numbers do not break a percentile', () => {
  const q = new Quantiles()
  for (const v of [-5, Number.NaN, 1e300, 7]) q.add(v)
  expect(q.at(0.25)).toBeLessThanOrEqual(7)
  expect(q.at(1)).toBe(1e300)
})

test('different values are counted exactly up to a limit and estimated to 5 % beyond', () => {
  const d = new Distinct()
  for (let i = 0; i < EXACT; i++) {
    d.add(`v${i}`)
    d.add(`v${i}`)
  }
  expect(d.count).toBe(EXACT)
  for (const n of [5000, 40_000, 200_000]) {
    for (let i = 0; i < n; i++) d.add(`v${i}`)
    expect(Math.abs(d.count - n) / n).toBeLessThan(0.05)
  }
})

test.each([
  [512, 'bytes', '512B'],
  [1536, 'bytes', '1.50K'],
  [131 * 1024 * 1024, 'bytes', '131M'],
  [80_120_000, 'time', '80ms'],
  [1_234_567, 'time', '1.23ms'],
  [950, 'time', '950ns'],
  [12.345, 'percent', '12.35'],
  [5e8, 'timepct', '50.00'],
  [7, 'count', '7'],
  [undefined, 'bytes', ''],
  ['nginx', 'text', 'nginx'],
] as const)('%s as %s is %s', (value, unit, text) => {
  expect(cellText(value, { unit })).toBe(text)
})
