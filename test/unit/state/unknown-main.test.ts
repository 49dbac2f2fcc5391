// Threads that are unknown when a capture starts: what their own rows, and those of their creators, reveal.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, thread, World } from './world.js'

const calls = ['clone', 'clone3', 'fork', 'vfork'] as const
/** CLONE_FILES, CLONE_FS and CLONE_THREAD, in libs' portable bits and in the kernel's own */
const THREAD = { portable: 0x2003, native: 0x10600 }

const recorded = {
  exe: 'curl',
  args: ['localhost'],
  comm: 'curl',
  uid: 7,
  gid: 8,
  cgroups: ['cpu=/a'],
  fdlimit: 99,
  vm_size: 5000,
  vm_rss: 300,
}

/** A row of the calling thread itself: `ret` is 0 in the child's. */
const row = (type: string, tid: number, ret: number, params: RowSpec['params'] = {}): RowSpec => ({
  type,
  tid,
  // in a file of another tool the process of a thread is unknown until a row contains it
  pid: tid,
  ret,
  params: { ...recorded, tid, pid: tid, ptid: 774, vtid: tid, vpid: tid, flags: 0, ...params },
})

const foreign = (snapshot = shell()) => new World(snapshot, { has: capabilitiesOf('scap') }).portable()

test.each(['clone', 'clone3'])('a thread whose main thread is unknown belongs to its process: %s', (type) => {
  const w = foreign()
  const shown: unknown[] = []
  const inside = { pid: 842, vtid: 9, vpid: 8, flags: THREAD.portable }
  w.play([row(type, 843, 0, inside), { type: 'read', tid: 843, ret: 1, params: { fd: 3 } }], (e) =>
    shown.push([e.thread?.tid, e.thread?.pid, e.thread?.vpid, e.thread?.comm]),
  )
  expect(shown).toEqual([
    [843, 842, 8, 'curl'],
    [843, 842, 8, 'curl'],
  ])
  const main = w.thread(842)
  expect(w.thread(843)).toMatchObject({ leader: main, vtid: 9 })
  expect(main).toMatchObject({
    pid: 842,
    vtid: 8,
    vpid: 8,
    exe: 'curl',
    args: ['localhost'],
    uid: 7,
    vmSize: 5000,
    nThreads: 2,
  })
  expect(w.thread(843).fdTable).toBe(main.fdTable)
})

test('the threads of such a process share what they open, and it ends with the last one', () => {
  const w = foreign()
  const inside = { pid: 842, flags: THREAD.portable }
  w.play([
    row('clone', 843, 0, inside),
    row('clone', 844, 0, inside),
    { type: 'open', tid: 843, ret: 5, params: { name: '/a', flags: 0 } },
  ])
  expect(w.fds(844)).toEqual({ 5: '/a' })
  expect(w.thread(842).nThreads).toBe(3)
  w.play([843, 844, 842].map((tid) => ({ type: 'procexit', tid, pid: tid, params: {} })))
  expect([842, 843, 844].map((tid) => w.has(tid))).toEqual([false, false, false])
})

test("the main thread's own rows show what its threads recorded", () => {
  const w = foreign()
  w.play([row('clone', 843, 0, { pid: 842, flags: THREAD.portable })])
  w.play([{ type: 'read', tid: 842, ret: 1, params: { fd: 3 } }], (e) =>
    expect(e.thread).toMatchObject({ tid: 842, comm: 'curl', cgroups: ['cpu=/a'] }),
  )
})

test.each(calls)('a process whose parent is unknown is known by its own row: %s', (type) => {
  const w = foreign()
  w.play([row(type, 900, 0)], (e) => expect(e.thread).toMatchObject({ tid: 900, pid: 900, comm: 'curl', uid: 7 }))
})

test.each(calls)('an unknown caller is known by its own row, and its parent where that is: %s', (type) => {
  const w = foreign()
  w.play([row(type, 900, 901, { ptid: 100 })], (e) => expect(e.thread).toMatchObject({ tid: 900, comm: 'curl' }))
  expect(w.thread(900)).toMatchObject({ exe: 'curl', uid: 7, parent: w.thread(100), ptid: 100 })
  expect(w.thread(901)).toMatchObject({ pid: 901, parent: w.thread(900), exe: 'curl' })
  expect(w.thread(100).nChildren).toBe(1)
})

