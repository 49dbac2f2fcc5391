// Series have a limit, and whatever finds no place or gives it away is in the sums nevertheless.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LATENCY_BOUNDS, LATENCY_BUCKETS, latencyBucket } from '../../../src/metrics/latency-buckets.js'
import { SeriesTable } from '../../../src/metrics/series.js'

const MINUTES = 60_000

test('values of labels that are empty are no labels, and those that look alike when joined are not mixed up', () => {
  const table = new SeriesTable(['a', 'b'], 10)
  expect(table.of(['', 'x']).labels).toEqual({ b: 'x' })
  expect(table.of(['1:', 'x'])).not.toBe(table.of(['', '1:x']))
  expect(table.of(['1:', 'x'])).toBe(table.of(['1:', 'x']))
})

test('what finds no place counts as other', () => {
  const table = new SeriesTable(['program'], 2)
  for (const [i, program] of ['a', 'b', 'c', 'd', 'a'].entries()) {
    const series = table.of([program])
    series.calls += 10 ** i
    series.usedAt = performance.now()
  }
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['a', 10_001],
    ['b', 10],
    ['other', 1100],
  ])
  expect([table.size, table.limit]).toEqual([2, 2])
})

test('a program that is called other counts there too: no two series have the same labels', () => {
  const table = new SeriesTable(['program'], 1)
  for (const program of ['other', 'a', 'b']) table.of([program]).calls++
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['a', 1],
    ['other', 2],
  ])
})

test('a series that is idle gives its place to a new one', () => {
  let now = 0
  const table = new SeriesTable(['program'], 2, () => now)
  for (const program of ['old', 'busy']) table.of([program]).calls = 5
  now = 6 * MINUTES
  table.of(['busy']).usedAt = now
  table.of(['new']).calls = 1
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['busy', 5],
    ['new', 1],
    ['other', 5],
  ])
})

test('whatever comes, sums over all series are those of all calls', () => {
  const step = fc.record({ program: fc.integer({ min: 0, max: 8 }), wait: fc.integer({ min: 0, max: 4 * MINUTES }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
      let now = 0
      const table = new SeriesTable(['program'], limit, () => now)
      for (const { program, wait } of steps) {
        now += wait
        const series = table.of([`p${program}`])
        series.calls++
        series.buckets[program]!++
        series.latency += program
        series.bytes.read = (series.bytes.read ?? 0) + program
        series.usedAt = now
      }
      const all = table.all()
      const sum = (of: (s: (typeof all)[number]) => number) => all.reduce((n, s) => n + of(s), 0)
      const expected = steps.reduce((n, s) => n + s.program, 0)
      expect(sum((s) => s.calls)).toBe(steps.length)
      expect(sum((s) => s.buckets.reduce((a, b) => a + b, 0))).toBe(steps.length)
      expect(sum((s) => s.latency)).toBe(expected)
      expect(sum((s) => s.bytes.read ?? 0)).toBe(expected)
      expect(table.size).toBeLessThanOrEqual(limit)
    }),
  )
})

test('a latency is in the bucket that its bounds say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (ns) => {
      const bucket = latencyBucket(ns)
      const below = LATENCY_BOUNDS[bucket] ?? Number.POSITIVE_INFINITY
      const from = LATENCY_BOUNDS[bucket - 1] ?? 0
      expect(bucket).toBeLessThan(LATENCY_BUCKETS)
      expect(ns).toBeLessThan(below * 1e9)
      expect(ns).toBeGreaterThanOrEqual(Math.floor(from * 1e9))
    }),
  )
  expect([latencyBucket(Number.NaN), latencyBucket(1023), latencyBucket(1024)]).toEqual([0, 0, 1])
})
