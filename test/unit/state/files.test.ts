import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, shell, World } from './world.js'

const open = (name: string, ret: number, more = {}) => ({ type: 'open', ret, params: { name, flags: 0 }, ...more })

test('a relative path is resolved by the working directory, and the given path is retained', () => {
  const w = new World()
  w.play([open('../etc//passwd', 3)], (e) => {
    expect(e.fd?.name).toBe('/etc/passwd')
    expect(e.fd?.nameRaw).toBe('../etc//passwd')
    expect(e.fdNum).toBe(3)
    expect(e.fdNameChanged).toBe(true)
  })
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/etc/passwd' })
})

test('openat starts from its directory descriptor, or from the working directory with AT_FDCWD', () => {
  const w = new World(shell([file(7, '/var/log', { type: 'directory' })]))
  const openat = (dirfd: number, name: string, ret: number) => ({
    type: 'openat',
    ret,
    params: { dirfd, name, flags: 0, dev: 0xfe00, ino: 77 },
  })
  w.play([openat(7, 'syslog', 3), openat(-100, 'x', 4), openat(7, '/abs', 5), openat(66, 'lost', 6)])
  expect(w.fds()).toEqual({ 3: '/var/log/syslog', 4: '/home/x', 5: '/abs', 6: 'lost', 7: '/var/log' })
  expect(w.thread(100).fdTable.fds.get(3)).toMatchObject({ dev: 0xfe00, ino: 77 })
})

test('O_DIRECTORY makes a directory, in the kernel values and in libs values', () => {
  const native = new World()
  expect(native.shows({ type: 'open', ret: 3, params: { name: '/etc', flags: 0o200000 } }).type).toBe('directory')
  expect(native.shows({ type: 'open', ret: 4, params: { name: '/etc', flags: 1024 } }).type).toBe('file')
  const portable = new World().portable()
  expect(portable.shows({ type: 'open', ret: 3, params: { name: '/etc', flags: 1024 } }).type).toBe('directory')
})

test('O_TMPFILE creates a file without a name in a directory, shown as the kernel names it', () => {
  const flags = 0o20200002
  const native = new World().play([{ type: 'open', ret: 3, params: { name: '/tmp/', flags, ino: 77 } }])
  expect(native.thread(100).fdTable.fds.get(3)).toMatchObject({ type: 'file', name: '/tmp/#77 (deleted)' })
  // files of libs have O_TMPFILE for every directory
  const portable = new World().portable()
  expect(portable.shows({ type: 'open', ret: 3, params: { name: '/tmp', flags: 8192 | 1024 } })).toEqual({
    num: 3,
    name: '/tmp',
    type: 'directory',
  })
})

test('a failed open creates no descriptor', () => {
  const w = new World()
  expect(w.shows(open('/nope', -2))).toEqual({ num: -1, name: undefined, type: undefined })
  expect(w.fds()).toEqual({ 0: '/dev/tty' })
})

test('a close still shows the name, and the descriptor is removed at the next event', () => {
  const w = new World()
  w.play([open('/a', 3)])
  expect(w.shows({ type: 'close', params: { fd: 3 } })).toEqual({ num: 3, name: '/a', type: 'file' })
  expect(w.shows({ type: 'read', ret: -9, params: { fd: 3 } })).toEqual({ num: 3, name: undefined, type: undefined })
})

test('EIO on close frees the number nevertheless, EBADF changes nothing', () => {
  const w = new World()
  w.play([open('/a', 3), open('/b', 4), { type: 'close', ret: -5, params: { fd: 3 } }])
  w.play([{ type: 'close', ret: -9, params: { fd: 4 } }])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 4: '/b' })
})

test('dup, dup2, dup3 and fcntl give the file another number, and replace an older file there', () => {
  const w = new World()
  w.play([open('/a', 3), open('/b', 4)])
  expect(w.shows({ type: 'dup', ret: 5, params: { oldfd: 3 } })).toMatchObject({ num: 5, name: '/a' })
  expect(w.shows({ type: 'dup2', ret: 4, params: { oldfd: 3, newfd: 4 } })).toMatchObject({ num: 4, name: '/a' })
  w.play([
    { type: 'dup3', ret: 6, params: { oldfd: 0, newfd: 6, flags: 0o2000000 } },
    { type: 'fcntl', ret: 10, params: { fd: 3, cmd: 0, arg: 10 } },
    { type: 'fcntl', ret: 11, params: { fd: 3, cmd: 1030, arg: 10 } },
  ])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/a', 4: '/a', 5: '/a', 6: '/dev/tty', 10: '/a', 11: '/a' })
})

