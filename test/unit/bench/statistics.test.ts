// Statistics of the bench of costs.
import { describe, expect, test } from 'vitest'
import { coverage, estimate, median, pairedRatio, worse } from '../../bench/cost/statistics.js'

describe('the median', () => {
  test('is the value in the middle, whatever the order', () => expect(median([9, 1, 5])).toBe(5))
  test('is the mean of the two in the middle of an even number', () => expect(median([4, 1, 100, 2])).toBe(3))
  test('does not exist without values', () => expect(median([])).toBeNaN())
})

describe('the interval', () => {
  test('of five rounds goes from the lowest to the highest', () =>
    expect(estimate([3, 1, 2, 5, 4])).toEqual({ median: 3, low: 1, high: 5 }))
  test('does not exist for fewer rounds, which cannot have the confidence', () => {
    for (const few of [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]) expect(estimate(few)).toEqual({ median: median(few) })
  })
  test('leaves out as many outliers as ten rounds allow', () => {
    // P(at most one of ten values is on one side of the median) = 2 * 11 / 1024
    expect(coverage(10, 1)).toBeCloseTo(1 - 22 / 1024)
    expect(estimate([1000, 2, 3, 4, 5, 6, 7, 8, 9, -1000])).toEqual({ median: 5.5, low: 2, high: 9 })
  })
  test('contains the true median as often as it says', () => {
    // all 32 combinations of five values below and above the median are equally likely
    const combinations = Array.from({ length: 32 }, (_, bits) => [0, 1, 2, 3, 4].map((i) => ((bits >> i) & 1 ? 1 : -1)))
    const contained = combinations.filter((values) => {
      const { low, high } = estimate(values)
      return (low as number) < 0 && (high as number) > 0
    })
    expect(contained.length / 32).toBe(coverage(5, 0))
  })
})

describe('a paired ratio', () => {
  test('is 1 if the machine became slower at a steady pace and the tool costs nothing', () =>
    expect(pairedRatio(200, 400, 100)).toBe(1))
  test('shows what the tool costs', () => expect(pairedRatio(50, 100, 100)).toBe(0.5))
})

describe('worse', () => {
  const table = { median: 0.9, low: 0.85, high: 0.95 }
  test('is what lies beyond the intervals of both', () =>
    expect(worse({ median: 0.7, low: 0.6, high: 0.8 }, table, 'higher')).toBe(true))
  test('is not what overlaps', () => expect(worse({ median: 0.8, low: 0.7, high: 0.86 }, table, 'higher')).toBe(false))
  test('is not what became better', () =>
    expect(worse({ median: 1, low: 0.97, high: 1.1 }, table, 'higher')).toBe(false))
  test('is more, where less is better', () =>
    expect(worse({ median: 1, low: 0.97, high: 1.1 }, table, 'lower')).toBe(true))
  test('is nothing without an interval', () => expect(worse({ median: 0.1 }, table, 'higher')).toBe(false))
})
