// Descriptors that the kernel side records itself: tables of processes that were not followed before.
import { expect, test } from 'vitest'
import { CODE } from '../../../src/schema/codes.js'
import { file, inetAddress, inetTuple, shell, World } from './world.js'

const REGULAR = 0o100644
const SOCKET = 0o140777

test('a newly recorded table replaces the known one, for all threads that share it', () => {
  const w = new World(shell([file(0, '/dev/tty'), file(3, '/stale')]))
  w.play([
    { type: CODE.ks_fork, params: { tid: 101, pid: 100, vtid: 101, vpid: 100, shared: 15, comm: 'sh' } },
    { type: CODE.ks_fds, tid: 101, pid: 100, time: 50, params: { shared: 1 } },
    { type: CODE.ks_fd, tid: 101, pid: 100, time: 50, params: { fd: 4, mode: REGULAR, ino: 2, path: '/true' } },
  ])
  expect(w.fds(100)).toEqual({ 4: '/true' })
  expect(w.thread(101).fdTable).toBe(w.thread(100).fdTable)
})

test('a thread with a table of its own does not change the one of its process', () => {
  const w = new World(shell([file(0, '/dev/tty')]))
  w.play([
    { type: CODE.ks_fork, params: { tid: 101, pid: 100, vtid: 101, vpid: 100, shared: 15, comm: 'sh' } },
    { type: CODE.ks_fds, tid: 101, pid: 100, time: 50, params: { shared: 0 } },
    { type: CODE.ks_fd, tid: 101, pid: 100, time: 50, params: { fd: 4, mode: REGULAR, ino: 2, path: '/own' } },
  ])
  expect(w.fds(100)).toEqual({ 0: '/dev/tty' })
  expect(w.fds(101)).toEqual({ 4: '/own' })
})

test('a process that has become the only user of its table does not change the one that it shared before', () => {
  const w = new World(shell([file(0, '/dev/tty')]))
  w.play([
    { type: CODE.ks_fork, params: { tid: 101, pid: 101, vtid: 101, vpid: 101, shared: 1, comm: 'sh' } },
    { type: CODE.ks_fds, tid: 101, time: 50, params: { shared: 1 | 16 } },
    { type: CODE.ks_fd, tid: 101, time: 50, params: { fd: 4, mode: REGULAR, ino: 2, path: '/own' } },
    { type: 'close_range', tid: 101, time: 50, params: { first: 200, last: 300, flags: 2 } },
  ])
  expect(w.fds(100)).toEqual({ 0: '/dev/tty' })
  expect(w.fds(101)).toEqual({ 4: '/own' })
})

test('a file whose path does not show where it is has the name that the kernel uses', () => {
  const w = new World(shell([]))
  w.play([
    { type: CODE.ks_fd, time: 50, params: { fd: 3, mode: REGULAR, ino: 2, path: '/etc/hosts' } },
    { type: 'open', ret: 3, time: 50, params: { name: '/tmp/link/../hosts', flags: 0, ino: 2 } },
  ])
  expect(w.thread(100).fdTable.fds.get(3)).toMatchObject({ name: '/etc/hosts', nameRaw: '/tmp/link/../hosts' })
  w.play([{ type: 'open', ret: 3, time: 60, params: { name: '/tmp/link/../hosts', flags: 0, ino: 2 } }])
  expect(w.fds(100)).toEqual({ 3: '/tmp/hosts' })
})

test('a bound socket has the port that the kernel selected', () => {
  const w = new World(shell([]))
  const ends = (port: number) => ({ fd: 3, tuple: inetTuple('127.0.0.1', port, '0.0.0.0', 0) })
  w.play([
    { type: 'socket', ret: 3, time: 40, params: { domain: 2, type: 1, proto: 6 } },
    { type: CODE.ks_bound, time: 50, params: ends(40001) },
    { type: 'bind', time: 50, params: { fd: 3, addr: inetAddress('127.0.0.1', 0) } },
  ])
  expect(w.fds(100)).toEqual({ 3: '127.0.0.1:40001' })
})

test('a recorded descriptor is as old as calls that started before it was recorded', () => {
  const w = new World(shell([]))
  w.play([
    { type: CODE.ks_fds, time: 50, params: { shared: 1 } },
    { type: CODE.ks_fd, time: 50, params: { fd: 4, mode: REGULAR, ino: 2, path: '/f' } },
  ])
  expect(w.shows({ type: 'read', time: 60, latency: 40, ret: 1, params: { fd: 4 } })).toMatchObject({ name: '/f' })
  w.play([
    { type: 'close', time: 61, latency: 30, params: { fd: 4 } },
    { type: 'getuid', time: 62 },
  ])
  expect(w.fds(100)).toEqual({})
})

test('kinds and names equal those of the calls that create them', () => {
  const w = new World(shell([]))
  const recorded = (fd: number, mode: number, path: string) => ({
    type: CODE.ks_fd,
    time: 50,
    params: { fd, mode, ino: 2, path },
  })
  w.play([
    { type: CODE.ks_fds, time: 50, params: { shared: 1 } },
    recorded(3, REGULAR, '/memfd:cache'),
    recorded(4, 0o600, 'anon_inode:[eventfd]'),
    recorded(5, 0o010600, '/'),
    recorded(6, 0o010600, '/run/fifo'),
    recorded(7, 0o040755, '/var'),
    recorded(8, 0o100600, 'anon_inode:[pidfd]'),
  ])
  const kinds = [3, 4, 5, 6, 7, 8].map((n) => w.thread(100).fdTable.fds.get(n)).map((fd) => [fd?.type, fd?.name])
  expect(kinds).toEqual([
    ['memfd', 'cache'],
    ['event', ''],
    ['pipe', ''],
    ['pipe', '/run/fifo'],
    ['directory', '/var'],
    ['pidfd', ''],
  ])
})

test('sockets are recorded with their ends: bound, connected from here, accepted', () => {
  const w = new World(shell([]))
  const recorded = (fd: number, tcpState: number, tuple: Uint8Array, accepted = 0) => ({
    type: CODE.ks_fd,
    time: 50,
    params: { fd, mode: SOCKET, family: 2, sockType: 1, proto: 6, tcpState, accepted, tuple },
  })
  w.play([
    { type: CODE.ks_fds, time: 50, params: { shared: 1 } },
    recorded(3, 10, inetTuple('127.0.0.1', 80, '0.0.0.0', 0)),
    recorded(4, 1, inetTuple('127.0.0.1', 5000, '10.0.0.9', 80)),
    recorded(5, 1, inetTuple('10.0.0.9', 6000, '127.0.0.1', 80), 1),
    recorded(6, 7, inetTuple('0.0.0.0', 0, '0.0.0.0', 0)),
  ])
  expect(w.fds(100)).toEqual({
    3: '127.0.0.1:80',
    4: '127.0.0.1:5000->10.0.0.9:80',
    5: '10.0.0.9:6000->127.0.0.1:80',
    6: '',
  })
})
