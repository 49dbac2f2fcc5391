// The number of series is limited, and calls without a series of their own are still in the totals.

import { expect, test } from 'vitest'
import {
  boundsOf,
  countsOf,
  LATENCY_BOUNDS,
  LATENCY_BUCKETS,
  latencyBucket,
} from '../../../src/metrics/latency-buckets.js'
import { type SeriesCapacity, SeriesTable } from '../../../src/metrics/series.js'
import fc from '../../helpers/properties.js'

const MINUTES = 60_000

/** Capacity for a number of label sets whose calls transfer no bytes; other calls have two directions. */
const places = (n: number): SeriesCapacity => ({ limit: 18 * (n + 1) + 2 + 20, own: 20, each: 18 })

test('empty values of labels are omitted, and values that look alike when joined are not mixed up', () => {
  const table = new SeriesTable(['a', 'b'], places(10))
  expect(table.series(['', 'x'], 0).labels).toEqual({ b: 'x' })
  expect(table.series(['1:', 'x'], 0)).not.toBe(table.series(['', '1:x'], 0))
  expect(table.series(['1:', 'x'], 0)).toBe(table.series(['1:', 'x'], 0))
})

test('calls beyond the limit count as other', () => {
  const table = new SeriesTable(['program'], places(2))
  for (const [i, program] of ['a', 'b', 'c', 'd', 'a'].entries()) {
    const series = table.series([program], 0)
    series.calls += 10 ** i
    series.usedAt = performance.now()
  }
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['a', 10_001],
    ['b', 10],
    ['other', 1100],
  ])
  expect([table.size, table.folded, table.limit]).toEqual([2, 2, 76])
})

test('calls that may transfer bytes need capacity for them too', () => {
  const table = new SeriesTable(['program'], places(2))
  for (const [program, directions] of [
    ['a', 1],
    ['b', 0],
    ['c', 0],
  ] as const)
    table.series([program], directions).calls++
  expect(table.all().map((s) => s.labels.program)).toEqual(['a', 'other'])
  expect([table.size, table.folded]).toEqual([1, 2])
})

test('a program that is named other counts as other, too: no two series have the same labels', () => {
  const table = new SeriesTable(['program'], places(1))
  for (const program of ['other', 'a', 'b']) table.series([program], 0).calls++
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['a', 1],
    ['other', 2],
  ])
})

test('an idle series is folded to make space for a new one', () => {
  let now = 0
  const table = new SeriesTable(['program'], places(2), () => now)
  for (const program of ['old', 'busy']) table.series([program], 0).calls = 5
  now = 6 * MINUTES
  table.series(['busy'], 0).usedAt = now
  table.series(['new'], 0).calls = 1
  expect(table.all().map((s) => [s.labels.program, s.calls])).toEqual([
    ['busy', 5],
    ['new', 1],
    ['other', 5],
  ])
  expect(table.folded).toBe(1)
  now = 20 * MINUTES
  // an active program has a series again
  expect(table.series(['old'], 0).labels).toEqual({ program: 'old' })
})

test('sums over all series always equal those of all calls', () => {
  const step = fc.record({ program: fc.integer({ min: 0, max: 8 }), wait: fc.integer({ min: 0, max: 4 * MINUTES }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, limit) => {
      let now = 0
      const table = new SeriesTable(['program'], places(limit), () => now)
      for (const { program, wait } of steps) {
        now += wait
        const series = table.series([`p${program}`], 0)
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

test('a latency is in the bucket with the matching bounds', () => {
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

test('coarser histograms count the same calls below their bounds', () => {
  const all = Array.from({ length: LATENCY_BUCKETS }, (_, i) => i + 1)
  const below = (bound: number) => all.slice(0, LATENCY_BOUNDS.indexOf(bound) + 1).reduce((a, b) => a + b)
  for (const [buckets, bounds] of [
    ['fine', 13],
    ['coarse', 4],
    ['none', 0],
  ] as const) {
    const counts = countsOf(buckets, all)
    expect([boundsOf(buckets).length, counts.length]).toEqual([bounds, bounds + 1])
    let sum = 0
    for (const [i, bound] of boundsOf(buckets).entries()) {
      sum += counts[i] as number
      expect(sum).toBe(below(bound))
    }
    expect(counts.reduce((a, b) => a + b)).toBe((LATENCY_BUCKETS * (LATENCY_BUCKETS + 1)) / 2)
  }
})
