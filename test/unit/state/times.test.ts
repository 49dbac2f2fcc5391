// CPU time of threads: reports, the time between two of them, and that a replay from the middle continues it.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { State } from '../../../src/state/state.js'
import { info, World } from './world.js'

const SECOND = 1_000_000_000
const report = (time: number, ran: number, user: number, system: number) => ({
  type: CODE.ks_times,
  time,
  params: { ran, user, system, pgft_maj: 3, pgft_min: 4, vm_size: 5000, vm_rss: 600, vm_swap: 7 },
})

test('the exact time on the CPU is divided as the ticks were', () => {
  const w = new World()
  w.play([report(SECOND, 8_000_000, 3_000_000, 1_000_000)])
  expect(w.thread(100)).toMatchObject({ ranUser: 6_000_000, ranSystem: 2_000_000, ranSpan: 0, vmRss: 600, pgftMin: 4 })
  w.play([report(2 * SECOND, 508_000_000, 3_000_000, 1_000_000)])
  expect(w.thread(100)).toMatchObject({ lastUser: 375_000_000, lastSystem: 125_000_000, ranSpan: SECOND })
})

test('neither part decreases when the ratio of ticks changes', () => {
  const w = new World()
  w.play([report(SECOND, 1000, 0, 10), report(2 * SECOND, 1100, 90, 10)])
  expect(w.thread(100)).toMatchObject({ ranSystem: 1000, ranUser: 100, lastSystem: 0, lastUser: 100 })
})

test('a thread that starts during the capture counts from its start', () => {
  const w = new World()
  const born = { type: CODE.ks_fork, time: 100, params: { tid: 300, pid: 300, vtid: 300, vpid: 300, comm: 'x' } }
  w.play([born, { ...report(SECOND / 2 + 100, SECOND / 4, 1, 0), tid: 300, pid: 300 }])
  expect(w.thread(300)).toMatchObject({ ranUser: SECOND / 4, lastUser: SECOND / 4, ranSpan: SECOND / 2 })
})

test('a keyframe has the times', () => {
  const w = new World()
  w.play([report(SECOND, 1000, 1, 1), report(2 * SECOND, 3000, 1, 1)])
  const again = new State(info)
  again.load(w.state.snapshot())
  expect(again.threads.get(100)).toMatchObject({ ranUser: 1500, ranSystem: 1500, lastUser: 1000, ranSpan: SECOND })
})
