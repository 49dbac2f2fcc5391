// How often threads and descriptors are read again while records that update them are omitted.
import { expect, test } from 'vitest'
import { Refresh } from '../../../../src/source/ceilings/refresh.js'

/** CPUs that the capture uses apart from it */
const USUAL = 0.05

/** When a refresh occurs within these seconds if records are always omitted; takes: its cost, s of CPU time. */
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

test('a refresh occurs every ten seconds if it is cheap, or if CPU time has no limit', () => {
  expect(times(0.1, 40, 0.01)).toEqual([10, 20, 30])
  expect(times(Number.POSITIVE_INFINITY, 40, 1)).toEqual([10, 20, 30])
})

test('a refresh takes a tenth of the limit at most', () => {
  expect(times(0.1, 100, 0.3)).toEqual([10, 40, 70])
})

test('the cost of a refresh is distinguished from the cost of events', () => {
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

test('while all events of a cgroup are omitted, a refresh waits for the end of throttling, and does not occur earlier because of it', () => {
  expect(times(0.1, 40, 0.01, { leavesSome: false, ended: false })).toEqual([])
  expect(times(0.1, 40, 0.01, { leavesSome: false, ended: true })).toEqual([10, 20, 30])
})
