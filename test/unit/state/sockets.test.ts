import { expect, test } from 'vitest'
import { Role } from '../../../src/model/fd.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { l4proto, protoChar, typeChar } from '../../../src/state/fd-name.js'
import * as ends from '../../../src/state/socket-sides.js'
import { inetAddress, inetTuple, shell, unixTuple, World } from './world.js'

const addresses = ['127.0.0.1', '10.0.0.5', '::1', 'fd00::5']
const socket = (ret: number, domain = 2, type = 1) => ({ type: 'socket', ret, params: { domain, type, proto: 0 } })
const fdOf = (w: World, n: number) => {
  const fd = w.thread(100).fdTable.fds.get(n)
  if (fd === undefined) throw new Error(`no descriptor ${n}`)
  return fd
}

test('a new socket has a kind and no name', () => {
  const w = new World()
  expect(w.shows(socket(3))).toEqual({ num: 3, name: '', type: 'ipv4' })
  expect(w.shows(socket(4, 10, 2))).toEqual({ num: 4, name: '', type: 'ipv6' })
  expect(w.shows(socket(5, 1))).toEqual({ num: 5, name: '', type: 'unix' })
  expect(w.shows(socket(6, 16, 3)).type).toBe('netlink')
  expect(l4proto(fdOf(w, 3))).toBe(undefined)
})

test('connect creates a client: name from client to server, and each side has its ends', () => {
  const w = new World()
  w.play([socket(3)])
  const tuple = inetTuple('10.0.0.5', 40000, '93.184.216.34', 443)
  expect(w.shows({ type: 'connect', params: { fd: 3, tuple } }).name).toBe('10.0.0.5:40000->93.184.216.34:443')
  const fd = fdOf(w, 3)
  expect(fd.connected).toBe(true)
  expect([ends.clientIp(fd), ends.clientPort(fd)]).toEqual(['10.0.0.5', 40000])
  expect([ends.serverIp(fd), ends.serverPort(fd)]).toEqual(['93.184.216.34', 443])
  expect([ends.localIp(fd), ends.localPort(fd), ends.remoteIp(fd), ends.remotePort(fd)]).toEqual([
    '10.0.0.5',
    40000,
    '93.184.216.34',
    443,
  ])
  expect(ends.isServer(fd, addresses)).toBe(false)
  expect([typeChar(fd), protoChar(fd), l4proto(fd)]).toEqual(['4', 't', 'tcp'])
})

test('an asynchronous connect has its name at once and is connected when SO_ERROR is 0', () => {
  const w = new World()
  const tuple = inetTuple('10.0.0.5', 40000, '10.0.0.9', 80)
  w.play([socket(3), { type: 'connect', ret: -115, params: { fd: 3, tuple } }])
  expect(w.fds()[3]).toBe('10.0.0.5:40000->10.0.0.9:80')
  expect(fdOf(w, 3).connected).toBe(false)
  const error = (n: number) => Uint8Array.from([1, n, 0, 0, 0, 0, 0, 0, 0])
  w.play([{ type: 'getsockopt', params: { fd: 3, level: 1, optname: 4, val: error(111) } }])
  expect(fdOf(w, 3)).toMatchObject({ connected: false, connectError: 111 })
  w.play([{ type: 'connect', ret: -115, params: { fd: 3, tuple } }])
  expect(fdOf(w, 3).connectError).toBe(0)
  w.play([{ type: 'getsockopt', params: { fd: 3, level: 1, optname: 4, val: error(0) } }])
  expect(fdOf(w, 3).connected).toBe(true)
})

test('a refused connect leaves the socket unnamed', () => {
  const w = new World()
  const tuple = inetTuple('10.0.0.5', 40000, '10.0.0.9', 80)
  w.play([socket(3)])
  expect(w.shows({ type: 'connect', ret: -111, params: { fd: 3, tuple } })).toEqual({ num: 3, name: '', type: 'ipv4' })
})

test('a socket whose connect failed has the error; one that is still connecting has none', () => {
  const failing = (ret: number) => {
    const w = new World().play([
      socket(3),
      { type: 'connect', ret, params: { fd: 3, addr: inetAddress('10.0.0.9', 80) } },
    ])
    return fdOf(w, 3).connectError
  }
  expect([-111, -110, -115, -114, -4, -512].map(failing)).toEqual([111, 110, 0, 0, 0, 0])
})

