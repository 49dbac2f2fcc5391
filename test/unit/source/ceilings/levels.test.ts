// How the affordable events are divided among cgroups.
import { expect, test } from 'vitest'
import { type Demand, levelsOf, UNLIMITED } from '../../../../src/source/ceilings/levels.js'

const demands = (...shown: number[]): Demand[] => shown.map((n) => ({ shown: n, others: n / 10 }))

/** The events of cgroups at a level. */
const had = (of: readonly Demand[], sort: keyof Demand, level: number) =>
  of.reduce((sum, d) => sum + Math.min(d[sort], level), 0)

test('without a budget there is no level', () => {
  expect(levelsOf(demands(1, 2), Number.POSITIVE_INFINITY)).toEqual(UNLIMITED)
})

test('the noisiest cgroups are limited: together they have what remains, and the others have everything', () => {
  const of = demands(300_000, 50_000, 2_000, 100)
  const { shown } = levelsOf(of, 62_100)
  expect(had(of, 'shown', shown)).toBeCloseTo(62_100)
  expect(shown).toBe(30_000)
})

test('events that the filter does not pass are omitted first', () => {
  const of = demands(10_000, 20_000)
  const some = levelsOf(of, 31_000)
  expect(some.shown).toBeGreaterThanOrEqual(20_000)
  expect(had(of, 'others', some.others)).toBeCloseTo(1_000)
  expect(levelsOf(of, 20_000).others).toBe(0)
})

test('if everything fits no cgroup is limited, and the level is above the demand', () => {
  const of = demands(10_000, 20_000)
  const { shown, others } = levelsOf(of, 50_000)
  expect(shown).toBe(40_000)
  expect(had(of, 'others', others)).toBe(3_000)
})

test('without cgroups the whole budget is available to the next one', () => {
  expect(levelsOf([], 100)).toEqual({ shown: 100, others: 100 })
})
