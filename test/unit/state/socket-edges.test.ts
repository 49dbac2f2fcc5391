// Sockets of calls that failed or have few data, and unknown sockets: what is known of them, and client and server.
import { describe, expect, test } from 'vitest'
import { Role } from '../../../src/model/fd.js'
import type { RowSpec } from '../../helpers/rows.js'
import { file, inetAddress, inetTuple, shell, unixTuple, World } from './world.js'

const socket = (ret: number, domain = 2, type = 1): RowSpec => ({
  type: 'socket',
  ret,
  params: { domain, type, proto: 0 },
})
const tuple = inetTuple('10.0.0.5', 1000, '10.0.0.9', 80)
const connect = (more: object, ret = 0): RowSpec => ({ type: 'connect', ret, params: { fd: 3, ...more } })
const fdOf = (w: World, n = 3, tid = 100) => w.thread(tid).fdTable.fds.get(n)
const changes = (w: World, row: RowSpec): boolean => {
  let changed = false
  w.play([row], (e) => {
    changed = e.fdNameChanged
  })
  return changed
}

describe('a call that failed', () => {
  test('creates no socket, and a pair only with both numbers', () => {
    const w = new World()
    w.play([socket(-24), { type: 'accept', ret: -11, params: { tuple } }])
    const pair = (fd1: number | undefined, fd2: number | undefined, ret = 0): RowSpec => ({
      type: 'socketpair',
      ret,
      params: { fd1, fd2, domain: 1, type: 1 },
    })
    w.play([pair(7, 8, -1), pair(undefined, 8), pair(7, undefined), pair(-1, 8), pair(7, -1)])
    expect(w.fds()).toEqual({ 0: '/dev/tty' })
    w.play([socket(0), pair(8, 9)])
    expect(Object.keys(w.fds())).toEqual(['0', '8', '9'])
    expect(fdOf(w, 0)?.type).toBe('ipv4')
    expect(fdOf(w, 9)).toMatchObject({ family: 1, sockType: 1 })
  })

  test('binds nothing, and creates no server', () => {
    const w = new World().play([
      socket(3),
      { type: 'bind', ret: -98, params: { fd: 3, addr: inetAddress('10.0.0.5', 80) } },
      { type: 'listen', ret: -98, params: { fd: 3, backlog: 1 } },
    ])
    expect(w.fds()[3]).toBe('')
    expect(fdOf(w)).toMatchObject({ role: Role.Unknown })
    expect(fdOf(w)?.tcpState).toBeUndefined()
  })

  test('on an unknown descriptor does nothing', () => {
    const w = new World().play([
      { type: 'bind', params: { fd: 3, addr: inetAddress('10.0.0.5', 80) } },
      { type: 'listen', params: { fd: 3, backlog: 1 } },
      connect({ tuple }),
      { type: 'bind', params: { addr: inetAddress('10.0.0.5', 80) } },
      { type: 'listen', params: { backlog: 1 } },
      { type: 'connect', params: { tuple } },
      { type: 'getsockopt', params: { fd: 3, level: 1, optname: 4, val: Uint8Array.of(1, 0, 0, 0, 0) } },
    ])
    expect(w.fds()).toEqual({ 0: '/dev/tty' })
  })

  test('to connect leaves the requested address as the name', () => {
    const w = new World().play([socket(3), socket(4, 1)])
    const addr = inetAddress('10.0.0.9', 80)
    expect(w.shows(connect({ addr }, -111)).name).toBe('0.0.0.0:0->10.0.0.9:80')
    expect(changes(w, connect({ addr }, -111))).toBe(false)
    expect(changes(w, connect({ addr: inetAddress('10.0.0.9', 81) }, -111))).toBe(true)
    const path = new TextEncoder().encode('\x01/run/x\0')
    expect(w.shows({ type: 'connect', ret: -2, params: { fd: 4, addr: path } }).name).toBe('/run/x')
    expect(w.shows(connect({}, -111)).name).toBe('0.0.0.0:0->10.0.0.9:81')
  })

  test('to connect a connected socket leaves it unchanged', () => {
    const w = new World().play([socket(3), connect({ tuple })])
    expect(w.shows(connect({ addr: inetAddress('10.0.0.7', 99) }, -106)).name).toBe('10.0.0.5:1000->10.0.0.9:80')
  })
})

test('while a connect runs, recorded enter events show its target', () => {
  const w = new World().play([socket(3)])
  const begins: RowSpec = { type: 'connect', enter: true, params: { fd: 3, addr: inetAddress('10.0.0.9', 80) } }
  expect(w.shows(begins).name).toBe('0.0.0.0:0->10.0.0.9:80')
  expect(w.shows({ type: 'connect', enter: true, params: { fd: 77, addr: inetAddress('10.0.0.9', 80) } }).num).not.toBe(
    3,
  )
})

test("only the socket's own error, and only 0, shows that a connect succeeded", () => {
  const option = (more: object, ret = 0): RowSpec => ({
    type: 'getsockopt',
    ret,
    params: { fd: 3, level: 1, optname: 4, val: Uint8Array.of(1, 0, 0, 0, 0), ...more },
  })
  const after = (row: RowSpec, begun = true) => {
    const w = new World().play([socket(3), ...(begun ? [connect({ tuple }, -115)] : []), row])
    return fdOf(w)?.connected
  }
  expect(after(option({}))).toBe(true)
  expect(after(option({}, -9))).toBe(false)
  expect(after(option({ level: 6 }))).toBe(false)
  expect(after(option({ optname: 3 }))).toBe(false)
  expect(after(option({ val: Uint8Array.of(1, 0, 0, 1, 0) }))).toBe(false)
  expect(after(option({ val: Uint8Array.of(1) }))).toBe(false)
  expect(after(option({ val: undefined }))).toBe(false)
  expect(after(option({}), false)).toBe(false)
})

