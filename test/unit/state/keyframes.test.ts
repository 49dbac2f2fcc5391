// Threads of a snapshot, and that a keyframe has the same data of each.

import { describe, expect, test } from 'vitest'
import type { ThreadInfo } from '../../../src/model/snapshot.js'
import { batchNs, bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import { file, info, shell, thread, World } from './world.js'

const world = (...threads: ThreadInfo[]) => {
  const s = shell()
  return new World({ ...s, threads: [...s.threads, ...threads] })
}
/** The data of a thread in a keyframe. */
const inKeyframe = (w: World, tid: number) => w.state.snapshot().threads.find((t) => t.tid === tid)

test('the keyframe has all data of a thread in a snapshot', () => {
  const all: Partial<ThreadInfo> = {
    vtid: 7,
    vpid: 7,
    args: ['a', 'b'],
    env: ['A=1'],
    cwd: '/work',
    root: '/jail',
    uid: 1,
    gid: 2,
    loginuid: 3,
    tty: 4,
    sid: 5,
    pgid: 6,
    vpgid: 7,
    capInheritable: 8,
    capPermitted: 9,
    capEffective: 10,
    fdLimit: 11,
    vmSize: 12,
    vmRss: 13,
    vmSwap: 14,
    pgftMaj: 15,
    pgftMin: 16,
    exeIno: 17,
    exeInoCtime: 18n,
    exeInoMtime: 19n,
    pidnsStart: 20n,
    exeWritable: true,
    exeUpperLayer: true,
    startBoot: bootNs(500_000_000_000),
    ranUser: 21,
    ranSystem: 22,
    ranAt: batchNs(23),
    lastUser: 24,
    lastSystem: 25,
    ranSpan: 26,
    fsToldAt: batchNs(27),
    announced: 3,
    argsTruncated: true,
    envTruncated: true,
    fds: [file(3, '/f', { dev: 1, ino: 2, flags: 0o2000000, nameRaw: 'f', layer: 'upper' })],
  }
  const complete = thread(200, all)
  const w = world(complete)
  expect(inKeyframe(w, 200)).toEqual(complete)
  expect(inKeyframe(new World(w.state.snapshot()), 200)).toEqual(complete)
})

test('unknown data are omitted', () => {
  const t = inKeyframe(world(thread(200, { fds: [], startBoot: bootNs(0) })), 200)
  for (const key of ['ranUser', 'ranSpan', 'fsToldAt', 'announced', 'fdsOf', 'fsOf', 'argsTruncated', 'envTruncated'])
    expect(t, key).not.toHaveProperty(key)
  expect(t?.startBoot).toBe(0)
})

test('a thread with all of its records has no data about its birth', () => {
  expect(inKeyframe(world(thread(200, { announced: 7, fds: [] })), 200)).not.toHaveProperty('announced')
})

test('a directory has no slash at its end, except the root', () => {
  const w = world(thread(200, { cwd: '/work/' }), thread(201, { cwd: '/' }), thread(202, { cwd: '' }))
  expect([200, 201, 202].map((t) => w.thread(t).cwd)).toEqual(['/work', '/', ''])
})

test('a thread without a name and a program is a placeholder', () => {
  const w = world(
    thread(200, { comm: '', exe: '' }),
    thread(201, { comm: '', exe: '/bin/x' }),
    thread(202, { comm: 'x', exe: '' }),
  )
  expect([200, 201, 202].map((t) => w.thread(t).placeholder)).toEqual([true, false, false])
})

describe('threads of a process', () => {
  test('are assigned to it in whatever order they are listed, and share what they do not have themselves', () => {
    const s = shell()
    const worker = thread(101, { pid: 100 })
    for (const threads of [
      [...s.threads, worker],
      [worker, ...s.threads],
    ]) {
      const w = new World({ ...s, threads })
      expect(w.thread(101)).toMatchObject({ leader: w.thread(100), fdTable: w.thread(100).fdTable, pid: 100 })
      expect(w.thread(101).fs).toBe(w.thread(100).fs)
      expect(w.thread(100).nThreads).toBe(2)
      expect(inKeyframe(w, 101)).not.toHaveProperty('fds')
      expect(inKeyframe(w, 101)).not.toHaveProperty('fdsOf')
      expect(inKeyframe(w, 101)).not.toHaveProperty('fsOf')
    }
  })

  test('may have descriptors and a directory of their own', () => {
    const w = world(
      thread(101, { pid: 100, fds: [file(5, '/own')] }),
      thread(102, { pid: 100, cwd: '/elsewhere' }),
      thread(103, { pid: 100, root: '/jail' }),
    )
    for (const x of [w, new World(w.state.snapshot())]) {
      expect([x.fds(100), x.fds(101), x.fds(102)]).toEqual([{ 0: '/dev/tty' }, { 5: '/own' }, { 0: '/dev/tty' }])
      expect([100, 102, 103].map((t) => [x.thread(t).cwd, x.thread(t).root])).toEqual([
        ['/home', '/'],
        ['/elsewhere', '/'],
        ['/home', '/jail'],
      ])
      x.play([{ type: 'chdir', params: { path: '/new' } }])
      expect([100, 101, 102].map((t) => x.thread(t).cwd)).toEqual(['/new', '/new', '/elsewhere'])
    }
  })

  test('a number without a process stands for a process of its own', () => {
    const w = world(thread(200, { pid: 0 }), thread(201, { pid: -1 }))
    expect([200, 201].map((t) => w.thread(t).pid)).toEqual([200, 201])
  })
})

test('processes that share descriptors or directories still share them after a keyframe', () => {
  const w = new World()
  const fork = (tid: number, shared: number, maker = 100) =>
    ({
      type: CODE.ks_fork,
      tid: maker,
      pid: maker,
      params: { tid, pid: tid, vtid: tid, vpid: tid, shared, comm: 'x' },
    }) as const
  w.play([fork(200, 1), fork(300, 2), fork(400, 3), fork(500, 0)])
  for (const x of [w, new World(w.state.snapshot())]) {
    const [main, files, fs, both, none] = [100, 200, 300, 400, 500].map((t) => x.thread(t))
    expect([files, fs, both, none].map((t) => t?.fdTable === main?.fdTable)).toEqual([true, false, true, false])
    expect([files, fs, both, none].map((t) => t?.fs === main?.fs)).toEqual([false, true, true, false])
  }
  expect([200, 300, 400, 500].map((t) => [inKeyframe(w, t)?.fdsOf, inKeyframe(w, t)?.fsOf])).toEqual([
    [100, undefined],
    [undefined, 100],
    [100, 100],
    [undefined, undefined],
  ])
})

test('parents and numbers of children are those of the snapshot', () => {
  const w = world(
    thread(200, { ptid: 100 }),
    thread(201, { ptid: 777 }),
    thread(202, { ptid: 202 }),
    thread(203, { ptid: 0 }),
  )
  expect([200, 201, 202, 203].map((t) => w.thread(t).parent?.tid)).toEqual([100, undefined, undefined, undefined])
  expect([w.thread(100).nChildren, w.thread(1).nChildren]).toEqual([1, 1])
})

test('the state before a snapshot is dropped', () => {
  const w = world(thread(200))
  w.play([
    { type: 'useradded', tid: -1, pid: -1, params: { uid: 1, gid: 1, name: 'u', home: '', shell: '' } },
    { type: 'close', params: { fd: 0 } },
  ])
  w.state.load(shell())
  expect([w.has(200), w.state.users.size, w.fds()]).toEqual([false, 0, { 0: '/dev/tty' }])
})

describe('times on the CPU', () => {
  const report = (time: number, ran: number | undefined, user = 0, system = 0) =>
    ({ type: CODE.ks_times, time, params: { ran, user, system } }) as const
  test('that decrease belong to another task: counting starts again', () => {
    const w = new World().play([report(10, 1000, 1, 1), report(20, 100, 1, 1), report(30, 300, 1, 1)])
    expect(w.thread(100)).toMatchObject({ ranUser: 150, ranSystem: 150, lastUser: 100, lastSystem: 100, ranSpan: 10 })
  })

  test('that are unchanged do not belong to another task', () => {
    const w = new World().play([report(10, 1000, 1, 1), report(20, 1000, 1, 1)])
    expect(w.thread(100)).toMatchObject({ ranUser: 500, ranSystem: 500, lastUser: 0, lastSystem: 0, ranSpan: 10 })
  })

  test('without ticks count as user time', () => {
    expect(new World().play([report(10, 1000)]).thread(100)).toMatchObject({ ranUser: 1000, ranSystem: 0 })
  })

  test('at one moment give no time span, and without a number nothing at all', () => {
    const w = new World().play([report(10, 100, 1, 1), report(10, 200, 1, 1), report(20, undefined)])
    expect(w.thread(100)).toMatchObject({ ranUser: 100, ranSystem: 100, ranAt: 10, ranSpan: 0, ranFirst: 100 })
  })

  test('in files of older tools are in hundredths of a second', () => {
    const w = new World().portable().play([{ type: 'procinfo', time: 5, params: { cpu_usr: 3, cpu_sys: 2 } }])
    expect(w.thread(100)).toMatchObject({ ranUser: 3e7, ranSystem: 2e7, ranAt: 5 })
    w.play([{ type: 'procinfo', time: 9, params: {} }])
    expect(w.thread(100)).toMatchObject({ ranUser: 0, ranSystem: 0 })
  })

  test('between switches of a CPU belong to the thread that ran', () => {
    const w = new World()
    const slices: number[] = []
    const switched = (time: number, cpu: number) => ({ type: 'switch', time, cpu, params: {} }) as const
    w.play([switched(100, 0), switched(150, 1), switched(130, 0), switched(120, 0), switched(170, 1)], () => {
      slices.push(w.state.slice)
    })
    expect(slices).toEqual([0, 0, 30, 0, 20])
    expect(w.thread(100).slices).toBe(50)
  })
})

test('the start of a thread is that of the snapshot, before or after the start of the capture', () => {
  const w = world(thread(200, { startBoot: bootNs(info.startBoot + 7) }), thread(201, { startBoot: bootNs(0) }))
  expect([w.thread(200).startTime, w.thread(201).startTime]).toEqual([7, undefined])
})
