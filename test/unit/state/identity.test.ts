// The identity of a thread from calls and from the kernel's own records: ids, capabilities, names, limits.

import { describe, expect, test } from 'vitest'
import { bootNs } from '../../../src/model/time.js'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from './world.js'

const NO_CHANGE = 0xffffffff

describe.each([
  ['uid', 'setuid', 'uid'],
  ['uid', 'setresuid', 'euid'],
  ['gid', 'setgid', 'gid'],
  ['gid', 'setresgid', 'egid'],
] as const)('%s by %s', (field, type, param) => {
  const call = (id: number, ret = 0): RowSpec => ({ type, ret, params: { [param]: id } })
  const after = (...rows: RowSpec[]) => new World().portable().play(rows).thread(100)[field]

  test('in files of other tools is the argument of a successful call', () => {
    expect(after(call(33))).toBe(33)
    expect(after(call(33), call(0))).toBe(0)
    expect(after(call(33), call(44, -1))).toBe(33)
    expect(after(call(33), call(NO_CHANGE))).toBe(33)
    expect(after(call(33), { type, params: {} })).toBe(33)
  })

  test("live is left to the kernel's record: the argument may be a number inside a namespace", () => {
    expect(new World().play([call(33)]).thread(100)[field]).toBe(0)
  })
})

test('capabilities are the arguments of a successful capset', () => {
  const capset = (n: number, ret = 0): RowSpec => ({
    type: 'capset',
    ret,
    params: { cap_inheritable: n, cap_permitted: n + 1, cap_effective: n + 2 },
  })
  const w = new World().play([capset(5), capset(50, -1), { type: 'capset', params: {} }])
  expect(w.thread(100)).toMatchObject({ capInheritable: 5, capPermitted: 6, capEffective: 7 })
})

test('a name set by prctl is cut as the kernel cuts it; other options set none', () => {
  const prctl = (option: number, arg2_str: string | undefined, ret = 0): RowSpec => ({
    type: 'prctl',
    ret,
    params: { option, arg2_str },
  })
  const name = (...rows: RowSpec[]) => new World().play(rows).thread(100).comm
  expect(name(prctl(15, 'worker'))).toBe('worker')
  expect(name(prctl(15, 'a-name-of-more-bytes'))).toBe('a-name-of-more-')
  expect(name(prctl(15, 'worker', -14))).toBe('sh')
  expect(name(prctl(16, 'worker'))).toBe('sh')
  expect(name(prctl(15, undefined))).toBe('sh')
})

describe('the limit of descriptors', () => {
  const limits = (rows: RowSpec[], w = new World()) =>
    [1, 100].map((tid) => w.play(tid === 1 ? rows : []).thread(tid).fdLimit)
  const NOFILE = 7
  const prlimit = (params: object, ret = 0): RowSpec => ({
    type: 'prlimit',
    ret,
    params: { resource: NOFILE, ...params },
  })

  test('is set for the caller, or for the named process', () => {
    expect(limits([{ type: 'setrlimit', params: { resource: NOFILE, cur: 64, max: 99 } }])).toEqual([1024, 64])
    expect(limits([prlimit({ pid: 0, newcur: 65, newmax: 99 })])).toEqual([1024, 65])
    expect(limits([prlimit({ pid: 1, newcur: 66, newmax: 99 })])).toEqual([66, 1024])
    expect(limits([prlimit({ pid: 777, newcur: 67, newmax: 99 })])).toEqual([1024, 1024])
  })

  test('is set for all threads of the process', () => {
    const s = shell()
    const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100 })] })
    w.play([prlimit({ pid: 0, newcur: 65, newmax: 99 })])
    expect(w.thread(101).fdLimit).toBe(65)
  })

  test("is set for another process only if the numbers are the host's", () => {
    const s = shell()
    const w = new World({ ...s, threads: [...s.threads, thread(300, { vtid: 3, vpid: 3 })] })
    w.play([{ ...prlimit({ pid: 1, newcur: 66, newmax: 99 }), tid: 300, pid: 300 }])
    expect(w.thread(1).fdLimit).toBe(1024)
  })

  test('is unchanged if the call failed, was about another resource, or has no value', () => {
    expect(limits([prlimit({ pid: 0, newcur: 65, newmax: 99 }, -1)])).toEqual([1024, 1024])
    expect(limits([prlimit({ pid: 0, newcur: 65, newmax: 99, resource: 6 })])).toEqual([1024, 1024])
    expect(limits([prlimit({ pid: 0 })])).toEqual([1024, 1024])
    expect(limits([prlimit({ pid: 0, newcur: -1, newmax: -1 })])).toEqual([1024, 1024])
  })

  test('in files of other tools is the old one if zeros mean that it was only queried', () => {
    const limitsAfter = (params: object) =>
      limits([prlimit({ pid: 0, oldcur: 77, oldmax: 88, ...params })], new World().portable())
    expect(limitsAfter({ newcur: 0, newmax: 0 })).toEqual([1024, 77])
    expect(limitsAfter({ newcur: 5, newmax: 0 })).toEqual([1024, 5])
    expect(limitsAfter({ newcur: 0, newmax: 9 })).toEqual([1024, 0])
    expect(limits([prlimit({ pid: 0, oldcur: 77, newcur: 0, newmax: 0 })])).toEqual([1024, 0])
  })
})

