// Starts of threads in files of other tools, from either side, and the data of threads in rows.
import { describe, expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from './world.js'

/** portable flags of libs */
const FLAG = { FILES: 1, FS: 2, PARENT: 1 << 8, THREAD: 1 << 13, CHILD_IN_PIDNS: 1 << 29 } as const
const parents = (child: number, flags = 0, more: object = {}): RowSpec => ({
  type: 'clone',
  ret: child,
  params: { flags, tid: 100, pid: 100, ptid: 1, comm: 'sh', exe: 'sh', ...more },
})
const childs = (tid: number, flags = 0, more: object = {}): RowSpec => ({
  type: 'clone',
  tid,
  pid: tid,
  ret: 0,
  params: { flags, tid, pid: tid, ptid: 100, comm: 'kid', exe: 'kid', ...more },
})
const world = () => new World().portable()

describe('a child shares descriptors and directory', () => {
  test.each([
    [0, false, false],
    [FLAG.FILES, true, false],
    [FLAG.FS, false, true],
    [FLAG.FILES | FLAG.FS, true, true],
  ])('according to flags %i', (flags, files, fs) => {
    for (const rows of [[parents(200, flags)], [childs(200, flags)]]) {
      const w = world().play(rows)
      const [parent, child] = [w.thread(100), w.thread(200)]
      expect([child.fdTable === parent.fdTable, child.fs === parent.fs]).toEqual([files, fs])
      expect(child).toMatchObject({ pid: 200, ptid: 100, parent })
    }
  })

  test('and with CLONE_PARENT has the parent of its parent; a thread has the parent of its process', () => {
    const w = world().play([parents(200, FLAG.PARENT), parents(201, FLAG.THREAD)])
    expect(w.thread(200)).toMatchObject({ pid: 200, ptid: 1, parent: w.thread(1) })
    expect(w.thread(201)).toMatchObject({ pid: 100, leader: w.thread(100), parent: w.thread(1) })
  })
})

describe('rows from both sides of a clone', () => {
  test.each([
    ['the parent’s first', [parents(200), childs(200)]],
    ['the child’s first', [childs(200), parents(200)]],
  ])('%s are one child', (_, rows) => {
    const w = world().play(rows)
    expect(w.thread(200)).toMatchObject({ comm: 'kid', ptid: 100 })
    expect(w.thread(100).nChildren).toBe(1)
  })

  test('retain what the child opened between them', () => {
    const open: RowSpec = { type: 'open', tid: 200, pid: 200, ret: 7, params: { name: '/x', flags: 1 } }
    for (const rows of [
      [parents(200), open, childs(200)],
      [childs(200), open, parents(200)],
    ])
      expect(world().play(rows).fds(200)[7]).toBe('/x')
  })

  test('that occur twice are two children with the same number', () => {
    const open: RowSpec = { type: 'open', tid: 200, pid: 200, ret: 7, params: { name: '/x', flags: 1 } }
    const again = [parents(200), childs(200), open, parents(200)]
    expect(world().play(again).fds(200)[7]).toBeUndefined()
    const other = [parents(200), childs(200), open, childs(200)]
    expect(world().play(other).fds(200)[7]).toBeUndefined()
  })

  test("for a child that exits before its parent's call ends do not bring it back", () => {
    const exit: RowSpec = { type: 'procexit', tid: 200, pid: 200, params: {} }
    expect(
      world()
        .play([childs(200), exit, parents(200)])
        .has(200),
    ).toBe(false)
    expect(
      world()
        .play([parents(200), childs(200), exit, parents(200)])
        .has(200),
    ).toBe(true)
  })
})

test('do not use the number of a child in another pid namespace', () => {
  expect(
    world()
      .play([parents(7, FLAG.CHILD_IN_PIDNS)])
      .has(7),
  ).toBe(false)
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(300, { vtid: 3, vpid: 3 })] }).portable()
  w.play([{ ...parents(7), tid: 300, pid: 300, params: { flags: 0, tid: 300, pid: 300, vtid: 3, vpid: 3 } }])
  expect(w.has(7)).toBe(false)
})