test('dup2 of a number to itself changes nothing', () => {
  const w = new World()
  w.play([open('/a', 3, { params: { name: '/a', flags: 0o2000000 } })])
  w.play([{ type: 'dup2', ret: 3, params: { oldfd: 3, newfd: 3 } }])
  w.play([{ type: 'execve', params: {} }])
  expect(w.fds()).toEqual({ 0: '/dev/tty' })
})

test('close_range closes from first to last, or only sets close-on-exec', () => {
  const w = new World()
  w.play([3, 4, 5, 6].map((n) => open(`/${n}`, n)))
  w.play([{ type: 'close_range', params: { first: 4, last: 5, flags: 0 } }])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/3', 6: '/6' })
  w.play([{ type: 'close_range', params: { first: 4, last: 0xffffffff, flags: 4 } }])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/3', 6: '/6' })
  w.play([{ type: 'execve', params: {} }])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 3: '/3' })
})

test('exec closes descriptors with close-on-exec, however it was set', () => {
  const w = new World()
  w.play([
    open('/keep', 3),
    open('/open', 4, { params: { name: '/open', flags: 0o2000000 } }),
    open('/fcntl', 5),
    { type: 'fcntl', params: { fd: 5, cmd: 2, arg: 1 } },
    open('/unmarked', 6, { params: { name: '/unmarked', flags: 0o2000000 } }),
    { type: 'fcntl', params: { fd: 6, cmd: 2, arg: 0 } },
    { type: 'pipe2', params: { fd1: 7, fd2: 8, flags: 0o2000000 } },
    { type: 'socket', ret: 9, params: { domain: 2, type: 0x80001, proto: 0 } },
    { type: 'memfd_create', ret: 10, params: { name: 'm', flags: 1 } },
    { type: 'eventfd2', ret: 11, params: { flags: 0 } },
    { type: 'dup', ret: 12, params: { oldfd: 4 } },
    { type: 'epoll_create1', ret: 13, params: { flags: 0x80000 } },
    { type: 'execve', params: {} },
  ])
  expect(Object.keys(w.fds()).map(Number)).toEqual([0, 3, 6, 11, 12])
})

test('libs values of close-on-exec apply in .scap rows', () => {
  const w = new World().portable()
  w.play([
    open('/a', 3, { params: { name: '/a', flags: 4097 } }),
    { type: 'pipe2', params: { fd1: 4, fd2: 5, flags: 4096 } },
    { type: 'fcntl', ret: 6, params: { fd: 0, cmd: 26, arg: 0 } },
    { type: 'fcntl', ret: 7, params: { fd: 0, cmd: 1, arg: 0 } },
    { type: 'epoll_create1', ret: 8, params: { flags: 1 } },
    { type: 'execve', params: {} },
  ])
  expect(w.fds()).toEqual({ 0: '/dev/tty', 7: '/dev/tty' })
})

test.each([
  ['pipe', { params: { fd1: 3, fd2: 4, ino: 99 } }, { num: 4, name: '', type: 'pipe' }],
  ['eventfd', { ret: 3, params: {} }, { num: 3, name: '', type: 'event' }],
  ['signalfd4', { ret: 3, params: { fd: -1 } }, { num: 3, name: '', type: 'signalfd' }],
  ['timerfd_create', { ret: 3, params: {} }, { num: 3, name: '', type: 'timerfd' }],
  ['inotify_init1', { ret: 3, params: {} }, { num: 3, name: '', type: 'inotify' }],
  ['epoll_create', { ret: 3, params: {} }, { num: 3, name: '', type: 'eventpoll' }],
  ['memfd_create', { ret: 3, params: { name: 'buf' } }, { num: 3, name: 'buf', type: 'memfd' }],
  ['pidfd_open', { ret: 3, params: { pid: 1 } }, { num: 3, name: '', type: 'pidfd' }],
  ['userfaultfd', { ret: 3, params: {} }, { num: 3, name: '', type: 'userfaultfd' }],
  ['io_uring_setup', { ret: 3, params: {} }, { num: 3, name: '', type: 'io_uring' }],
  ['bpf', { ret: 3, params: { cmd: 5 } }, { num: 3, name: '', type: 'bpf' }],
  ['bpf', { ret: 3, params: { cmd: 1 } }, { num: -1, name: undefined, type: undefined }],
  ['perf_event_open', { ret: 3 }, { num: 3, name: '', type: 'other' }],
  ['fanotify_init', { ret: 3 }, { num: 3, name: '', type: 'other' }],
  ['fsopen', { ret: 3 }, { num: 3, name: '', type: 'other' }],
])('%s shows the created descriptor', (type, row, shown) => {
  expect(new World().shows({ type, ...row })).toEqual(shown)
})

