// Descriptors of calls that failed, that name none, or an unknown one: numbers, close-on-exec, closing.
import { describe, expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { bitsOf, CLOEXEC, kernelOpenFlags } from '../../../src/state/flag-bits.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, thread, World } from './world.js'

const cloexec = (w: World, n: number, tid = 100): boolean =>
  ((w.thread(tid).fdTable.fds.get(n)?.flags ?? 0) & CLOEXEC) !== 0
const world = () => new World(shell([file(0, '/zero'), file(3, '/a'), file(4, '/b'), file(9, '/nine')]))
const dup2 = (oldfd: number | undefined, newfd: number, ret = newfd, more = {}): RowSpec => ({
  type: 'dup2',
  ret,
  params: { oldfd, newfd },
  ...more,
})

describe('dup', () => {
  test('of an unknown descriptor replaces the target, unless that is newer than the call', () => {
    expect(
      world()
        .play([dup2(77, 9)])
        .fds(),
    ).toEqual({ 0: '/zero', 3: '/a', 4: '/b' })
    const w = world()
    w.play([{ type: 'open', time: 100, ret: 9, params: { name: '/young', flags: 0 } }])
    w.play([dup2(77, 9, 9, { time: 110, latency: 50 })])
    expect(w.fds()[9]).toBe('/young')
    expect(
      world()
        .play([dup2(77, 50)])
        .fds(),
    ).toEqual(world().fds())
  })

  test('of an unknown descriptor shows its number, a copy shows the copy', () => {
    const num = (row: RowSpec) => world().shows(row).num
    expect(num(dup2(77, 9))).toBe(77)
    expect(num(dup2(3, 9))).toBe(9)
    expect(num(dup2(0, 9))).toBe(9)
    let changed = true
    world().play([dup2(3, 9)], (e) => {
      changed = e.fdNameChanged
    })
    expect(changed).toBe(false)
  })

  test('that failed changes nothing', () => {
    expect(
      world()
        .play([dup2(3, 9, -9), { type: 'dup', ret: -24, params: { oldfd: 3 } }])
        .fds(),
    ).toEqual(world().fds())
    expect(world().shows(dup2(3, 9, -9)).name).toBe('/a')
  })

  test('may create number 0', () => {
    expect(
      world()
        .play([dup2(3, 0)])
        .fds()[0],
    ).toBe('/a')
  })

  test('without a number copies nothing', () => {
    const w = world().play([dup2(undefined, 9)])
    expect(w.fds()[9]).toBeUndefined()
    expect(w.fds()[3]).toBe('/a')
  })
})

describe('fcntl', () => {
  const fcntl = (params: object, ret = 0): RowSpec => ({ type: 'fcntl', ret, params: { fd: 3, ...params } })
  test('sets and clears close-on-exec', () => {
    const w = world()
    expect(cloexec(w.play([fcntl({ cmd: 2, arg: 1 })]), 3)).toBe(true)
    expect(cloexec(w.play([fcntl({ cmd: 2, arg: 2 })]), 3)).toBe(false)
  })

  test('changes nothing if it failed, does something else, or the number is unknown', () => {
    expect(cloexec(world().play([fcntl({ cmd: 2, arg: 1 }, -9)]), 3)).toBe(false)
    expect(cloexec(world().play([fcntl({ cmd: 4, arg: 1 })]), 3)).toBe(false)
    expect(
      world()
        .play([fcntl({ fd: 77, cmd: 2, arg: 1 })])
        .fds(),
    ).toEqual(world().fds())
  })

  test('copies a descriptor, or fails to', () => {
    expect(
      world()
        .play([fcntl({ cmd: 0, arg: 5 }, 5)])
        .fds()[5],
    ).toBe('/a')
    expect(
      world()
        .play([fcntl({ cmd: 0, arg: 5 }, -24)])
        .fds(),
    ).toEqual(world().fds())
    const w = world().play([fcntl({ cmd: 1030, arg: 5 }, 5)])
    expect([w.fds()[5], cloexec(w, 5), cloexec(w, 3)]).toEqual(['/a', true, false])
    expect(new World(shell([file(3, '/a')])).play([fcntl({ cmd: 0, arg: 0 }, 0)]).fds()[0]).toBe('/a')
  })

  test('sets the flag of a number in one table, not of the shared file', () => {
    const w = world().play([{ type: CODE.ks_fork, params: { tid: 200, pid: 200, vtid: 200, vpid: 200, comm: 'x' } }])
    let shown: unknown
    w.play([fcntl({ cmd: 2, arg: 1 })], (e) => {
      shown = e.fd
    })
    expect([cloexec(w, 3), cloexec(w, 3, 200)]).toEqual([true, false])
    expect(shown).toBe(w.thread(100).fdTable.fds.get(3))
  })

  test('changes nothing on a number that was reassigned while the call ran', () => {
    const w = world()
    w.play([
      { type: 'close', time: 100, params: { fd: 3 } },
      { type: 'open', time: 110, ret: 3, params: { name: '/new', flags: 0 } },
      fcntl({ cmd: 2, arg: 1 }),
    ])
    expect(cloexec(w, 3)).toBe(true)
    const late = world()
    late.play([
      { type: 'close', time: 100, params: { fd: 3 } },
      { type: 'open', time: 110, ret: 3, params: { name: '/new', flags: 0 } },
      { ...fcntl({ cmd: 2, arg: 1 }), time: 120, latency: 60 },
    ])
    expect([late.fds()[3], cloexec(late, 3)]).toEqual(['/new', false])
  })
})

describe('close', () => {
  const range = (first: number | undefined, last: number | undefined, flags = 0, ret = 0): RowSpec => ({
    type: 'close_range',
    ret,
    params: { first, last, flags },
  })
  test('of an unknown number, or of none, closes nothing', () => {
    const rows: RowSpec[] = [
      { type: 'close', params: { fd: 77 } },
      { type: 'close', params: {} },
    ]
    expect(world().play(rows).fds()).toEqual(world().fds())
  })

  test('of a range closes both of its ends and nothing next to it', () => {
    expect(
      Object.keys(
        world()
          .play([range(3, 4)])
          .fds(),
      ),
    ).toEqual(['0', '9'])
    expect(
      Object.keys(
        world()
          .play([range(0, 3)])
          .fds(),
      ),
    ).toEqual(['4', '9'])
  })

  test('of a range that failed, or is unknown, closes nothing', () => {
    const rows = [range(3, 4, 0, -1), range(undefined, 4), range(3, undefined)]
    expect(world().play(rows).fds()).toEqual(world().fds())
  })

  test('of a range may only set close-on-exec', () => {
    const w = world().play([range(3, 4, 4)])
    expect([0, 3, 4, 9].map((n) => cloexec(w, n))).toEqual([false, true, true, false])
  })

  test('of a range ends sharing only on request', () => {
    const s = shell([file(3, '/a'), file(4, '/b')])
    const shared = (flags: number) => {
      const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100 })] })
      w.play([{ ...range(3, 3, flags), tid: 101, pid: 100 }])
      return [Object.keys(w.fds(100)), Object.keys(w.fds(101))]
    }
    expect(shared(0)).toEqual([['4'], ['4']])
    expect(shared(2)).toEqual([['3', '4'], ['4']])
  })

  test('by io_uring closes it, other operations and failures do not', () => {
    const done = (opcode: number, ret = 0, fd: number | undefined = 3): RowSpec => ({
      type: 'io_uring_complete',
      ret,
      params: { fd, opcode },
    })
    const left = (row: RowSpec) => world().play([row]).fds()[3]
    expect(left(done(19))).toBeUndefined()
    expect(left(done(22))).toBe('/a')
    expect(left(done(19, -9))).toBe('/a')
    expect(left(done(19, 0, 77))).toBe('/a')
    expect(world().shows(done(22)).name).toBe('/a')
  })

  test('after the closing at an event, nothing else is closed', () => {
    const w = world().play([range(3, 4), { type: 'open', ret: 3, params: { name: '/again', flags: 0 } }])
    w.play([{ type: 'getppid' }, { type: 'close', params: { fd: 9 } }, { type: 'getppid' }])
    expect(w.fds()).toEqual({ 0: '/zero', 3: '/again' })
  })
})

