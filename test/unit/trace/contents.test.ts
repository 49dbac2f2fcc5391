// The overview of a trace, counted while it is written.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { ContentsCounter } from '../../../src/trace/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { World } from '../state/world.js'

const born = (time: number, pid: number): RowSpec => ({
  type: CODE.ks_fork,
  time,
  params: { tid: pid, pid, vtid: pid, vpid: pid, ptid: 100, shared: 0, comm: 'x', start: time + 1e12 },
})
const call = (time: number, pid: number): RowSpec => ({ type: 'getpid', time, tid: pid, pid, ret: pid })
const ended = (time: number, pid: number): RowSpec => ({ type: 'procexit', time, tid: pid, pid, params: {} })
const isShown = (e: { def: { name: string } }) => e.def.name === 'getpid'

test('successive processes with the same pid are counted separately', () => {
  const w = new World()
  const counter = new ContentsCounter(EVENTS)
  const lives = [1e9, 2e9, 3e9].flatMap((at) => [
    born(at, 300),
    call(at + 1, 300),
    call(at + 2, 100),
    call(at + 3, 300),
    ended(at + 4, 300),
  ])
  w.play(lives, (e) => isShown(e) && counter.add(e))
  expect(counter.contents()).toMatchObject({ events: 9, processes: 4, first: 1e9 + 1, last: 3e9 + 3 })
})