test('signalfd on an existing one only changes its mask', () => {
  const w = new World()
  w.play([{ type: 'signalfd4', ret: 3, time: 5, params: { fd: -1 } }])
  const before = w.thread(100).fdTable.fds.get(3)
  w.play([{ type: 'signalfd4', ret: 3, time: 9, params: { fd: 3 } }])
  expect(w.thread(100).fdTable.fds.get(3)).toBe(before)
})

test('an enter event finds its descriptor and changes nothing', () => {
  const w = new World()
  w.play([open('/a', 3)])
  w.play([{ type: 'close', enter: true, params: { fd: 3 } }])
  expect(w.fds()[3]).toBe('/a')
})

/** Rounds of opening, copying and closing: many more descriptors than a table stores. */
const churn = (tid: number, rounds: number): RowSpec[] =>
  Array.from({ length: rounds }, (_, i): RowSpec[] => [
    { type: 'open', tid, ret: 8, params: { name: `/tmp/${tid}.${i}`, flags: 0 } },
    { type: 'fcntl', tid, ret: 9, params: { fd: 8, cmd: 1030, arg: 0 } },
    { type: 'close', tid, params: { fd: 8 } },
    { type: 'close', tid, params: { fd: 9 } },
  ]).flat()

test('tables inherited by fork and exec remain correct, however much is opened and closed', () => {
  const w = new World()
  w.play([
    { type: 'open', ret: 3, params: { name: '/a', flags: 0 } },
    { type: 'open', ret: 4, params: { name: '/b', flags: 0 } },
    { type: CODE.ks_fork, params: { tid: 200, pid: 200, vtid: 200, vpid: 200, shared: 0 } },
    { type: 'close', params: { fd: 3 } },
    { type: 'close', tid: 200, params: { fd: 4 } },
    { type: CODE.ks_exec, tid: 200, params: { oldtid: 200, comm: 'x' } },
    ...churn(100, 50),
    ...churn(200, 50),
  ])
  expect(w.fds(100)).toEqual({ 0: '/dev/tty', 4: '/b' })
  expect(w.fds(200)).toEqual({ 0: '/dev/tty', 3: '/a' })
})

test('a new descriptor has no data of the one that it replaced', () => {
  const w = new World()
  const born = (row: RowSpec) => {
    w.play([row])
    const fd = w.thread(100).fdTable.fds.get(row.ret as number)
    return { ...fd, born: 0, num: 0 }
  }
  const first = [
    born({ type: 'socket', ret: 3, params: { domain: 2, type: 1, proto: 6 } }),
    born({ type: 'open', ret: 4, params: { name: '/a/../b', flags: 0, dev: 7, ino: 9 } }),
    born({ type: 'eventfd2', ret: 5, params: { flags: 0 } }),
  ]
  w.play(churn(100, 50))
  w.play([3, 4, 5].map((fd): RowSpec => ({ type: 'close', params: { fd } })))
  w.play(churn(100, 50))
  const second = [
    born({ type: 'socket', ret: 3, params: { domain: 2, type: 1, proto: 6 } }),
    born({ type: 'open', ret: 4, params: { name: '/a/../b', flags: 0, dev: 7, ino: 9 } }),
    born({ type: 'eventfd2', ret: 5, params: { flags: 0 } }),
  ]
  expect(second).toEqual(first)
})
