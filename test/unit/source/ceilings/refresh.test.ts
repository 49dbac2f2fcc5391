// How often threads and descriptors are read anew while records are left out that keep them true.
import { expect, test } from 'vitest'
import { Refresh } from '../../../../src/source/ceilings/refresh.js'

/** CPUs that the capture uses beside it */
const USUAL = 0.05

/** When it is done within so many seconds in which something is always left out; takes: its cost, s of CPU time. */
function times(limit: number, seconds: number, takes: number, state = { leavesSome: true, ended: false }): number[] {
  const refresh = new Refresh(limit)
  const at: number[] = []
  let cpu = 0
  for (let t = 0; t < seconds; t++) {
    cpu += USUAL
    refresh.missed = true
    refresh.ended = state.ended
    const reading = { at: t, cpu, memory: 0, cgroups: new Map() }
    if (!refresh.isDue(reading, { cost: USUAL, leavesSome: state.leavesSome })) continue
    at.push(t)
    cpu += takes
  }
  return at
}

test('it is done every ten seconds where it costs little, or where CPU time has no ceiling', () => {
  expect(times(0.1, 40, 0.01)).toEqual([10, 20, 30])
  expect(times(Number.POSITIVE_INFINITY, 40, 1)).toEqual([10, 20, 30])
})

test('it takes a tenth of the ceiling at most', () => {
  expect(times(0.1, 100, 0.3)).toEqual([10, 40, 70])
})

test('its cost is distinguished from the cost of events', () => {
  const refresh = new Refresh(0.1)
  const reading = (at: number) => ({ at, cpu: at * USUAL, memory: 0, cgroups: new Map() })
  const state = { cost: USUAL, leavesSome: true }
  refresh.isDue(reading(0), state)
  refresh.missed = true
  expect(refresh.isShowing(10)).toBe(false)
  expect(refresh.isDue(reading(10), state)).toBe(true)
  expect(refresh.isShowing(11)).toBe(true)
  expect(refresh.isShowing(14)).toBe(false)
})

test('while all of a cgroup is left out it waits for its end, and no end brings it sooner', () => {
  expect(times(0.1, 40, 0.01, { leavesSome: false, ended: false })).toEqual([])
  expect(times(0.1, 40, 0.01, { leavesSome: false, ended: true })).toEqual([10, 20, 30])
})
