// Numbers of different values, and cells as text.
import { expect, test } from 'vitest'
import { accumulator } from '../../../src/table/accumulators.js'
import { Distinct, EXACT } from '../../../src/table/distinct.js'
import { cellText } from '../../../src/table/index.js'

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

test('values of any type are distinguished', () => {
  const d = new Distinct()
  const bytes = (text: string) => new TextEncoder().encode(text)
  for (const v of ['1', 1, 1n, true, bytes('ab'), bytes('ab'), ['a', 'b'], ['a', 'b'], ['a', 'b', '']]) d.add(v)
  expect(d.count).toBe(7)
  d.add(bytes('ac'))
  expect(d.count).toBe(8)
})

test.each([
  ['numbers', (i: number) => i],
  ['lists', (i: number) => ['x', i]],
  ['buffers', (i: number) => Uint8Array.of(i & 255, i >> 8, 1)],
])('beyond the limit %s are estimated too, and duplicates change nothing', (_, value) => {
  const d = new Distinct()
  for (let i = 0; i <= EXACT; i++) d.add(value(i))
  const first = d.count
  expect(Math.abs(first - EXACT) / EXACT).toBeLessThan(0.05)
  for (let i = 0; i <= EXACT; i++) d.add(value(i))
  expect(d.count).toBe(first)
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

test('results of calls that exceed a Number are summed and compared like others', () => {
  for (const [agg, is] of [
    ['sum', 2 ** 60 + 5],
    ['max', 2 ** 60],
    ['min', 5],
    ['avg', (2 ** 60 + 5) / 2],
  ] as const) {
    const a = accumulator(agg)
    a.reset(0)
    for (const v of [5, 2n ** 60n]) a.add(0, v)
    expect(a.read(0, 1e9), agg).toBe(is)
  }
})