describe('the data of a row about its thread', () => {
  const recorded = {
    comm: 'kid',
    exe: '/bin/kid',
    args: ['a', 'b'],
    cwd: '/work/',
    fdlimit: 64,
    uid: 5,
    gid: 6,
    vtid: 7,
    vpid: 8,
    cgroups: ['cpu=/a'],
    pidns_init_start_ts: 1_000_000_000_007n,
  }
  test('is stored in the thread', () => {
    const w = world().play([childs(200, 0, recorded)])
    const t = w.thread(200)
    expect(t).toMatchObject({
      comm: 'kid',
      exe: '/bin/kid',
      cwd: '/work',
      fdLimit: 64,
      uid: 5,
      gid: 6,
      vtid: 7,
      vpid: 8,
    })
    expect([[...t.args], [...t.cgroups], t.pidnsStart]).toEqual([['a', 'b'], ['cpu=/a'], 1_700_000_000_000_000_007n])
  })

  test('remains if a later row lacks it', () => {
    const w = world().play([childs(200, 0, recorded), { type: 'execve', tid: 200, pid: 200, params: {} }])
    expect(w.thread(200)).toMatchObject({ comm: 'kid', exe: '/bin/kid', cwd: '/work', fdLimit: 64, uid: 5, gid: 6 })
    expect(w.thread(200)).toMatchObject({ vtid: 7, vpid: 8, pidnsStart: 1_700_000_000_000_000_007n })
  })

  test('has a directory only if it is one, and does not replace a later one from the kernel', () => {
    const cwd = (dir: string | undefined) =>
      world()
        .play([childs(200, 0, { cwd: dir })])
        .thread(200).cwd
    expect([cwd('/'), cwd('/a'), cwd('/a/b/'), cwd('relative'), cwd(''), cwd(undefined)]).toEqual([
      '/',
      '/a',
      '/a/b',
      '/home',
      '/home',
      '/home',
    ])
    const w = new World()
    w.play([
      { type: CODE.ks_cwd, time: 50, params: { cwd: '/told', root: '/' } },
      { type: 'execve', time: 50, params: { cwd: '/stale' } },
    ])
    expect(w.thread(100).cwd).toBe('/told')
    w.play([{ type: 'execve', time: 51, params: { cwd: '/fresh' } }])
    expect(w.thread(100).cwd).toBe('/fresh')
  })

  test('moves the thread if the container differs', () => {
    const id = 'a'.repeat(64)
    const w = world().play([childs(200, 0, { cgroups: [`cpu=/docker/${id}`] })])
    const c = w.thread(200).container
    expect(c?.fullId).toBe(id)
    w.play([{ type: 'execve', tid: 200, pid: 200, params: { cgroups: [`cpu=/docker/${id}`] } }])
    expect(w.thread(200).container).toBe(c)
    w.play([{ type: 'execve', tid: 200, pid: 200, params: { cgroups: ['cpu=/'] } }])
    expect(w.thread(200).container).toBeUndefined()
  })

  test("on the parent's side includes its unknown numbers in its namespace", () => {
    const numbers = (known: number, more: object) => {
      const s = shell()
      const w = new World({ ...s, threads: [...s.threads, thread(300, { vtid: known, vpid: known })] }).portable()
      w.play([{ ...parents(301, 0, more), tid: 300, pid: 300 }])
      return [w.thread(300).vtid, w.thread(300).vpid]
    }
    const recorded = { tid: 300, pid: 300, vtid: 3, vpid: 4 }
    expect(numbers(300, recorded)).toEqual([3, 4])
    expect(numbers(-1, recorded)).toEqual([3, 4])
    expect(numbers(9, recorded)).toEqual([9, 9])
    expect(numbers(300, { ...recorded, tid: 77 })).toEqual([300, 300])
    expect(numbers(300, { tid: 300, pid: 300, vtid: undefined, vpid: undefined })).toEqual([300, 300])
  })
})
