// The directory, session and group of a process, and the files that it opens, call by call.
import { describe, expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from './world.js'

describe('directories, sessions and groups', () => {
  const after = (rows: RowSpec[], tid = 100, w = new World()) => w.play(rows).thread(tid)
  test('a directory is changed by a successful call', () => {
    const cwd = (...rows: RowSpec[]) => after(rows).cwd
    expect(cwd({ type: 'chdir', params: { path: '/a' } })).toBe('/a')
    expect(cwd({ type: 'chdir', params: { path: 'b' } })).toBe('/home/b')
    expect(cwd({ type: 'chdir', ret: -2, params: { path: '/a' } })).toBe('/home')
    expect(cwd({ type: 'chdir', params: { path: '' } }, { type: 'chdir', params: {} })).toBe('/home')
    expect(cwd({ type: 'getcwd', ret: 3, params: { path: '/a' } })).toBe('/a')
    expect(cwd({ type: 'getcwd', ret: -34, params: { path: '/a' } })).toBe('/home')
    expect(cwd({ type: 'getcwd', ret: 3, params: { path: '(unreachable)/a' } })).toBe('/home')
    const opened: RowSpec = { type: 'open', ret: 7, params: { name: '/dir', flags: 0o200000 } }
    expect(cwd(opened, { type: 'fchdir', params: { fd: 7 } })).toBe('/dir')
    expect(cwd(opened, { type: 'fchdir', ret: -13, params: { fd: 7 } })).toBe('/home')
    expect(cwd({ type: 'pipe2', params: { fd1: 7, fd2: 8, flags: 0 } }, { type: 'fchdir', params: { fd: 7 } })).toBe(
      '/home',
    )
  })

  test('a call that ran while the kernel reported the directory does not change it again', () => {
    const recorded: RowSpec = { type: CODE.ks_cwd, time: 50, params: { cwd: '/a/b', root: '/' } }
    const chdir = (time: number, latency: number): RowSpec => ({ type: 'chdir', time, latency, params: { path: 'b' } })
    expect(after([recorded, chdir(60, 20)]).cwd).toBe('/a/b')
    expect(after([recorded, chdir(60, 10)]).cwd).toBe('/a/b')
    expect(after([recorded, chdir(60, 5)]).cwd).toBe('/a/b/b')
  })

  test('a thread with a mount or user namespace of its own has a directory of its own', () => {
    const s = shell()
    const cwds = (flags: number, portable = false) => {
      const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100, vpid: 100 })] })
      if (portable) w.portable()
      w.play([
        { type: 'unshare', tid: 101, params: { flags } },
        { type: 'chdir', tid: 101, params: { path: '/a' } },
      ])
      return [w.thread(100).cwd, w.thread(101).cwd]
    }
    const [CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET] = [0x20000, 0x10000000, 0x40000000]
    expect(cwds(CLONE_NEWNS)).toEqual(['/home', '/a'])
    expect(cwds(CLONE_NEWUSER)).toEqual(['/home', '/a'])
    expect(cwds(CLONE_NEWNET)).toEqual(['/a', '/a'])
    expect(cwds(1 << 5, true)).toEqual(['/home', '/a'])
    expect(cwds(1 << 20, true)).toEqual(['/home', '/a'])
  })

  test('a directory of which only the end is known is marked at its start, as are paths below it', () => {
    const w = new World(shell())
    w.play([{ type: CODE.ks_cwd, params: { cwd: '.../d/e', root: '/' } }])
    expect(w.shows({ type: 'open', ret: 3, params: { name: 'f', flags: 0 } }).name).toBe('.../d/e/f')
    expect(w.shows({ type: 'open', ret: 4, params: { name: '../g', flags: 0 } }).name).toBe('.../d/g')
    expect(w.shows({ type: 'open', ret: 5, params: { name: '/h', flags: 0 } }).name).toBe('/h')
  })

  test('a root is changed by a successful call', () => {
    const root = (params: object, ret = 0) => after([{ type: 'chroot', ret, params: { ...params } }]).root
    expect([
      root({ path: '/jail' }),
      root({ path: 'jail' }),
      root({ path: '/jail' }, -1),
      root({ path: '' }),
      root({}),
    ]).toEqual(['/jail', '/home/jail', '/', '/', '/'])
  })

  test('a session belongs to the whole process', () => {
    const s = shell()
    const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100, vpid: 9 })] })
    w.play([{ type: 'setsid', ret: -1 }])
    expect(w.thread(100).sid).toBe(90)
    w.play([{ type: 'setsid', ret: 100 }])
    for (const t of [100, 101]) expect(w.thread(t)).toMatchObject({ sid: 100, pgid: 100, vpgid: 100, tty: 0 })
  })

  test("a group is changed for the caller, or for the named process if numbers are the host's", () => {
    const setpgid = (pid: number, pgid: number, ret = 0): RowSpec => ({ type: 'setpgid', ret, params: { pid, pgid } })
    const groups = (row: RowSpec, tid = 100) => [after([row], tid).pgid, after([row], tid).vpgid]
    expect(groups(setpgid(0, 7))).toEqual([7, 7])
    expect(groups(setpgid(0, 0))).toEqual([100, 100])
    expect(groups(setpgid(1, 7), 1)).toEqual([7, 7])
    expect(groups(setpgid(1, 7))).toEqual([90, 90])
    expect(groups(setpgid(777, 7))).toEqual([90, 90])
    expect(groups(setpgid(0, 7, -1))).toEqual([90, 90])
    const s = shell()
    const inner = () => new World({ ...s, threads: [...s.threads, thread(300, { vtid: 3, vpid: 3 })] })
    const inside = (row: RowSpec) => after([{ ...row, tid: 300, pid: 300 }], 300, inner())
    expect(inside(setpgid(0, 5))).toMatchObject({ pgid: 90, vpgid: 5 })
    expect(inside(setpgid(0, 0))).toMatchObject({ pgid: 300, vpgid: 3 })
    expect(inside(setpgid(3, 5))).toMatchObject({ pgid: 90, vpgid: 90 })
  })

  test('unshare ends sharing if it succeeds', () => {
    const s = shell()
    const shared = (flags: number, ret = 0) => {
      const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100 })] })
      w.play([{ type: 'unshare', tid: 101, pid: 100, ret, params: { flags } }])
      const [a, b] = [w.thread(100), w.thread(101)]
      return [a.fdTable === b.fdTable, a.fs === b.fs]
    }
    expect([shared(0), shared(0x400), shared(0x200), shared(0x600), shared(0x600, -1)]).toEqual([
      [true, true],
      [false, true],
      [true, false],
      [false, false],
      [true, true],
    ])
  })
})

