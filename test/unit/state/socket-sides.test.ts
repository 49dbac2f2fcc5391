// Names of sockets, their letters and protocols, and their sides.
import { describe, expect, test } from 'vitest'
import { Fd, Role } from '../../../src/model/fd.js'
import type { FdType } from '../../../src/model/snapshot.js'
import { fdName, l4proto, protoChar, typeChar } from '../../../src/state/fd-name.js'
import * as ends from '../../../src/state/socket-sides.js'

describe('letters and protocols', () => {
  const made = (type: FdType, more: Partial<Fd> = {}) => Object.assign(new Fd(3, type, ''), more)
  test.each<[string | undefined, Partial<Fd>]>([
    ['raw', { sockType: 3, proto: 6 }],
    ['tcp', { proto: 6, sockType: 2 }],
    ['udp', { proto: 17, sockType: 1 }],
    ['icmp', { proto: 1, sockType: 2 }],
    ['icmp', { proto: 58 }],
    ['tcp', { sockType: 1 }],
    ['tcp', { sockType: 1 | 0x80000 }],
    ['udp', { sockType: 2, proto: 0 }],
    [undefined, { sockType: 5 }],
    [undefined, {}],
  ])('%s for %j', (proto, more) => {
    for (const type of ['ipv4', 'ipv6'] as const) {
      expect(l4proto(made(type, { localIp: '1.2.3.4', ...more }))).toBe(proto)
      expect(l4proto(made(type, { remoteIp: '1.2.3.4', ...more }))).toBe(proto)
      expect(l4proto(made(type, more)), 'without an address').toBeUndefined()
      expect(protoChar(made(type, { localIp: '1.2.3.4', ...more }))).toBe(proto?.charAt(0) ?? '')
    }
    expect(l4proto(made('unix', { localIp: '1.2.3.4', ...more }))).toBeUndefined()
    expect(protoChar(made('file'))).toBe('')
  })

  test('each kind has its letter', () => {
    const kinds: FdType[] = ['file', 'directory', 'ipv4', 'ipv6', 'unix', 'pipe', 'event', 'signalfd', 'eventpoll']
    const rest: FdType[] = ['inotify', 'timerfd', 'netlink', 'bpf', 'userfaultfd', 'io_uring', 'memfd', 'pidfd']
    expect(kinds.map((k) => typeChar(made(k))).join('')).toBe('fd46upesl')
    expect(rest.map((k) => typeChar(made(k))).join('')).toBe('itnburmP')
    expect([typeChar(made('socket')), typeChar(made('other'))]).toEqual(['o', 'X'])
    expect(typeChar(made('unheard of' as FdType))).toBe('o')
  })

  test.each<[string, FdType, Partial<Fd>]>([
    ['', 'ipv4', {}],
    ['10.0.0.9:80', 'ipv4', { remoteIp: '10.0.0.9', remotePort: 80 }],
    ['10.0.0.5:7', 'ipv6', { localIp: '10.0.0.5', localPort: 7 }],
    ['1.1.1.1:1->2.2.2.2:2', 'ipv4', { localIp: '1.1.1.1', localPort: 1, remoteIp: '2.2.2.2', remotePort: 2 }],
    ['', 'netlink', { path: '/x', source: '1', dest: '2' }],
    ['', 'unix', {}],
    ['/x', 'unix', { path: '/x' }],
    ['', 'unix', { source: '5', dest: '0' }],
    ['5->0 /x', 'unix', { source: '5', dest: '0', path: '/x' }],
    ['5->6 ', 'unix', { source: '5', dest: '6' }],
  ])('the name %j of a %s with %j', (name, type, more) => expect(fdName(made(type, more))).toBe(name))
})