describe('flag bits', () => {
  const of = (native: boolean, arch: 'x64' | 'arm64') => ({ native, arch })
  test("are those of the architecture, or of other tools' files", () => {
    expect(bitsOf(of(true, 'x64'))).toMatchObject({ O_DIRECTORY: 0x10000, O_CLOEXEC: 0x80000, F_DUPFD: 0 })
    expect(bitsOf(of(true, 'arm64'))).toMatchObject({ O_DIRECTORY: 0x4000, O_CLOEXEC: 0x80000 })
    expect(bitsOf(of(false, 'arm64'))).toMatchObject({ O_DIRECTORY: 1024, O_CLOEXEC: 4096, F_DUPFD: 1 })
  })

  test.each([
    [0x4000, 0x10000],
    [0x8000, 0x20000],
    [0x10000, 0x4000],
    [0x20000, 0x8000],
    [0x84002, 0x90002],
  ])('arm64’s open flags %i are %i on x86-64', (there, here) => {
    expect(kernelOpenFlags(there, of(true, 'arm64'))).toBe(here)
    expect(kernelOpenFlags(there, of(true, 'x64'))).toBe(there)
  })

  test.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 2],
    [1024, 0x10000],
    [4096, 0x80000],
    [1024 + 4096 + 3, 0x90002],
    [4, 0],
  ])('libs’ open flags %i are %i', (theirs, kernels) => expect(kernelOpenFlags(theirs, of(false, 'x64'))).toBe(kernels))
})

