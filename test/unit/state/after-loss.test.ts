// The existing state, read again after a loss, merged with what only events had recorded.

import { expect, test } from 'vitest'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import type { ThreadInfo } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { mergedSnapshot } from '../../../src/state/snapshot-merge.js'
import { shell, thread, World } from './world.js'

const ID = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'

/** A process as it is read again: without its directories, program and environment. */
const read = (tid: number, more: Partial<ThreadInfo> = {}): ThreadInfo =>
  thread(tid, { cwd: '', root: '/', exepath: '', env: [], exeIno: 7, ...more })

/** A world in which 200 runs program 7 in /work, with the data that are read of it later. */
function merged(later: ThreadInfo[], known: Partial<ThreadInfo> = {}) {
  const s = shell()
  const w = new World({
    ...s,
    threads: [
      ...s.threads,
      thread(200, { cwd: '/work', root: '/jail', env: ['A=1'], exepath: '/bin/seven', exeIno: 7, fds: [], ...known }),
    ],
    users: [{ uid: 5, gid: 5, name: 'old', home: '', shell: '' }],
  })
  const users = [{ uid: 6, gid: 6, name: 'new', home: '', shell: '' }]
  const groups = [{ gid: 6, name: 'new' }]
  return { w, found: mergedSnapshot(w.state, { threads: later, users, groups }) }
}
const only = (t: ThreadInfo, known: Partial<ThreadInfo> = {}) => merged([t], known).found.threads[0]

test('a thread that still runs retains directories, program and environment', () => {
  expect(only(read(200))).toMatchObject({ cwd: '/work', root: '/jail', exepath: '/bin/seven', env: ['A=1'] })
})

test('newly read data take precedence', () => {
  const now = { cwd: '/now', root: '/here', exepath: '/bin/now', env: ['B=2'] }
  expect(only(read(200, now))).toMatchObject(now)
})

test('a thread that runs another program loses the data of the previous one, but retains its directory', () => {
  const t = only(read(200, { exeIno: 8 }))
  expect(t).toMatchObject({ cwd: '/work', exepath: '', env: [] })
})

test('the program is the same if its file has the same inode number and times of change', () => {
  expect(only(read(200, { exeInoCtime: 9n }))).toMatchObject({ exepath: '' })
  expect(only(read(200, { exeInoMtime: 9n }))).toMatchObject({ exepath: '' })
})

test('a thread that started meanwhile gets nothing of a thread with the same number, but the path of a program that others run', () => {
  const t = only(read(200, { startBoot: bootNs(500_000_000_000 + 60e6) }))
  expect(t).toMatchObject({ cwd: '', env: [], exepath: '/bin/seven' })
  expect(only(read(300))).toMatchObject({ cwd: '', env: [], exepath: '/bin/seven' })
  expect(only(read(300, { exeIno: 99 }))).toMatchObject({ exepath: '' })
})

test('the two start times of one thread may differ by the error of the clocks', () => {
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 + 40e6) }))).toMatchObject({ cwd: '/work' })
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 - 40e6) }))).toMatchObject({ cwd: '/work' })
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 - 60e6) }))).toMatchObject({ cwd: '' })
})

test('a thread without a known start, or without data, is not identified with the one that is read', () => {
  expect(only(read(200), { startBoot: bootNs(0) })).toMatchObject({ cwd: '' })
  expect(only(read(200), { comm: '', exe: '' })).toMatchObject({ cwd: '' })
})

test('times on the CPU continue from their values', () => {
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(200, { fds: [] })] })
  w.play([{ type: CODE.ks_times, time: 9, tid: 200, params: { ran: 100, user: 1, system: 1 } }])
  const [t, other] = mergedSnapshot(w.state, { threads: [read(200), read(100)], users: [], groups: [] }).threads
  expect(t).toMatchObject({ ranUser: 50, ranSystem: 50, ranAt: 9 })
  expect(other).not.toHaveProperty('ranUser')
})

test('accounts are those that were read, containers those that were reported', () => {
  const { found } = merged([])
  expect(found.users.map((u) => u.name)).toEqual(['new'])
  expect(found.groups.map((g) => g.name)).toEqual(['new'])
  expect([found.threads, found.containers]).toEqual([[], []])
})

test('the state continues from the merged snapshot', () => {
  const { w, found } = merged([read(200, { fds: [] })])
  w.state.load(found)
  expect(w.thread(200).cwd).toBe('/work')
  expect(w.has(100)).toBe(false)
})

test('a thread that still runs, and its container, keep their objects, which chisels and exports recognize them by', () => {
  const cgroups = [`cpu=/docker/${ID}`]
  const { w, found } = merged([read(1), read(200, { ptid: 1, cgroups }), read(300, { ptid: 200 })], { cgroups })
  const [before, container] = [w.state.threads.get(200), w.state.threads.get(200)?.container]
  w.state.load(found)
  const after = w.state.threads.get(200)
  expect([after === before, after?.leader === before, after?.container === container]).toEqual([true, true, true])
  expect([container?.id, after?.parent?.pid, after?.nChildren]).toEqual(['0123456789ab', 1, 1])
  expect(w.state.threads.get(300)?.parent).toBe(before)
})

test.each([
  ['of which its runtime tells more than its cgroup', `/kubepods/besteffort/pod1/${ID}`, { type: 'containerd' }],
  ['of which only the short id was known', `/docker/${ID}`, { type: 'docker', fullId: '' }],
])('so does a container %s', (_, path, known) => {
  const json = containerJson({ ...unnamed(ID, ''), ...known, name: 'web' })
  const { w, found } = merged([read(200, { cgroups: [`cpu=${path}`] })], { cgroups: [`cpu=${path}`] })
  const container = w.state.threads.get(200)?.container
  w.state.load({ ...found, containers: [json] })
  expect(w.state.threads.get(200)?.container).toBe(container)
  expect(container).toMatchObject({ fullId: ID, info: { name: 'web' } })
  w.state.load({ ...found, containers: [] })
  expect(w.state.threads.get(200)?.container).toBe(container)
})

test('a thread that started meanwhile has an object of its own', () => {
  const { w, found } = merged([read(200, { startBoot: bootNs(500_000_000_000 + 60e6) })])
  const before = w.state.threads.get(200)
  w.state.load(found)
  expect(w.state.threads.get(200)).not.toBe(before)
})
