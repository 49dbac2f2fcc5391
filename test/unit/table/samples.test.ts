// Tables of threads: every running thread is a row at each sample, and ended ones are included if they add something.

import { expect, test } from 'vitest'
import { batchNs, bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { mergedSnapshot } from '../../../src/state/snapshot-merge.js'
import { compileTable, Table, type TableDef, type TableOptions } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { info, shell, thread, World } from '../state/world.js'

const SECOND = 1e9
const world = () => {
  const s = shell()
  return new World({ ...s, threads: [...s.threads, thread(200, { comm: 'idle', fds: [] })] })
}

/** A table over the threads of a world. */
function over(w: World, def: Omit<TableDef, 'threads'>, options: Partial<TableOptions> = {}) {
  const ctx = { ...context(), info, states: [w.state] }
  const table = new Table(compileTable({ ...def, threads: true }, { containers: false, ...options }), ctx)
  return { table, shown: (span = SECOND) => table.read(span).map((r) => [...r.keys, ...r.cells]) }
}

const report = (time: number, tid: number, rss: number, ran = 0): RowSpec => ({
  type: CODE.ks_times,
  time,
  tid,
  pid: tid,
  params: { ran, user: 1, system: 1, pgft_maj: 0, pgft_min: 0, vm_size: 2 * rss, vm_rss: rss, vm_swap: 0 },
})

const names: Omit<TableDef, 'threads'> = {
  keys: ['thread.tid'],
  columns: [
    { field: 'thread.tid', title: 'TID' },
    { field: 'proc.name', title: 'Name' },
  ],
  sort: { column: 0, ascending: true },
}

test('idle threads are rows', () => {
  const w = world()
  const { table, shown } = over(w, names)
  table.sample(w.state, batchNs(SECOND))
  expect(shown()).toEqual([
    [1, 1, 'init'],
    [100, 100, 'sh'],
    [200, 200, 'idle'],
  ])
  expect(table.samples).toBe(1)
})

test('a filter of threads, of the table or of the user, decides which are rows', () => {
  const w = world()
  const own = over(w, { ...names, threadFilter: 'proc.name=idle' })
  const filtered = over(w, names, { filter: 'proc.name!=idle' })
  const both = over(w, { ...names, threadFilter: 'proc.name!=idle' }, { filter: 'thread.tid>1' })
  for (const { table } of [own, filtered, both]) table.sample(w.state, batchNs(SECOND))
  expect(own.shown().map((r) => r[0])).toEqual([200])
  expect(filtered.shown().map((r) => r[0])).toEqual([1, 100])
  expect(both.shown().map((r) => r[0])).toEqual([100])
})

test('a filter on events does not exclude idle threads', () => {
  const w = world()
  const { table, shown } = over(w, { ...names, filter: 'evt.type=read' })
  w.play([{ type: 'read', tid: 100 }], (e) => table.add(e))
  table.sample(w.state, batchNs(SECOND))
  expect(shown().map((r) => r[0])).toEqual([1, 100, 200])
})

test('a table of events has no rows of threads, and counts no samples', () => {
  const w = world()
  const ctx = { ...context(), info, states: [w.state] }
  const table = new Table(compileTable(names, { containers: false }), ctx)
  table.prime(w.state, batchNs(0))
  table.sample(w.state, batchNs(SECOND))
  table.keepUp(w.state, batchNs(SECOND))
  expect([table.read(SECOND), table.samples]).toEqual([[], 0])
})

test('a thread without the key is no row', () => {
  const w = world()
  const { table, shown } = over(w, { ...names, keys: ['proc.pname'], columns: [{ field: 'thread.tid', title: 'TID' }] })
  table.sample(w.state, batchNs(SECOND))
  expect(shown()).toEqual([['init', 200]])
})

test('a process that ran another program and ended between two samples has this program, unless another process has its number by then', () => {
  const fork: RowSpec = {
    type: CODE.ks_fork,
    tid: 100,
    pid: 100,
    params: { tid: 300, pid: 300, vtid: 300, vpid: 300, shared: 0, comm: 'sh' },
  }
  const ran = (comm: string): RowSpec => ({ type: 'execve', tid: 300, pid: 300, params: { exe: comm, comm } })
  const calls: RowSpec = { type: 'getppid', tid: 300, pid: 300, ret: 100 }
  const exit: RowSpec = { type: 'procexit', tid: 300, pid: 300, params: { reaper_tid: 1 } }
  const nameOf = (rows: readonly RowSpec[]) => {
    const w = world()
    const { table, shown } = over(w, { ...names, filter: 'evt.type!=switch' })
    table.prime(w.state, batchNs(0))
    w.play(rows, (e) => table.add(e))
    table.sample(w.state, batchNs(SECOND))
    return shown().find((r) => r[0] === 300)?.[2]
  }
  expect(nameOf([fork, calls, ran('curl'), exit])).toBe('curl')
  expect(nameOf([fork, calls, ran('curl'), exit, fork, calls, ran('sleep')])).toBe('sleep')
})

test('the latest and the extreme values are known from the first event on, sums only from samples', () => {
  const w = world()
  w.play([report(1, 100, 50)])
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    columns: [
      { field: 'thread.vmrss', title: 'now' },
      { field: 'thread.vmrss', title: 'most', agg: 'max' },
      { field: 'thread.vmrss', title: 'least', agg: 'min' },
      { field: 'thread.vmrss', title: 'sum', agg: 'sum' },
      { field: 'thread.vmrss', title: 'mean', agg: 'avg' },
      { field: 'evt.count', title: 'events', agg: 'sum' },
    ],
    filter: 'thread.tid=100 and evt.type=read',
  })
  w.play([{ type: 'read', time: 2 }], (e) => table.add(e))
  expect(shown()).toEqual([[100, 50, 50, 50, undefined, undefined, 1]])
  w.play([report(3, 100, 80)])
  table.sample(w.state, batchNs(4))
  w.play([report(5, 100, 30), { type: 'read', time: 6 }], (e) => table.add(e))
  table.sample(w.state, batchNs(7))
  const row = shown().find((r) => r[0] === 100)
  expect(row).toEqual([100, 30, 80, 30, 110, 55, 2])
})

