// The state keeps a limited number of threads and descriptors: what it has no room for is reported as lost, by every run.
import { expect, test } from 'vitest'
import { Loop } from '../../../src/run/loop.js'
import type { CaptureSource, CaptureStats } from '../../../src/source/source.js'
import { Capacity } from '../../../src/state/capacity.js'
import { State } from '../../../src/state/state.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { file, info, recorded, shell, thread, World } from './world.js'

const birth = (tid: number): RowSpec => ({
  type: 'clone',
  ret: tid,
  params: { flags: 0, tid: 100, pid: 100, ptid: 1, comm: 'sh', exe: 'sh' },
})
const exit = (tid: number): RowSpec => ({ type: 'procexit', tid, pid: tid, params: { status: 0 } })
const open = (ret: number): RowSpec => ({ type: 'open', ret, params: { name: `/f${ret}`, flags: 0 } })
const close = (fd: number): RowSpec => ({ type: 'close', ret: 0, params: { fd } })

const world = (capacity: Capacity, snapshot = shell()) => new World(snapshot, {}, capacity).portable()

test('threads that are dropped as there are too many are lost, unless they have exited', () => {
  const capacity = new Capacity(8)
  const w = world(capacity)
  w.play([...[201, 202, 203, 204, 205, 206].map(birth), exit(206), birth(207)])
  expect(capacity.lost).toBe(0)
  w.play([birth(208)])
  // a quarter of the room is free again: the oldest two have gone
  expect(capacity.lost).toBe(2)
  expect([1, 100].filter((tid) => w.has(tid))).toEqual([])
  expect([201, 205, 207, 208].filter((tid) => w.has(tid))).toEqual([201, 205, 207, 208])
})

test('pending threads of a snapshot count, too', () => {
  const threads = [...shell().threads, ...[301, 302, 303, 304, 305, 306].map((tid) => thread(tid))]
  const capacity = new Capacity(8)
  const w = world(capacity, { threads, users: [], groups: [] })
  expect(capacity.lost).toBe(0)
  w.play([birth(401)])
  expect(capacity.lost).toBe(2)
  expect(w.has(401)).toBe(true)
})

test('descriptors that a table has no room for are lost', () => {
  const capacity = new Capacity(8, 3)
  const w = world(capacity, shell([file(0, '/dev/tty')]))
  w.play([open(3), open(4), open(5), { type: 'dup', ret: 6, params: { oldfd: 3 } }])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/f3', 4: '/f4' })
  expect(capacity.lost).toBe(2)
  // the same number again, and one for which there is room now
  w.play([open(4), close(3), open(7)])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 4: '/f4', 7: '/f7' })
  expect(capacity.lost).toBe(2)
})

test('those of a snapshot are lost once, when something needs them', () => {
  const fds = [0, 1, 2, 3, 4].map((n) => file(n, `/f${n}`))
  for (const kind of [fds, recorded(fds)]) {
    const capacity = new Capacity(8, 3)
    const threads = [thread(100, { fds: kind })]
    const w = world(capacity, { threads, users: [], groups: [] })
    expect(capacity.lost).toBe(0)
    expect(w.fds()).toEqual({ 0: '/f0', 1: '/f1', 2: '/f2' })
    w.state.snapshot()
    expect(capacity.lost).toBe(2)
  }
})

/** A capture with these statistics, which starts three threads. */
function source(stats: Partial<CaptureStats>, kind: 'live' | 'ksys' = 'ksys'): CaptureSource {
  const batches = [makeBatch([201, 202, 203].map((tid, i) => ({ tid: 100, pid: 100, time: i, ...birth(tid) })))]
  return {
    info: { ...info, kind },
    damage: [],
    snapshot: async () => shell(),
    next: async () => batches.shift(),
    stats: () => ({ events: 3, lost: 0, late: 0, ...stats }),
    progress: () => undefined,
    stop: () => {},
    close: async () => {},
  }
}

const NOTHING = { calls: 0, enters: 0, others: 0, state: 0, skipped: 0, data: 0 }
const states = (n: number) => Array.from({ length: n }, (_, host) => new State(info, host, new Capacity(4)))

async function statsOf(capture: CaptureSource, hosts: number): Promise<CaptureStats> {
  const loop = new Loop({ source: capture, states: states(hosts), predicate: undefined, sinks: [] })
  await loop.run(await capture.snapshot())
  return loop.stats()
}

test.each(['live', 'ksys'] as const)('a run reports them with the losses of the capture (%s)', async (kind) => {
  expect(await statsOf(source({ losses: NOTHING }, kind), 1)).toMatchObject({ lost: 0, losses: { state: 1 } })
})

test('a run over several hosts reports those of all', async () => {
  const members = [source({}), source({})]
  expect(await statsOf({ ...source({}), members }, 2)).toMatchObject({ lost: 0, losses: { ...NOTHING, state: 2 } })
})

test('they are added to the losses of a file, also where kinds are not known', async () => {
  const losses = { ...NOTHING, calls: 5, state: 1 }
  expect(await statsOf(source({ lost: 5, losses }), 1)).toMatchObject({ lost: 5, losses: { calls: 5, state: 2 } })
  const unknown = await statsOf(source({ lost: 5 }), 1)
  expect(unknown).toMatchObject({ lost: 6 })
  expect(unknown.losses).toBeUndefined()
})
