import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, thread, World } from './world.js'

const THREAD = 15
/** The kernel's record of a birth: thread `maker` created `tid` of process `pid`. */
const born = (tid: number, pid: number, shared = 0, maker = 100, more = {}): RowSpec => ({
  type: CODE.ks_fork,
  tid: maker,
  pid: maker === 101 ? 100 : maker,
  params: { tid, pid, vtid: tid, vpid: pid, shared, comm: 'sh' },
  ...more,
})
const exit = (tid: number, pid = tid, reaper_tid = 1): RowSpec => ({
  type: 'procexit',
  tid,
  pid,
  params: { reaper_tid },
})
const open = (name: string, ret: number, tid = 100, pid = tid): RowSpec => ({
  type: 'open',
  tid,
  pid,
  ret,
  params: { name, flags: 0 },
})

test('a forked child has its own copy of the descriptors, its parent and the identity of its creator', () => {
  const w = new World()
  w.play([born(200, 200, 0, 100, { time: 7 }), open('/child', 3, 200), open('/parent', 3)])
  expect(w.fds(200)).toEqual({ 0: '/dev/tty', 3: '/child' })
  expect(w.fds(100)).toEqual({ 0: '/dev/tty', 3: '/parent' })
  const child = w.thread(200)
  expect(child).toMatchObject({
    comm: 'sh',
    exe: '/bin/p100',
    ptid: 100,
    uid: 0,
    sid: 90,
    startTime: 7,
    placeholder: false,
  })
  expect(child.parent).toBe(w.thread(100))
})

test('threads share descriptors and directory; CLONE_FILES and CLONE_FS share them between processes', () => {
  const w = new World()
  w.play([born(101, 100, THREAD), born(200, 200, 1), born(300, 300, 2)])
  w.play([open('/a', 3, 101, 100), { type: 'chdir', tid: 101, pid: 100, params: { path: '/tmp' } }])
  expect(w.fds(100)[3]).toBe('/a')
  expect(w.fds(200)[3]).toBe('/a')
  expect(w.fds(300)[3]).toBe(undefined)
  expect([100, 200, 300].map((t) => w.thread(t).cwd)).toEqual(['/tmp', '/home', '/tmp'])
  expect(w.thread(101)).toMatchObject({ leader: w.thread(100), parent: w.thread(1) })
  expect(w.thread(100).nThreads).toBe(2)
})

test('unshare and close_range with CLOSE_RANGE_UNSHARE end the sharing', () => {
  const w = new World()
  w.play([born(101, 100, THREAD), born(102, 100, THREAD)])
  w.play([{ type: 'unshare', tid: 101, pid: 100, params: { flags: 0x600 } }])
  w.play([{ type: 'close_range', tid: 102, pid: 100, params: { first: 0, last: 9, flags: 2 } }])
  w.play([open('/a', 3), { type: 'chdir', params: { path: '/tmp' } }])
  expect([100, 101, 102].map((t) => w.fds(t))).toEqual([{ 0: '/dev/tty', 3: '/a' }, { 0: '/dev/tty' }, {}])
  expect(w.thread(101).cwd).toBe('/home')
})

test('a child is known before its parent’s clone returns, and clone adds nothing twice', () => {
  const w = new World()
  w.play([born(200, 200), open('/early', 3, 200)])
  w.play([{ type: 'clone', ret: 200, params: { flags: 0, tid: 100, pid: 100, ptid: 1 } }])
  expect(w.fds(200)[3]).toBe('/early')
  expect(w.thread(100).nChildren).toBe(1)
})

test('a child that has ended before its parent’s clone or vfork returns does not come back', () => {
  const w = new World()
  w.play([born(200, 200), exit(200), { type: 'vfork', ret: 200, params: { flags: 0, tid: 100, pid: 100, ptid: 1 } }])
  expect(w.has(200)).toBe(false)
  expect(w.thread(100).nChildren).toBe(0)
  w.play([born(200, 200), { type: 'vfork', ret: 200, params: { flags: 0, tid: 100, pid: 100, ptid: 1 } }])
  expect(w.has(200)).toBe(true)
})

test('an exit still shows its process, which is then removed; its children are assigned to the reaper', () => {
  const w = new World()
  w.play([born(200, 200), born(300, 300, 0, 200)])
  w.play([exit(200)], (e) => expect(e.thread).toMatchObject({ tid: 200, comm: 'sh' }))
  expect(w.has(200)).toBe(false)
  expect(w.thread(300)).toMatchObject({ ptid: 1, parent: w.thread(1) })
  expect([100, 1].map((t) => w.thread(t).nChildren)).toEqual([0, 2])
})