test('values of an event besides its thread are taken at events, not at samples', () => {
  const w = world()
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    columns: [
      { field: 'evt.type', title: 'Call' },
      { field: 'fd.num', title: 'FD', agg: 'max' },
    ],
  })
  w.play([{ type: 'read', tid: 100, params: { fd: 0 } }], (e) => table.add(e))
  table.sample(w.state, batchNs(SECOND))
  expect(shown().find((r) => r[0] === 100)).toEqual([100, 'read', 0])
  expect(shown().find((r) => r[0] === 200)).toEqual([200, undefined, undefined])
})

test('a thread that ended without anything to add is no row, and its memory is released', () => {
  const w = world()
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    columns: [
      { field: 'thread.cputime', title: 'CPU', agg: 'sum' },
      { field: 'thread.vmrss', title: 'RSS' },
      { field: 'proc.name', title: 'Name' },
    ],
  })
  table.prime(w.state, batchNs(0))
  w.play([report(1, 200, 0), { type: 'procexit', time: 2, tid: 200, params: {} }, { type: 'getppid', time: 3, tid: 1 }])
  table.sample(w.state, batchNs(4))
  expect(shown().map((r) => r[0])).not.toContain(200)
  expect(
    shown()
      .map((r) => r[0])
      .sort(),
  ).toEqual([1, 100])
})

test('an ended thread counts once, however many samples follow', () => {
  const w = world()
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    columns: [
      { field: 'proc.nthreads', title: 'n', agg: 'sum' },
      { field: 'thread.cputime', title: 'CPU', agg: 'sum' },
    ],
  })
  table.prime(w.state, batchNs(0))
  const process = { tid: 300, pid: 300, vtid: 300, vpid: 300, ptid: 100, comm: 'x', start: info.startBoot + 1 }
  w.play([
    { type: CODE.ks_fork, time: 1, params: process },
    report(2, 300, 10, 5e8),
    { type: 'procexit', time: 3, tid: 300, params: {} },
    { type: 'getppid', time: 4, tid: 1 },
  ])
  for (const at of [5, 6, 7]) table.sample(w.state, batchNs(at))
  expect(shown().find((r) => r[0] === 300)).toEqual([300, undefined, 5e8])
  expect(shown().find((r) => r[0] === 100)?.[1]).toBe(3)
})

test('threads that ended before the query started are not in its result', () => {
  const w = world()
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    columns: [{ field: 'thread.cputime', title: 'CPU', agg: 'sum' }],
  })
  w.play([
    report(1, 200, 10, 5e8),
    { type: 'procexit', time: 2, tid: 200, params: {} },
    { type: 'getppid', time: 3, tid: 1 },
  ])
  table.prime(w.state, batchNs(3))
  table.sample(w.state, batchNs(4))
  expect(shown().map((r) => r[0])).not.toContain(200)
})

test('threads joined by their process have their number, and the resources that they use together', () => {
  const s = shell()
  const w = new World({
    ...s,
    threads: [...s.threads, thread(101, { pid: 100, comm: 'worker', fds: [] }), thread(102, { pid: 100, comm: 'w2' })],
  })
  const { table, shown } = over(w, {
    keys: ['thread.tid'],
    groupBy: ['proc.pid'],
    columns: [
      { field: 'thread.tid', title: 'n', agg: 'count', groupAgg: 'count' },
      { field: 'evt.count', title: 'events', agg: 'sum' },
    ],
  })
  w.play(
    [101, 102, 102].map((tid): RowSpec => ({ type: 'getppid', tid, pid: 100 })),
    (e) => table.add(e),
  )
  table.sample(w.state, batchNs(SECOND))
  expect(shown()).toEqual([
    [100, 3, 3],
    [1, 1, undefined],
  ])
})

test.each([
  ['that was there before', -3 * SECOND],
  ['that began meanwhile', SECOND / 2],
  ['whose start nobody knows', undefined],
])('CPU time of a thread %s counts once when the state is read again between two samples', (_, startTime) => {
  const w = world()
  const startBoot = bootNs(startTime === undefined ? 0 : info.startBoot + startTime)
  const s = w.state.snapshot()
  const begin = { ...s, threads: s.threads.map((t) => (t.tid === 100 ? { ...t, startBoot } : t)) }
  w.state.load(begin)
  const def = {
    keys: ['thread.tid'],
    columns: [{ field: 'thread.exectime', title: 'CPU', agg: 'sum' as const }],
    sort: { column: 0 },
  }
  const { table, shown } = over(w, def)
  const used = () => (shown().find(([tid]) => tid === 100)?.[1] as number | undefined) ?? 0
  table.prime(w.state, batchNs(0))
  let sum = 0
  const sample = (at: number, ran: number) => {
    w.play([report(at, 100, 1, ran)])
    table.sample(w.state, batchNs(at))
    sum += used()
    table.clear()
  }
  sample(1 * SECOND, 10e9)
  const first = sum
  sample(2 * SECOND, 10.4e9)
  // the existing state, without what only events recorded
  w.state.load(mergedSnapshot(w.state, begin))
  sample(3 * SECOND, 10.9e9)
  sample(4 * SECOND, 11.0e9)
  expect(sum - first).toBeCloseTo(1e9, -3)
})