test('a connect to AF_UNSPEC ends the association: there is no other end until one is specified', () => {
  const nobody = Uint8Array.from([0, 0, 0])
  const w = new World()
  const to = (ip: string, port: number) => inetTuple('127.0.0.1', 40000, ip, port)
  w.play([socket(3, 2, 2), { type: 'connect', params: { fd: 3, tuple: to('127.0.0.2', 53) } }])
  expect(w.fds()[3]).toBe('127.0.0.1:40000->127.0.0.2:53')
  const bound = { fd: 3, addr: nobody, tuple: inetTuple('127.0.0.1', 40000, '0.0.0.0', 0) }
  expect(w.shows({ type: 'connect', params: bound }).name).toBe('127.0.0.1:40000')
  expect(fdOf(w, 3)).toMatchObject({ connected: false, remoteIp: undefined, remotePort: undefined })
  const sent = { fd: 3, data: 'x', size: 1, tuple: to('127.0.0.66', 6666) }
  expect(w.shows({ type: 'sendto', ret: 1, params: sent }).name).toBe('127.0.0.1:40000->127.0.0.66:6666')
  const free = { fd: 3, addr: nobody, tuple: inetTuple('0.0.0.0', 0, '0.0.0.0', 0) }
  expect(w.shows({ type: 'connect', params: free })).toMatchObject({ name: '', type: 'ipv4' })
})

test('a bound and listening socket serves at its address; accepted sockets are named from the client to it', () => {
  const w = new World()
  w.play([socket(3), { type: 'bind', params: { fd: 3, addr: inetAddress('0.0.0.0', 8080) } }])
  expect(w.fds()[3]).toBe('0.0.0.0:8080')
  w.play([{ type: 'listen', params: { fd: 3, backlog: 5 } }])
  expect([ends.serverIp(fdOf(w, 3)), ends.serverPort(fdOf(w, 3)), ends.clientIp(fdOf(w, 3))]).toEqual([
    '0.0.0.0',
    8080,
    undefined,
  ])
  expect(ends.isServer(fdOf(w, 3), addresses)).toBe(true)
  const tuple = inetTuple('10.0.0.9', 50000, '10.0.0.5', 8080)
  expect(w.shows({ type: 'accept4', ret: 4, params: { tuple, flags: 0 } })).toEqual({
    num: 4,
    name: '10.0.0.9:50000->10.0.0.5:8080',
    type: 'ipv4',
  })
  const fd = fdOf(w, 4)
  expect([ends.clientIp(fd), ends.serverPort(fd), ends.localPort(fd), ends.remoteIp(fd)]).toEqual([
    '10.0.0.9',
    8080,
    8080,
    '10.0.0.9',
  ])
  expect(ends.isServer(fd, addresses)).toBe(true)
})

test('IPv6 names have no brackets, zero runs are short, IPv4 in IPv6 is IPv4', () => {
  const w = new World()
  w.play([socket(3, 10), socket(4, 10)])
  const v6 = inetTuple('2001:db8:0:0:1:0:0:1', 1, '::1', 2)
  expect(w.shows({ type: 'connect', params: { fd: 3, tuple: v6 } }).name).toBe('2001:db8::1:0:0:1:1->::1:2')
  const mapped = inetTuple('0:0:0:0:0:ffff:a00:5', 1, '0:0:0:0:0:ffff:a00:9', 2)
  expect(w.shows({ type: 'connect', params: { fd: 4, tuple: mapped } })).toEqual({
    num: 4,
    name: '10.0.0.5:1->10.0.0.9:2',
    type: 'ipv4',
  })
})

test('a datagram names its socket: the sender is the client, a wildcard becomes the likely address', () => {
  const w = new World()
  w.play([socket(3, 2, 2)])
  const sendto = (to: string, port: number) => ({
    type: 'sendto',
    ret: 5,
    params: { fd: 3, tuple: inetTuple('0.0.0.0', 5000, to, port) },
  })
  expect(w.shows(sendto('127.0.0.1', 53)).name).toBe('127.0.0.1:5000->127.0.0.1:53')
  expect(w.shows(sendto('8.8.8.8', 53)).name).toBe('10.0.0.5:5000->8.8.8.8:53')
  expect(protoChar(fdOf(w, 3))).toBe('u')
  const reply = { type: 'recvfrom', ret: 5, params: { fd: 3, tuple: inetTuple('8.8.8.8', 53, '10.0.0.5', 5000) } }
  expect(w.shows(reply).name).toBe('10.0.0.5:5000->8.8.8.8:53')
  const changes: boolean[] = []
  w.play([reply, sendto('8.8.4.4', 53)], (e) => changes.push(e.fdNameChanged))
  expect(changes).toEqual([false, true])
})

test('the receiver on a bound datagram socket is the server, also when it responds', () => {
  const w = new World()
  w.play([socket(3, 2, 2), { type: 'bind', params: { fd: 3, addr: inetAddress('10.0.0.5', 53) } }])
  const ask = { type: 'recvfrom', ret: 5, params: { fd: 3, tuple: inetTuple('10.0.0.9', 7, '10.0.0.5', 53) } }
  expect(w.shows(ask).name).toBe('10.0.0.9:7->10.0.0.5:53')
  const answer = { type: 'sendto', ret: 5, params: { fd: 3, tuple: inetTuple('10.0.0.5', 53, '10.0.0.9', 7) } }
  expect(w.shows(answer).name).toBe('10.0.0.9:7->10.0.0.5:53')
})