describe('an opened file', () => {
  const opened = (params: object, native = true) => {
    const w = native ? new World() : new World().portable()
    return w
      .play([{ type: 'open', ret: 7, params: { ...params } }])
      .thread(100)
      .fdTable.fds.get(7)
  }
  test('has its device, inode and flags if they are recorded', () => {
    expect(opened({ name: '/a', flags: 0o2, dev: 5, ino: 6 })).toMatchObject({ dev: 5, ino: 6, flags: 2, type: 'file' })
    const bare = opened({ name: '/a', flags: 0 })
    expect([bare?.dev, bare?.ino]).toEqual([undefined, undefined])
  })

  test('in files of other tools has the layer of an overlay', () => {
    const layer = (flags: number, native = false) => opened({ name: '/a', flags }, native)?.layer
    expect([layer(1 << 15), layer(1 << 16), layer(1), layer((1 << 15) | (1 << 16))]).toEqual([
      'upper',
      'lower',
      undefined,
      'upper',
    ])
    expect(layer(1 << 15, true)).toBeUndefined()
  })

  test('by creat has its flags, and its layer too', () => {
    const created = (creat_flags: number | undefined) =>
      new World()
        .portable()
        .play([{ type: 'creat', ret: 7, params: { name: '/a', mode: 0, creat_flags } }])
        .thread(100)
        .fdTable.fds.get(7)
    expect(created(undefined)).toMatchObject({ flags: 0o1101, type: 'file' })
    expect([created(1)?.layer, created(2)?.layer, created(0)?.layer]).toEqual(['upper', 'lower', undefined])
  })

  test('relative to an unknown descriptor has no directory', () => {
    const w = new World().play([{ type: 'openat', ret: 7, params: { dirfd: 55, name: 'x', flags: 0, mode: 0 } }])
    expect(w.fds()[7]).not.toContain('/home')
  })
})