test('an accepted socket without a recorded partner nevertheless belongs to a server', () => {
  const w = new World()
  expect(changes(w, { type: 'accept4', ret: 5, params: { flags: 0 } })).toBe(false)
  expect(fdOf(w, 5)).toMatchObject({ type: 'socket', role: Role.Server, connected: true })
  w.play([
    { type: 'accept', ret: 6, params: { tuple } },
    { type: 'accept', ret: 0, params: { tuple } },
  ])
  expect(fdOf(w, 6)).toMatchObject({ sockType: 1, tcpState: 1 })
  expect(fdOf(w, 0)?.type).toBe('ipv4')
  w.play([{ type: 'accept', ret: 7, params: { tuple: unixTuple(1n, 2n, '/x') } }])
  expect(fdOf(w, 7)?.tcpState).toBeUndefined()
})

test('listening is a TCP state of internet sockets alone', () => {
  const w = new World().play([
    socket(3),
    socket(4, 1),
    { type: 'listen', params: { fd: 3, backlog: 1 } },
    { type: 'listen', params: { fd: 4, backlog: 1 } },
  ])
  expect(fdOf(w, 3)).toMatchObject({ role: Role.Server, tcpState: 10 })
  expect(fdOf(w, 4)).toMatchObject({ role: Role.Server })
  expect(fdOf(w, 4)?.tcpState).toBeUndefined()
})

test('a new name is reported as a change, the same one is not', () => {
  const w = new World().play([socket(3)])
  expect(changes(w, { type: 'bind', params: { fd: 3, addr: inetAddress('10.0.0.5', 7) } })).toBe(true)
  expect(changes(w, connect({ tuple }))).toBe(true)
  expect(changes(w, { type: 'sendto', ret: 1, params: { fd: 3, tuple } })).toBe(false)
})

describe('transfers', () => {
  const send = (fd: number | undefined, more: object = {}, ret = 5): RowSpec => ({
    type: 'sendto',
    ret,
    params: { fd, tuple, ...more },
  })
  test('that failed, or name no descriptor, set nothing', () => {
    const w = new World().play([send(33, {}, -1), send(-1), send(undefined), send(34, { tuple: undefined })])
    expect(w.fds()).toEqual({ 0: '/dev/tty' })
  })

  test('of no bytes set a socket too, also one with number 0', () => {
    const w = new World(shell([])).play([send(33, {}, 0), send(0)])
    expect([w.fds()[33], w.fds()[0]]).toEqual(['10.0.0.5:1000->10.0.0.9:80', '10.0.0.5:1000->10.0.0.9:80'])
  })

  test('do not change a file', () => {
    const w = new World(shell([file(3, '/f')])).play([send(3)])
    expect(w.fds()[3]).toBe('/f')
  })

  test('on a stream with both ends show that it is connected, but do not change its ends', () => {
    const ipv4 = { num: 3, type: 'ipv4', name: '', sockType: 1, tcpState: 2, localPort: 1, remotePort: 2 } as const
    const w = new World(shell([{ ...ipv4, localIp: '10.0.0.5', remoteIp: '10.0.0.7', server: false }]))
    expect(fdOf(w)?.connected).toBe(false)
    w.play([send(3)])
    expect(fdOf(w)).toMatchObject({ connected: true, remoteIp: '10.0.0.7' })
  })

  test('in files of other tools rename a connected datagram socket, but not a stream', () => {
    const again = { tuple: inetTuple('10.0.0.5', 1000, '10.0.0.7', 53) }
    const name = (type: number, portable: boolean) => {
      const w = portable ? new World().portable() : new World()
      w.play([socket(3, 2, type), connect({ tuple }), send(3, again)])
      return w.fds()[3]
    }
    expect(name(2, true)).toBe('10.0.0.5:1000->10.0.0.7:53')
    expect(name(1, true)).toBe('10.0.0.5:1000->10.0.0.9:80')
    expect(name(2, false)).toBe('10.0.0.5:1000->10.0.0.9:80')
  })

  test('on a unix socket do not decide between client and server', () => {
    const w = new World().play([socket(3, 1, 2), send(3, { tuple: unixTuple(5n, 6n, '/x') })])
    expect(fdOf(w)?.role).toBe(Role.Unknown)
    expect(w.fds()[3]).toBe('5->6 /x')
  })

  test('the first sender is the client, unless the process waits on this port', () => {
    const dgram = inetTuple('10.0.0.5', 53, '10.0.0.9', 7)
    const role = (rows: RowSpec[]) => fdOf(new World().play([...rows, send(3, { tuple: dgram })]))?.role
    const waits = (port: number): RowSpec[] => [
      socket(4, 2, 2),
      { type: 'bind', params: { fd: 4, addr: inetAddress('0.0.0.0', port) } },
    ]
    expect(role([socket(3, 2, 2)])).toBe(Role.Client)
    expect(role([...waits(53), socket(3, 2, 2)])).toBe(Role.Server)
    expect(role([...waits(54), socket(3, 2, 2)])).toBe(Role.Client)
    const received: RowSpec = {
      type: 'recvfrom',
      ret: 5,
      params: { fd: 3, tuple: inetTuple('10.0.0.9', 7, '10.0.0.5', 53) },
    }
    expect(fdOf(new World().play([socket(3, 2, 2), received]))?.role).toBe(Role.Server)
  })
})
