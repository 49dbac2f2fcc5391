// What exists, read again after a loss, joined with what only the events had told.

import { expect, test } from 'vitest'
import type { ThreadInfo } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { mergedSnapshot } from '../../../src/state/snapshot-merge.js'
import { shell, thread, World } from './world.js'

/** A process as it is read again: whoever reads it does not see its directories, program and environment. */
const read = (tid: number, more: Partial<ThreadInfo> = {}): ThreadInfo =>
  thread(tid, { cwd: '', root: '/', exepath: '', env: [], exeIno: 7, ...more })

/** A world in which 200 runs program 7 in /work, with what is read of it later. */
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

test('who still runs keeps directories, program and environment', () => {
  expect(only(read(200))).toMatchObject({ cwd: '/work', root: '/jail', exepath: '/bin/seven', env: ['A=1'] })
})

test('what can be read now goes first', () => {
  const now = { cwd: '/now', root: '/here', exepath: '/bin/now', env: ['B=2'] }
  expect(only(read(200, now))).toMatchObject(now)
})

test('another program has nothing of the one before, but is where it was', () => {
  const t = only(read(200, { exeIno: 8 }))
  expect(t).toMatchObject({ cwd: '/work', exepath: '', env: [] })
})

test('the program is the same by its file: number, and the times of change', () => {
  expect(only(read(200, { exeInoCtime: 9n }))).toMatchObject({ exepath: '' })
  expect(only(read(200, { exeInoMtime: 9n }))).toMatchObject({ exepath: '' })
})

test('who began meanwhile has nothing of a thread that had the number, but the path of a program that others run', () => {
  const t = only(read(200, { startBoot: bootNs(500_000_000_000 + 60e6) }))
  expect(t).toMatchObject({ cwd: '', env: [], exepath: '/bin/seven' })
  expect(only(read(300))).toMatchObject({ cwd: '', env: [], exepath: '/bin/seven' })
  expect(only(read(300, { exeIno: 99 }))).toMatchObject({ exepath: '' })
})

test('the two starts of one thread may differ by what clocks differ', () => {
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 + 40e6) }))).toMatchObject({ cwd: '/work' })
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 - 40e6) }))).toMatchObject({ cwd: '/work' })
  expect(only(read(200, { startBoot: bootNs(500_000_000_000 - 60e6) }))).toMatchObject({ cwd: '' })
})

test('a thread whose start nobody knew, or of which nothing is known, is not taken for the one that is read', () => {
  expect(only(read(200), { startBoot: bootNs(0) })).toMatchObject({ cwd: '' })
  expect(only(read(200), { comm: '', exe: '' })).toMatchObject({ cwd: '' })
})

test('times on the CPU go on where they were', () => {
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(200, { fds: [] })] })
  w.play([{ type: CODE.ks_times, time: 9, tid: 200, params: { ran: 100, user: 1, system: 1 } }])
  const [t, other] = mergedSnapshot(w.state, { threads: [read(200), read(100)], users: [], groups: [] }).threads
  expect(t).toMatchObject({ ranUser: 50, ranSystem: 50, ranAt: 9 })
  expect(other).not.toHaveProperty('ranUser')
})

test('accounts are those that were read, containers those that were told', () => {
  const { found } = merged([])
  expect(found.users.map((u) => u.name)).toEqual(['new'])
  expect(found.groups.map((g) => g.name)).toEqual(['new'])
  expect([found.threads, found.containers]).toEqual([[], []])
})

test('the state goes on from it', () => {
  const { w, found } = merged([read(200, { fds: [] })])
  w.state.load(found)
  expect(w.thread(200).cwd).toBe('/work')
  expect(w.has(100)).toBe(false)
})