test('a process exists until its last thread exits, whichever thread that is', () => {
  const w = new World()
  w.play([born(101, 100, THREAD), exit(100)])
  w.play([open('/a', 3, 101, 100)], (e) => expect(e.thread?.leader.comm).toBe('sh'))
  expect(w.has(100)).toBe(true)
  w.play([exit(101, 100)])
  expect([w.has(100), w.has(101)]).toEqual([false, false])
})

test('a row that comes after the exit still finds the thread and does not bring it back', () => {
  const w = new World()
  w.play([exit(100), { type: 'switch', tid: 100 }], (e) => expect(e.thread?.comm).toBe('sh'))
  expect(w.has(100)).toBe(false)
})

test('a reused pid is a new process', () => {
  const w = new World()
  w.play([born(200, 200), open('/old', 3, 200), exit(200), born(200, 200, 0, 1)])
  expect(w.fds(200)).toEqual({})
  w.play([open('/x', 3, 200), born(200, 200, 0, 100)])
  expect(w.fds(200)).toEqual({ 0: '/dev/tty' })
  expect(w.thread(1).nChildren).toBe(1)
})

test('exec gives the process its new identity', () => {
  const w = new World()
  w.play([
    {
      type: 'execve',
      params: {
        exe: 'ls',
        args: ['-l', 'a b'],
        comm: 'ls',
        env: ['A=1', 'B='],
        trusted_exepath: '/usr/bin/ls',
        filename: '/bin/ls',
        cgroups: ['cpu=/x'],
        uid: 5,
        gid: 6,
        loginuid: 0xffffffff,
        tty: 9,
        flags: 1,
        cap_effective: 0x1ffffffffff,
        exe_ino: 7,
      },
    },
  ])
  expect(w.thread(100)).toMatchObject({
    exe: 'ls',
    args: ['-l', 'a b'],
    comm: 'ls',
    env: ['A=1', 'B='],
    exepath: '/usr/bin/ls',
    cgroups: ['cpu=/x'],
    uid: 5,
    gid: 6,
    loginuid: -1,
    tty: 9,
    exeWritable: true,
    capEffective: 0x1ffffffffff,
    exeIno: 7,
    cwd: '/home',
  })
})

test("without the kernel's record the executable is the argument, resolved by the working directory", () => {
  const w = new World()
  w.play([{ type: 'execve', params: { exe: 'x', comm: 'x', filename: './x' } }])
  expect(w.thread(100).exepath).toBe('/home/x')
})

test('a program without arguments and environment has none, whatever was there before', () => {
  const w = new World()
  w.play([{ type: 'execve', params: { exe: 'a', comm: 'a', args: ['x'], env: ['A=1'] } }])
  w.play([{ type: 'execve', params: { exe: 'b', comm: 'b' } }])
  expect(w.thread(100)).toMatchObject({ exe: 'b', args: [], env: [] })
})

test("getcwd sets a working directory that a file's snapshot lacked", () => {
  const w = new World()
  w.play([{ type: 'getcwd', ret: 10, params: { path: '/srv/demo' } }])
  expect(w.thread(100).cwd).toBe('/srv/demo')
  w.play([{ type: 'getcwd', ret: 14, params: { path: '(unreachable)/x' } }])
  expect(w.thread(100).cwd).toBe('/srv/demo')
})

test('a failed exec changes nothing', () => {
  const w = new World()
  w.play([{ type: 'execve', ret: -2, params: { comm: 'no', exe: 'no' } }])
  expect(w.thread(100).comm).toBe('sh')
})

test('a thread that calls exec becomes its process: the others are removed, its own table is retained', () => {
  const w = new World()
  w.play([born(101, 100, THREAD), born(102, 100, THREAD), born(200, 200)])
  w.play([{ type: 'unshare', tid: 101, pid: 100, params: { flags: 0x400 } }, open('/mine', 3, 101, 100)])
  w.play([exit(102, 100), exit(100), { type: CODE.ks_exec, tid: 100, params: { oldtid: 101, comm: 'new' } }])
  w.play([{ type: 'execve', tid: 100, params: { comm: 'new', exe: 'new' } }])
  expect([w.has(101), w.has(102)]).toEqual([false, false])
  expect(w.thread(100)).toMatchObject({ comm: 'new', nThreads: 1, exited: false })
  expect(w.fds(100)).toEqual({ 0: '/dev/tty', 3: '/mine' })
  expect(w.thread(200).parent).toBe(w.thread(100))
})

test('exec does the same in a file without records of the kernel', () => {
  const w = new World().portable()
  w.play([
    { type: 'clone', ret: 101, params: { flags: 0x2001 | 2, comm: 'sh' } },
    exit(100),
    { type: 'execve', tid: 100, params: { comm: 'new', exe: 'new' } },
  ])
  expect(w.has(101)).toBe(false)
  expect(w.thread(100)).toMatchObject({ comm: 'new', nThreads: 1, exited: false })
  expect(w.fds(100)).toEqual({ 0: '/dev/tty' })
})