test('a caller that turns out to be a thread moves its descriptors and children to its process', () => {
  const w = foreign()
  w.play([
    { type: 'open', tid: 850, ret: 5, params: { name: '/early', flags: 0 } },
    row('clone', 850, 851, { pid: 842 }),
    row('clone', 850, 852, { pid: 842, flags: THREAD.portable }),
  ])
  expect(w.thread(850)).toMatchObject({ pid: 842, leader: w.thread(842) })
  expect(w.thread(852)).toMatchObject({ pid: 842, leader: w.thread(842) })
  expect(w.thread(851)).toMatchObject({ pid: 851, parent: w.thread(842), ptid: 842 })
  expect(w.fds(842)).toEqual({ 5: '/early' })
  expect(w.thread(842)).toMatchObject({ nThreads: 3, nChildren: 1 })
})

test.each(calls)("a caller in a pid namespace does not create a process with its child's number there: %s", (type) => {
  const w = foreign()
  w.play([row(type, 900, 441, { vtid: 437, vpid: 437 })])
  expect(w.has(441)).toBe(false)
  expect(w.thread(900)).toMatchObject({ vtid: 437, vpid: 437 })
  w.play([row(type, 5000, 0, { ptid: 900, vtid: 441, vpid: 441 })])
  expect(w.thread(5000)).toMatchObject({ vpid: 441, parent: w.thread(900) })
})

test('a caller that the capture did not know to be in a pid namespace is recognised by its row', () => {
  const w = foreign()
  w.play([row('fork', 100, 441, { vtid: 437, vpid: 437 })])
  expect(w.has(441)).toBe(false)
  expect(w.thread(100).vpid).toBe(437)
})

test.each(['clone', 'clone3', 'vfork'])(
  "the same is true in ksys' own captures, without a snapshot of the caller: %s",
  (type) => {
    const w = new World({ threads: [], users: [], groups: [] })
    const inside = { pid: 842, vtid: 9, vpid: 8 }
    const caller = { ...row(type, 850, 441, inside), pid: 842 }
    const fork = { tid: 5000, pid: 5000, vtid: 441, vpid: 441, ptid: 842, shared: 0, comm: 'kid' }
    w.play([{ type: CODE.ks_fork, tid: 850, pid: 842, params: fork }, caller])
    expect(w.has(441)).toBe(false)
    expect(w.thread(850)).toMatchObject({ pid: 842, vtid: 9, vpid: 8, comm: 'curl', uid: 7 })
    expect(w.thread(842)).toMatchObject({ vtid: 8, vpid: 8, exe: 'curl', uid: 7 })
    expect(w.thread(5000)).toMatchObject({ vpid: 441, parent: w.thread(842) })
  },
)

test("a new thread in ksys' own captures reveals an unknown main thread", () => {
  const w = new World({ threads: [], users: [], groups: [] })
  w.play([{ ...row('clone', 843, 0, { pid: 842, vtid: 9, vpid: 8, flags: THREAD.native }), pid: 842 }])
  expect(w.thread(842)).toMatchObject({ vpid: 8, exe: 'curl', args: ['localhost'], nThreads: 2 })
})

test('threads of a snapshot without their main thread are one process, without a name', () => {
  const w = foreign({
    threads: [
      ...shell().threads,
      thread(843, { pid: 842, ptid: 100, comm: 'worker', vtid: 9, vpid: 8, fds: [file(3, '/a')] }),
      thread(844, { pid: 842, ptid: 100, comm: 'other', fdsOf: 842 }),
    ],
    users: [],
    groups: [],
  })
  const main = w.thread(842)
  expect([843, 844].map((tid) => w.thread(tid).leader)).toEqual([main, main])
  expect(main).toMatchObject({ comm: '', exe: '/bin/p843', vpid: 8, ptid: 100, parent: w.thread(100), nThreads: 3 })
  expect(w.fds(844)).toEqual({ 3: '/a' })
  expect(w.thread(100).nChildren).toBe(1)
  w.play([{ type: 'read', tid: 842, ret: 1, params: { fd: 3 } }], (e) => expect(e.thread).toBe(main))
})

test('a snapshot with more threads than the limit, each of an unknown process, is loaded', () => {
  const threads = Array.from({ length: 140_000 }, (_, i) => thread(2 * i + 2, { pid: 2 * i + 3 }))
  const w = foreign({ threads, users: [], groups: [] })
  expect(w.state.threads.size).toBeLessThanOrEqual(1 << 18)
})