describe('exec', () => {
  test('sets groups, login, program and capabilities as far as they are recorded', () => {
    const w = new World()
    const all = {
      vpgid: 7,
      pgid: 8,
      loginuid: 9,
      tty: 10,
      flags: 3,
      cap_inheritable: 1,
      cap_permitted: 2,
      cap_effective: 3,
    }
    w.play([{ type: 'execve', params: { ...all, exe_ino: 11, exe_ino_ctime: 12n, exe_ino_mtime: 13n } }])
    const recorded = { vpgid: 7, pgid: 8, loginuid: 9, tty: 10, capInheritable: 1, capPermitted: 2, capEffective: 3 }
    expect(w.thread(100)).toMatchObject({ ...recorded, exeWritable: true, exeUpperLayer: true, exeIno: 11 })
    expect(w.thread(100)).toMatchObject({ exeInoCtime: 12n, exeInoMtime: 13n })
    w.play([{ type: 'execve', params: { flags: 0 } }])
    expect(w.thread(100)).toMatchObject({
      ...recorded,
      exeWritable: false,
      exeUpperLayer: false,
      exeIno: 0,
      exeInoCtime: 0n,
    })
    w.play([{ type: 'execve', params: { loginuid: 0xffffffff, flags: 1 } }])
    expect(w.thread(100)).toMatchObject({ loginuid: -1, exeWritable: true, exeUpperLayer: false })
    w.play([{ type: 'execve', params: { flags: 2 } }])
    expect(w.thread(100)).toMatchObject({ exeWritable: false, exeUpperLayer: true })
  })

  test.each([
    [{ trusted_exepath: '/real', filename: 'called', exe: '/arg' }, '/real'],
    [{ trusted_exepath: '', filename: 'called', exe: '/arg' }, '/home/called'],
    [{ filename: '/called', exe: '/arg' }, '/called'],
    [{ filename: '', exe: '/arg' }, '/arg'],
    [{ exe: '/arg' }, '/arg'],
    [{ exe: 'arg' }, ''],
  ])('sets the program of %j to %j', (params, path) => {
    expect(new World().play([{ type: 'execve', params }]).thread(100).exepath).toBe(path)
  })
})