test('memory is that of the process, whichever thread reports it; a missing value is ignored', () => {
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100 })] })
  const brk = (params: object): RowSpec => ({ type: 'brk', tid: 101, pid: 100, params: { addr: 1, ...params } })
  w.play([brk({ vm_size: 500, vm_rss: 50, vm_swap: 5 })])
  expect(w.thread(100)).toMatchObject({ vmSize: 500, vmRss: 50, vmSwap: 5 })
  w.play([brk({ vm_size: 0, vm_rss: 0, vm_swap: 0 }), brk({})])
  expect(w.thread(100)).toMatchObject({ vmSize: 500, vmRss: 50, vmSwap: 5 })
})

describe("the kernel's own record", () => {
  test('of credentials sets the recorded values', () => {
    const w = new World()
    const all = { euid: 1, egid: 2, loginuid: 3, cap_inheritable: 4, cap_permitted: 5, cap_effective: 6 }
    const recorded = { uid: 1, gid: 2, loginuid: 3, capInheritable: 4, capPermitted: 5, capEffective: 6 }
    w.play([{ type: CODE.ks_creds, params: all }])
    expect(w.thread(100)).toMatchObject(recorded)
    w.play([{ type: CODE.ks_creds, params: {} }])
    expect(w.thread(100)).toMatchObject(recorded)
    w.play([{ type: CODE.ks_creds, params: { loginuid: NO_CHANGE } }])
    expect(w.thread(100).loginuid).toBe(-1)
  })

  test('of a directory sets the recorded values', () => {
    const w = new World().play([{ type: CODE.ks_cwd, params: { cwd: '/a', root: '/r' } }])
    expect([w.thread(100).cwd, w.thread(100).root]).toEqual(['/a', '/r'])
    w.play([{ type: CODE.ks_cwd, params: {} }])
    expect([w.thread(100).cwd, w.thread(100).root]).toEqual(['/a', '/r'])
  })

  test("of a name applies to the named thread, or to the row's own", () => {
    const w = new World()
    const rename = (params: object): RowSpec => ({ type: CODE.ks_rename, params: { ...params } })
    w.play([rename({ tid: 1, comm: 'systemd' }), rename({ comm: 'zsh' }), rename({ tid: 777, comm: 'nobody' })])
    expect([1, 100].map((t) => w.thread(t).comm)).toEqual(['systemd', 'zsh'])
    w.play([rename({ tid: 100 })])
    expect(w.thread(100).comm).toBe('zsh')
    expect(w.has(777)).toBe(false)
  })

  test('of a pid namespace is the start of its first process, since the epoch', () => {
    const w = new World()
    w.play([{ type: CODE.ks_pidns, params: { tid: 1, pidns_init_start_ts: 1_000_000_000_007n } }])
    expect(w.thread(1).pidnsStart).toBe(1_700_000_000_000_000_007n)
    w.play([{ type: CODE.ks_pidns, params: { tid: 777, pidns_init_start_ts: 5n } }])
    expect(w.has(777)).toBe(false)
    const unknown = new World(shell(), { startBoot: bootNs(0) })
    unknown.play([{ type: CODE.ks_pidns, params: { tid: 1, pidns_init_start_ts: 7n } }])
    expect(unknown.thread(1).pidnsStart).toBe(0n)
  })

  test('of cgroups applies to all threads of a process, or to a single one', () => {
    const s = shell()
    const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100 }), thread(200)] })
    const moved = (params: object): RowSpec => ({ type: CODE.ks_cgroups, tid: 1, pid: 1, params: { ...params } })
    const groups = () => [100, 101, 200].map((t) => w.thread(t).cgroups[0])
    w.play([moved({ tid: 101, pid: 100, alone: 0, cgroups: ['cpu=/a'] })])
    expect(groups()).toEqual(['cpu=/a', 'cpu=/a', 'cpu=/'])
    w.play([moved({ tid: 101, pid: 100, alone: 1, cgroups: ['cpu=/b'] })])
    expect(groups()).toEqual(['cpu=/a', 'cpu=/b', 'cpu=/'])
    w.play([moved({ tid: 101, pid: 100, alone: 1 }), moved({ tid: 777, pid: 777, alone: 0, cgroups: ['cpu=/c'] })])
    expect(groups()).toEqual(['cpu=/a', 'cpu=/b', 'cpu=/'])
  })

  test('of created and removed cgroups is passed to their watcher', () => {
    const w = new World()
    const calls: unknown[] = []
    const rows: RowSpec[] = [
      { type: CODE.ks_cgroup, params: { id: 7, gone: 0, path: '/a' } },
      { type: CODE.ks_cgroup, params: { id: 7, gone: 1, path: '/a' } },
    ]
    expect(() => w.play(rows)).not.toThrow()
    w.state.watcher = {
      created: (id, path) => calls.push(['made', id, path]),
      removed: (id) => calls.push(['gone', id]),
      changed: () => calls.push('changed'),
    }
    w.play([...rows, { type: 'container', tid: -1, pid: -1, params: { json: '{}' } }])
    expect(calls).toEqual([['made', 7, '/a'], ['gone', 7], 'changed'])
  })

  test('of a birth without numbers, as in a damaged file, creates no thread', () => {
    const w = new World()
    const before = w.state.threads.size
    w.play([
      { type: CODE.ks_fork, params: { pid: 200 } },
      { type: CODE.ks_fork, params: { tid: 200 } },
      { type: CODE.ks_fork, params: { tid: 0, pid: 0 } },
      { type: CODE.ks_fork, params: { tid: -5, pid: -5 } },
    ])
    expect(w.state.threads.size).toBe(before)
  })

  test("of a birth sets the child's own numbers, its start and its parent", () => {
    const w = new World()
    const fork = (tid: number, more: object): RowSpec => ({
      type: CODE.ks_fork,
      time: 1000 + tid,
      params: { tid, pid: tid, comm: 'kid', ...more },
    })
    w.play([fork(200, { vtid: 2, vpid: 2, ptid: 1, start: 1_000_000_000_900 }), fork(201, {})])
    expect(w.thread(200)).toMatchObject({ vtid: 2, vpid: 2, ptid: 1, parent: w.thread(1), startTime: 900, comm: 'kid' })
    expect(w.thread(201)).toMatchObject({ vtid: 201, vpid: 201, ptid: 100, parent: w.thread(100), startTime: 1201 })
    expect(w.thread(201)).toMatchObject({ ranUser: 0, ranSystem: 0, ranAt: 1201 })
  })

  test('of a birth that the snapshot already contains does not recreate the thread, one much later does', () => {
    const s = shell()
    const at = (startBoot: number) => thread(200, { ptid: 100, startBoot: bootNs(startBoot), comm: 'known', fds: [] })
    const fork = (time: number, start?: number): RowSpec => ({
      type: CODE.ks_fork,
      time,
      params: { tid: 200, pid: 200, vtid: 200, vpid: 200, comm: 'born', start },
    })
    const born = (startBoot: number, time: number, start?: number) =>
      new World({ ...s, threads: [...s.threads, at(startBoot)] }).play([fork(time, start)]).thread(200).comm
    expect(born(1_000_000_000_000 + 5e6, 1e6)).toBe('known')
    expect(born(1_000_000_000_000 + 1e6, 5e6)).toBe('known')
    expect(born(1_000_000_000_000 + 50e6, 1e6)).toBe('born')
    expect(born(500_000_000_000, 1e6)).toBe('born')
    // the record has the start, and may itself be much later
    expect(born(1_000_000_000_000 + 1e6, 80e6, 1_000_000_000_000 + 1e6)).toBe('known')
    expect(born(1_000_000_000_000 + 1e6, 1e6, 1_000_000_000_000 + 80e6)).toBe('born')
  })

  test('of an exec applies to the process, and removes its other threads', () => {
    const s = shell()
    const w = new World({ ...s, threads: [...s.threads, thread(101, { pid: 100, comm: 'worker' })] })
    w.play([{ type: CODE.ks_exec, tid: 100, pid: 100, params: { oldtid: 101, comm: 'program' } }], (e) =>
      expect(e.thread?.tid).toBe(100),
    )
    expect([w.has(101), w.thread(100).comm, w.thread(100).nThreads]).toEqual([false, 'program', 1])
    w.play([{ type: CODE.ks_exec, tid: 100, pid: 100, params: { oldtid: 100 } }])
    expect(w.thread(100).comm).toBe('program')
  })
})
