// Threads of a snapshot are created when something asks for them: whatever happens first, the state is the one that all of them would give.

import { expect, test } from 'vitest'
import type { ListedSnapshot, ThreadInfo } from '../../../src/model/snapshot.js'
import { changedThreads, threadRecords } from '../../../src/model/thread-records.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, thread, World } from './world.js'

const PIDS = [100, 200, 300, 400, 500, 600]
const pid = fc.constantFrom(...PIDS)

/** Processes that are each other's parents, with threads, and with tables of other processes. */
const process = fc.record({
  pid,
  parent: fc.oneof(pid, fc.constantFrom(0, 1, 999)),
  threads: fc.integer({ min: 0, max: 2 }),
  owner: fc.option(pid, { nil: undefined }),
  place: fc.option(pid, { nil: undefined }),
  hasMain: fc.boolean(),
})

function threadsOf(processes: readonly (typeof process extends fc.Arbitrary<infer T> ? T : never)[]): ThreadInfo[] {
  // what a thread shares, the snapshot has
  const mains = new Set(processes.flatMap((p) => (p.hasMain || p.threads === 0 ? [p.pid] : [])))
  const known = (id: number | undefined) => (id !== undefined && mains.has(id) ? id : undefined)
  return processes.flatMap(({ pid: id, parent, threads, owner: someOwner, place: somePlace, hasMain }) => {
    const owner = known(someOwner)
    const place = known(somePlace)
    const main = thread(id, {
      ptid: parent,
      comm: `p${id}`,
      cwd: `/home/${id}`,
      cgroups: [`cpu=/user/${id % 3}`],
      ...(owner === undefined || owner === id
        ? { fds: [file(0, `/in/${id}`), file(3, `/data/${id}`)] }
        : { fdsOf: owner }),
      ...(place !== undefined && place !== id && { fsOf: place }),
    })
    const others = Array.from({ length: threads }, (_, i) =>
      thread(id + i + 1, { pid: id, ptid: parent, comm: `t${i}`, cwd: `/home/${id}` }),
    )
    return hasMain || threads === 0 ? [main, ...others] : others
  })
}

const row: fc.Arbitrary<RowSpec> = fc.oneof(
  pid.map((tid): RowSpec => ({ type: 'close', tid, pid: tid, ret: 0, params: { fd: 3 } })),
  pid.map((tid): RowSpec => ({ type: 'open', tid, pid: tid, ret: 5, params: { name: '/new', flags: 0 } })),
  pid.map((tid): RowSpec => ({ type: 'chdir', tid, pid: tid, ret: 0, params: { path: '/elsewhere' } })),
  pid.map((tid): RowSpec => ({ type: 'procexit', tid, pid: tid, params: { status: 0 } })),
  pid.map((tid): RowSpec => ({ type: 'clone', tid, pid: tid, ret: tid + 50, params: { flags: 0 } })),
  pid.map((tid): RowSpec => ({ type: 'read', tid: tid + 1, pid: tid, ret: 1, params: { fd: 0 } })),
)

/** The processes of a state in a form that can be compared, and what other processes see of them. */
function outcome(w: World) {
  const saved = new World(w.state.snapshot()).state.snapshot().threads
  const relations = [...w.state.threads.values()].map((t) => [
    t.tid,
    t.parent?.tid,
    t.nChildren,
    t.nThreads,
    t.leader.tid,
  ])
  const byTid = (a: { tid: number }, b: { tid: number }) => a.tid - b.tid
  return { saved: saved.sort(byTid), relations: relations.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) }
}

test('the state is the same if threads are created late, whatever happens first', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(process, { selector: (p) => p.pid, maxLength: 6 }),
      fc.array(row, { maxLength: 6 }),
      (processes, rows) => {
        const s: ListedSnapshot = { threads: threadsOf(processes), users: [], groups: [] }
        const late = new World({ ...s, threads: changedThreads(threadRecords(s.threads), (t) => ({ ...t })) })
        const early = new World(s)
        for (const w of [early, late]) w.play(rows)
        expect(outcome(late)).toEqual(outcome(early))
      },
    ),
    { numRuns: 500 },
  )
})

test('a process that is created after the exit of its parent has the new parent', () => {
  const threads = [thread(1, { ptid: 0 }), thread(300), thread(100, { ptid: 300 })]
  const w = new World({ threads: changedThreads(threadRecords(threads), (t) => t), users: [], groups: [] })
  w.play([{ type: 'procexit', tid: 300, pid: 300, params: { status: 0 } }])
  w.play([{ type: 'close', tid: 1, pid: 1, ret: 0, params: { fd: 3 } }])
  expect(w.state.threads.get(100)?.ptid).toBe(1)
  expect(w.state.threads.get(100)?.parent?.tid).toBe(1)
})

test('an event creates its process, its ancestors and those that share its tables, and no others', () => {
  const threads = [
    thread(1),
    thread(10, { ptid: 1 }),
    thread(20, { ptid: 10 }),
    thread(21, { pid: 20, ptid: 10 }),
    thread(30, { ptid: 1 }),
    thread(40, { ptid: 1, fdsOf: 20 }),
    thread(50, { ptid: 20 }),
  ]
  const records = changedThreads(threadRecords(threads), (t) => t)
  const w = new World({ threads: records, users: [], groups: [] })
  const created = () => Array.from(w.state.table.map.created(), (t) => t.tid).sort((a, b) => a - b)
  const before = created()
  w.play([{ type: 'close', tid: 21, pid: 20, ret: 0, params: { fd: 3 } }])
  expect(before).toEqual([1])
  expect(created()).toEqual([1, 10, 20, 21, 40])
  expect(w.state.threads.get(20)?.nChildren).toBe(1)
  expect(w.state.threads.size).toBe(7)
  expect(
    w.state
      .snapshot()
      .threads.map((t) => t.tid)
      .sort((a, b) => a - b),
  ).toEqual([1, 10, 20, 21, 30, 40, 50])
  expect(created()).toHaveLength(5)
  expect([...w.state.threads.keys()]).toHaveLength(7)
})