test('a datagram of a client is not assigned to its server because another of its sockets has no known port', () => {
  const w = new World()
  w.play([socket(4, 2, 2), { type: 'bind', params: { fd: 4, addr: inetAddress('0.0.0.0', 0) } }, socket(3, 2, 2)])
  const ask = { type: 'sendto', ret: 5, params: { fd: 3, tuple: inetTuple('0.0.0.0', 0, '8.8.8.8', 53) } }
  expect(w.shows(ask).name).toBe('10.0.0.5:0->8.8.8.8:53')
  expect(fdOf(w, 3)).toMatchObject({ remoteIp: '8.8.8.8', remotePort: 53, role: Role.Client })
})

test.each([
  ['sendmsg', '10.0.0.5', 55441, '10.0.0.9', 514, '10.0.0.5:55441->10.0.0.9:514'],
  ['recvmsg', '10.0.0.9', 514, '10.0.0.5', 55441, '10.0.0.9:514->10.0.0.5:55441'],
] as const)(
  'a bound datagram socket in a .scap file is what its first datagram makes it: %s',
  (type, from, fromPort, to, toPort, name) => {
    const bound = {
      num: 8,
      type: 'ipv4' as const,
      name: '',
      family: 2,
      localIp: '0.0.0.0',
      localPort: 55441,
      proto: 17,
    }
    const w = new World(shell([{ ...bound, server: true }]), { has: capabilitiesOf('scap') }).portable()
    expect(w.shows({ type: 'read', params: { fd: 8 } }).name).toBe('0.0.0.0:55441')
    expect(w.shows({ type, ret: 5, params: { fd: 8, tuple: inetTuple(from, fromPort, to, toPort) } }).name).toBe(name)
  },
)

test('a connected socket retains its name whatever transfers contain', () => {
  const w = new World()
  const tuple = inetTuple('10.0.0.5', 1, '10.0.0.9', 2)
  w.play([socket(3), { type: 'connect', params: { fd: 3, tuple } }])
  const reply = { type: 'recvfrom', ret: 5, params: { fd: 3, tuple: inetTuple('10.0.0.9', 2, '10.0.0.5', 1) } }
  expect(w.shows(reply).name).toBe('10.0.0.5:1->10.0.0.9:2')
})

test('an unknown socket is identified by its transfers', () => {
  const w = new World()
  const tuple = inetTuple('10.0.0.9', 7, '10.0.0.5', 53)
  expect(w.shows({ type: 'recvmsg', ret: 5, params: { fd: 33, tuple } })).toEqual({
    num: 33,
    name: '10.0.0.9:7->10.0.0.5:53',
    type: 'ipv4',
  })
})

test('unix sockets: bound path, both ends of a connection, an unnamed pair', () => {
  const w = new World()
  w.play([socket(3, 1), socket(5, 1)])
  const path = new TextEncoder().encode('\x01/run/x.sock\0')
  expect(w.shows({ type: 'bind', params: { fd: 3, addr: path } }).name).toBe('/run/x.sock')
  const pair = unixTuple(0xffff88829fb52d00n, 0xffff88829fb51b00n, '/run/x.sock')
  const name = 'ffff88829fb52d00->ffff88829fb51b00 /run/x.sock'
  expect(w.shows({ type: 'connect', params: { fd: 5, tuple: pair } }).name).toBe(name)
  expect(w.shows({ type: 'accept', ret: 6, params: { tuple: pair } })).toEqual({ num: 6, name, type: 'unix' })
  const made = { type: 'socketpair', params: { fd1: 7, fd2: 8, domain: 1, type: 1 } }
  expect(w.shows(made)).toEqual({ num: 8, name: '', type: 'unix' })
  const sent = { type: 'sendto', ret: 1, params: { fd: 7, tuple: unixTuple(0n, 0xabn, '') } }
  expect(w.shows(sent).name).toBe('0->ab ')
})

test('a truncated tuple is ignored', () => {
  const w = new World()
  w.play([socket(3)])
  const cut = inetTuple('10.0.0.5', 1, '10.0.0.9', 2).subarray(0, 7)
  expect(w.shows({ type: 'connect', params: { fd: 3, tuple: cut } }).name).toBe('')
})

test('sockets of a snapshot: the process with a listening port is the server there', () => {
  const tcp = (num: number, localPort: number, remotePort: number, tcpState: number) => ({
    num,
    type: 'ipv4' as const,
    name: '',
    family: 2,
    sockType: 1,
    proto: 6,
    tcpState,
    localIp: '10.0.0.5',
    localPort,
    ...(remotePort > 0 && { remoteIp: '10.0.0.9', remotePort }),
  })
  const w = new World(shell([tcp(3, 80, 0, 10), tcp(4, 80, 999, 1), tcp(5, 1234, 22, 1)]))
  expect(w.fds()).toEqual({ 3: '10.0.0.5:80', 4: '10.0.0.9:999->10.0.0.5:80', 5: '10.0.0.5:1234->10.0.0.9:22' })
})