test('exec ends the sharing of descriptors with another process', () => {
  const w = new World()
  w.play([born(200, 200, 1), { type: 'execve', tid: 200, params: { comm: 'x' } }, open('/x', 3, 200)])
  expect(w.fds(100)).toEqual({ 0: '/dev/tty' })
})

const childRow = (tid: number, ptid: number, more = {}): RowSpec => ({
  type: 'clone',
  tid,
  pid: tid,
  ret: 0,
  params: {
    exe: '/bin/sh',
    args: ['-c'],
    tid,
    pid: tid,
    ptid,
    comm: 'kid',
    uid: 7,
    gid: 8,
    vtid: 5,
    vpid: 5,
    flags: 0,
    ...more,
  },
})
const parentRow = (child: number, flags = 0): RowSpec => ({
  type: 'clone',
  ret: child,
  params: { flags, tid: 100, pid: 100, ptid: 1, comm: 'sh', vtid: 100, vpid: 100 },
})

test.each([
  ['parent first', [parentRow(200), childRow(200, 100)]],
  ['child first', [childRow(200, 100), parentRow(200)]],
])('in .scap files both sides of clone create one child: %s', (_, rows) => {
  const w = new World().portable()
  w.play(rows)
  expect(w.thread(200)).toMatchObject({ comm: 'kid', args: ['-c'], uid: 7, gid: 8, vtid: 5, ptid: 100 })
  expect(w.thread(200).parent).toBe(w.thread(100))
  expect(w.thread(100).nChildren).toBe(1)
  expect(w.fds(200)).toEqual({ 0: '/dev/tty' })
})

test('in .scap files a second clone with the same tid is another process', () => {
  const w = new World().portable()
  w.play([parentRow(200), childRow(200, 100), open('/x', 3, 200), parentRow(200), childRow(200, 100)])
  expect(w.fds(200)).toEqual({ 0: '/dev/tty' })
})

test("in .scap files a parent in a pid namespace does not know its child's tid; the child's own row does", () => {
  const w = new World({
    threads: [thread(1, { ptid: 0, fds: [] }), thread(100, { vtid: 2, vpid: 2, fds: [file(4, '/n')] })],
    users: [],
    groups: [],
  }).portable()
  w.play([parentRow(3)])
  expect(w.has(3)).toBe(false)
  w.play([childRow(5003, 100, { vtid: 3, vpid: 3 })])
  expect(w.fds(5003)).toEqual({ 4: '/n' })
})

test('in .scap files thread flags create threads', () => {
  const w = new World().portable()
  w.play([parentRow(101, 0x2003)])
  expect(w.thread(101)).toMatchObject({ pid: 100, leader: w.thread(100) })
  expect(w.thread(101).fdTable).toBe(w.thread(100).fdTable)
})

test('a thread without a recorded start gets the known data of its process', () => {
  const w = new World()
  w.play([{ type: 'getppid', tid: 150, pid: 100 }], (e) => expect(e.thread?.leader.comm).toBe('sh'))
  w.play([{ type: 'getppid', tid: 777, pid: 777 }], (e) => expect(e.thread).toMatchObject({ tid: 777, comm: '' }))
  w.play([{ type: 'getppid', tid: 0, pid: 0 }], (e) => expect(e.thread).toBe(undefined))
})

test('a placeholder whose start is recorded later retains what it opened', () => {
  const w = new World().portable()
  w.play([open('/early', 3, 200), childRow(200, 100)])
  expect(w.fds(200)).toEqual({ 0: '/dev/tty', 3: '/early' })
  expect(w.thread(200)).toMatchObject({ comm: 'kid', placeholder: false })
})