describe('sides', () => {
  const own = ['127.0.0.1', '10.0.0.5', '::1', 'fe80::1', 'fd00::5']
  const made = (more: Partial<Fd>, type: FdType = 'ipv4') => Object.assign(new Fd(3, type, ''), more)
  const both = { localIp: '10.0.0.5', localPort: 1, remoteIp: '10.0.0.9', remotePort: 2 }
  const sides = (fd: Fd) => [
    [ends.clientIp(fd), ends.clientPort(fd), ends.serverIp(fd), ends.serverPort(fd)],
    [ends.localIp(fd), ends.localPort(fd), ends.remoteIp(fd), ends.remotePort(fd)],
  ]
  const none = [undefined, undefined, undefined, undefined]

  test('of a pair, by its role', () => {
    expect(sides(made({ ...both, role: Role.Client }))).toEqual([
      ['10.0.0.5', 1, '10.0.0.9', 2],
      ['10.0.0.5', 1, '10.0.0.9', 2],
    ])
    expect(sides(made({ ...both, role: Role.Server }, 'ipv6'))).toEqual([
      ['10.0.0.9', 2, '10.0.0.5', 1],
      ['10.0.0.5', 1, '10.0.0.9', 2],
    ])
  })

  test('are unknown without a role, without both ends, or for other descriptors', () => {
    expect(sides(made(both))).toEqual([none, none])
    expect(sides(made({ role: Role.Client }))).toEqual([none, none])
    expect(sides(made({ ...both, role: Role.Client }, 'unix'))).toEqual([none, none])
    expect(sides(made({ localIp: '10.0.0.5', localPort: 1 }, 'unix'))).toEqual([none, none])
  })

  test('of a bound socket are the server’s', () => {
    expect(sides(made({ localIp: '10.0.0.5', localPort: 1 }))).toEqual([[undefined, undefined, '10.0.0.5', 1], none])
  })

  test.each<[boolean, Partial<Fd>, FdType]>([
    [true, { role: Role.Server }, 'ipv4'],
    [true, { tcpState: 10 }, 'ipv6'],
    [true, { localIp: '10.0.0.5', role: Role.Client }, 'ipv4'],
    [false, { ...both, role: Role.Client, remoteIp: '10.0.0.5' }, 'ipv4'],
    [true, { ...both, remoteIp: '10.0.0.5' }, 'ipv4'],
    [false, both, 'ipv4'],
    [false, {}, 'ipv4'],
    [false, { role: Role.Server }, 'unix'],
    [false, { role: Role.Server }, 'file'],
  ])('a server has %s for %j, %s', (is, more, type) => expect(ends.isServer(made(more, type), own)).toBe(is))

  test('sockets, internet sockets and bound ones', () => {
    const kinds: FdType[] = ['ipv4', 'ipv6', 'unix', 'netlink', 'socket', 'file', 'pipe']
    expect(kinds.map((k) => ends.isSocket(made({}, k)))).toEqual([true, true, true, true, true, false, false])
    expect(kinds.map((k) => ends.isInet(made({}, k)))).toEqual([true, true, false, false, false, false, false])
    expect(ends.isBound(made({}))).toBe(false)
    expect(ends.isBound(made(both))).toBe(false)
  })

  test('addresses of this host', () => {
    const all = ['127.0.0.1', '127.9.9.9', '::1', '10.0.0.5', '10.0.0.9', '1.2.127.3']
    expect(all.map((a) => ends.isLocalAddress(a, own))).toEqual([true, true, true, true, false, false])
    expect(all.map(ends.isLoopback)).toEqual([true, true, true, false, false, false])
    expect(['0.0.0.0', '::', '0.0.0.1', '::1'].map(ends.isWildcard)).toEqual([true, true, false, false])
  })

  test('the address that this host most likely uses', () => {
    const likely = (remote: string, addresses = own) => ends.likelyLocal(remote, addresses, '?')
    expect(['127.0.0.9', '::1', '10.0.0.5', 'fd00::5'].map((a) => likely(a))).toEqual([
      '127.0.0.1',
      '::1',
      '10.0.0.5',
      'fd00::5',
    ])
    expect([likely('8.8.8.8'), likely('2001::8')]).toEqual(['10.0.0.5', 'fd00::5'])
    expect([likely('8.8.8.8', ['127.0.0.1', 'fd00::5']), likely('2001::8', ['::1', 'fe80::1', '10.0.0.5'])]).toEqual([
      '?',
      '?',
    ])
  })
})
