// Sockets that existed before the capture: client and server, and which descriptors are one socket.
import { describe, expect, test } from 'vitest'
import { Role } from '../../../src/model/fd.js'
import type { FdInfo } from '../../../src/model/snapshot.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { shell, thread, World } from './world.js'

const fdOf = (w: World, n = 3, tid = 100) => w.thread(tid).fdTable.fds.get(n)

describe('sockets of a snapshot', () => {
  const tcp = (
    num: number,
    local: [string, number],
    remote: [string, number] | undefined,
    more: Partial<FdInfo> = {},
  ): FdInfo => ({
    num,
    type: 'ipv4',
    name: '',
    localIp: local[0],
    localPort: local[1],
    ...(remote && { remoteIp: remote[0], remotePort: remote[1] }),
    ...more,
  })
  const has = (socketEndpoints: boolean) => ({ has: { ...capabilitiesOf('ksys'), socketEndpoints } })
  const role = (w: World, n = 3) => fdOf(w, n)?.role

  test('are client or server as recorded, except a bound datagram socket before its first datagram', () => {
    const bound = tcp(3, ['0.0.0.0', 53], undefined, { proto: 17, server: true })
    expect(role(new World(shell([bound])))).toBe(Role.Unknown)
    expect(role(new World(shell([{ ...bound, proto: 6 }])))).toBe(Role.Server)
    const pair = tcp(3, ['10.0.0.5', 1], ['10.0.0.9', 2], { proto: 17 })
    expect(role(new World(shell([{ ...pair, server: true }])))).toBe(Role.Server)
    expect(role(new World(shell([{ ...pair, server: false }])))).toBe(Role.Client)
  })

  test('that listen are servers; those with a partner by the process that listens on their port, in any network', () => {
    const s = shell([tcp(3, ['10.0.0.5', 80], ['10.0.0.9', 9]), tcp(4, ['10.0.0.5', 9], ['10.0.0.9', 80])])
    const listening = thread(300, { fds: [tcp(5, ['0.0.0.0', 80], undefined, { tcpState: 10 })] })
    const w = new World({ ...s, threads: [...s.threads, listening] })
    expect([role(w, 3), role(w, 4), fdOf(w, 5, 300)?.role]).toEqual([Role.Server, Role.Client, Role.Server])
  })

  test("in files that do not record which end this is are reversed if only the destination is the host's", () => {
    const w = (local: [string, number], remote: [string, number], ...more: FdInfo[]) =>
      new World(shell([tcp(3, local, remote), ...more]), has(false))
    expect(fdOf(w(['10.0.0.9', 9], ['10.0.0.5', 80]))).toMatchObject({
      role: Role.Server,
      localIp: '10.0.0.5',
      localPort: 80,
      remoteIp: '10.0.0.9',
      remotePort: 9,
    })
    expect(fdOf(w(['10.0.0.5', 9], ['10.0.0.9', 80]))).toMatchObject({ role: Role.Client, localIp: '10.0.0.5' })
    expect(fdOf(w(['10.0.0.5', 9], ['127.0.0.1', 80]))).toMatchObject({ role: Role.Client, localPort: 9 })
    const listens = tcp(4, ['127.0.0.1', 80], undefined, { tcpState: 10 })
    expect(fdOf(w(['10.0.0.5', 9], ['127.0.0.1', 80], listens))).toMatchObject({ role: Role.Server, localPort: 80 })
    expect(fdOf(w(['10.0.0.7', 9], ['10.0.0.9', 80]))).toMatchObject({ role: Role.Client, localPort: 9 })
    const onPort = tcp(4, ['0.0.0.0', 9], undefined, { tcpState: 10 })
    expect(fdOf(w(['10.0.0.5', 9], ['10.0.0.9', 80], onPort))).toMatchObject({ role: Role.Server, localPort: 9 })
  })

  test('are connected as recorded, or according to their state', () => {
    const connected = (more: Partial<FdInfo>) =>
      fdOf(new World(shell([tcp(3, ['10.0.0.5', 1], ['10.0.0.9', 2], more)])))?.connected
    expect(connected({})).toBe(true)
    expect(connected({ tcpState: 1 })).toBe(true)
    expect(connected({ tcpState: 7 })).toBe(false)
    expect(connected({ tcpState: 7, connected: true })).toBe(true)
    expect(connected({ connected: false })).toBe(false)
    expect(fdOf(new World(shell([tcp(3, ['10.0.0.5', 1], undefined)])))?.connected).toBe(false)
  })

  test('a unix socket is shown by its path if nothing else is recorded', () => {
    const name = (more: Partial<FdInfo>) => fdOf(new World(shell([{ num: 3, type: 'unix', name: '', ...more }])))?.name
    expect([name({ path: '/x' }), name({ path: '/x', name: 'told' }), name({})]).toEqual(['/x', 'told', ''])
  })

  test('one socket in several tables is one, also in a keyframe', () => {
    const s = shell([])
    const shared: FdInfo = { num: 3, type: 'ipv4', name: '', sockType: 2, proto: 17, common: 5 }
    const w = new World({
      ...s,
      threads: [
        ...s.threads,
        thread(200, { fds: [shared] }),
        thread(201, { fds: [shared, { ...shared, num: 4 }] }),
        thread(202, { fds: [{ ...shared, common: 6 }] }),
      ],
    })
    for (const world of [w, new World(w.state.snapshot())]) {
      const [a, b, other, elsewhere] = [
        fdOf(world, 3, 200),
        fdOf(world, 3, 201),
        fdOf(world, 4, 201),
        fdOf(world, 3, 202),
      ]
      expect(a).toBe(b)
      expect(a?.shared).toBe(true)
      expect(other).not.toBe(a)
      expect(elsewhere).not.toBe(a)
    }
  })
})