test('names, ids, limits, sessions and directories are changed by the calls', () => {
  const w = new World()
  w.play([born(101, 100, THREAD)])
  w.play([
    { type: 'prctl', params: { option: 15, arg2_str: 'worker' } },
    { type: CODE.ks_creds, params: { uid: 100_001, euid: 100_002, gid: 0, egid: 0, loginuid: 0 } },
    // in a user namespace: the kernel's numbers differ from those of the call
    { type: 'setresuid', params: { ruid: 1, euid: 2, suid: 3 } },
    { type: CODE.ks_creds, params: { uid: 100_001, euid: 100_002, gid: 4, egid: 4, loginuid: 0 } },
    { type: 'setgid', params: { gid: 4 } },
    { type: 'setresgid', params: { rgid: 0xffffffff, egid: 0xffffffff, sgid: 9 } },
    { type: 'capset', params: { cap_inheritable: 1, cap_permitted: 2, cap_effective: 3 } },
    { type: 'prlimit', params: { newcur: 4096, pid: 0, resource: 7 } },
    { type: 'prlimit', params: { newcur: 1, pid: 0, resource: 3 } },
    { type: 'chroot', params: { path: 'jail' } },
    { type: 'setuid', ret: -1, params: { uid: 99 } },
  ])
  expect(w.thread(100)).toMatchObject({ comm: 'worker', uid: 100_002, gid: 4, fdLimit: 4096, root: '/home/jail' })
  expect(w.thread(100)).toMatchObject({ capInheritable: 1, capPermitted: 2, capEffective: 3 })
  expect(w.thread(101)).toMatchObject({ comm: 'sh', uid: 0, fdLimit: 4096, root: '/home/jail' })
  w.play([{ type: 'setsid', ret: 100 }])
  expect(w.thread(101)).toMatchObject({ sid: 100, pgid: 100, vpgid: 100, tty: 0 })
  w.play([born(200, 200), { type: 'setpgid', params: { pid: 200, pgid: 0 } }])
  expect(w.thread(200)).toMatchObject({ pgid: 200, sid: 100 })
})

test("fchdir sets the directory's name; the call's row does not replace the kernel's record", () => {
  const w = new World(shell([file(5, '/var', { type: 'directory' })]))
  w.play([{ type: 'fchdir', params: { fd: 5 } }])
  expect(w.thread(100).cwd).toBe('/var')
  w.play([
    { type: CODE.ks_cwd, time: 50, params: { cwd: '/real/place', root: '/' } },
    { type: 'chdir', time: 51, latency: 10, params: { path: '../link' } },
  ])
  expect(w.thread(100).cwd).toBe('/real/place')
  w.play([{ type: 'chdir', time: 80, latency: 10, params: { path: '../x' } }])
  expect(w.thread(100).cwd).toBe('/real/x')
})

test("the kernel's records of names and credentials apply to the thread that they name", () => {
  const w = new World()
  w.play([born(101, 100, THREAD)])
  w.play([
    { type: CODE.ks_rename, params: { tid: 101, pid: 100, comm: 'named' } },
    { type: CODE.ks_creds, params: { uid: 1, euid: 2, gid: 3, egid: 4, loginuid: 0xffffffff, cap_effective: 8 } },
  ])
  expect(w.thread(101).comm).toBe('named')
  expect(w.thread(100)).toMatchObject({ comm: 'sh', uid: 2, gid: 4, loginuid: -1, capEffective: 8 })
})

test("a descriptor received from another process is known by the kernel's record", () => {
  const w = new World()
  w.play([
    { type: CODE.ks_fd, time: 20, params: { fd: 7, mode: 0o100644, dev: 1, ino: 2, flags: 0, path: '/passed' } },
    { type: CODE.ks_fd, time: 21, params: { fd: 8, mode: 0, path: 'anon_inode:[eventpoll]' } },
    { type: CODE.ks_fd, time: 22, params: { fd: 9, mode: 0o010600, ino: 5, path: 'pipe:[5]' } },
  ])
  expect(w.thread(100).fdTable.fds.get(7)).toMatchObject({ type: 'file', name: '/passed', ino: 2 })
  expect(w.thread(100).fdTable.fds.get(8)?.type).toBe('eventpoll')
  expect(w.thread(100).fdTable.fds.get(9)?.type).toBe('pipe')
  const got = w.shows({ type: 'pidfd_getfd', ret: 7, time: 25, latency: 10, params: { pid_fd: 3, target_fd: 1 } })
  expect(got).toEqual({ num: 7, name: '/passed', type: 'file' })
})

test("users and groups are added and removed; those of containers are not the host's", () => {
  const w = new World()
  const user = { uid: 7, gid: 8, name: 'u', home: '/u', shell: '/sh' }
  w.play([
    { type: 'useradded', tid: -1, params: user },
    { type: 'groupadded', tid: -1, params: { gid: 8, name: 'g' } },
    { type: 'useradded', tid: -1, params: { ...user, uid: 9, container_id: 'abc' } },
  ])
  expect([...w.state.users.values()]).toEqual([user])
  expect([...w.state.groups.values()]).toEqual([{ gid: 8, name: 'g' }])
  w.play([{ type: 'userdeleted', tid: -1, params: user }])
  expect(w.state.users.size).toBe(0)
})

test('the table does not grow without limit in a file without exits', () => {
  const w = new World()
  const rows = Array.from({ length: 300_000 }, (_, i): RowSpec => ({ type: 'getppid', tid: 1000 + i, pid: 1000 + i }))
  for (let i = 0; i < rows.length; i += 10_000) w.play(rows.slice(i, i + 10_000))
  expect(w.state.threads.size).toBeLessThanOrEqual(1 << 18)
  expect(w.has(100)).toBe(true)
})
