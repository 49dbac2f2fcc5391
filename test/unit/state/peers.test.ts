import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import type { Event } from '../../../src/model/event.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { inetAddress, inetTuple, info, shell, thread, World } from './world.js'

const id = (digit: string) => digit.repeat(64)
const within = (digit: string) => [`cpu=/docker/${id(digit)}`]
const metadata = (digit: string, more: object) => containerJson({ ...unnamed(id(digit), 'docker'), ...more })
const POD = { 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop' }
const inPod = (digit: string, name: string, more: object = {}) =>
  metadata(digit, { name, ip: '10.1.0.9', sandboxId: id('e'), labels: POD, ...more })

/** A container `front` (200) and one named `back` (300), the host's shell (100), and pod shop/web-0, which is identified by its address. */
function world(containers: string[] = []): World {
  const s = shell()
  return new World({
    ...s,
    threads: [
      ...s.threads,
      thread(200, { cgroups: within('a'), fds: [] }),
      thread(300, { cgroups: within('b'), fds: [] }),
    ],
    containers: [
      metadata('a', { name: 'front', ip: '10.1.0.2' }),
      metadata('b', { name: 'back', ip: '10.1.0.3' }),
      inPod('e', 'web-0', { sandbox: true }),
      ...containers,
    ],
  })
}

const socket = (tid: number, ret = 3): RowSpec => ({
  tid,
  type: 'socket',
  ret,
  params: { domain: 2, type: 1, proto: 0 },
})
const connect = (tid: number, tuple: Uint8Array): RowSpec => ({ tid, type: 'connect', params: { fd: 3, tuple } })
const accept = (tid: number, tuple: Uint8Array): RowSpec => ({ tid, type: 'accept4', ret: 4, params: { tuple } })

/** Plays the rows; the values of fd.peer.* at each. */
function peers(w: World, rows: readonly RowSpec[], field = 'fd.peer.name'): unknown[] {
  const get = registry.find(field).def.make({ ...context(), info, states: [w.state] }, undefined)
  const seen: unknown[] = []
  w.play(rows, (e: Event) => seen.push(get(e)))
  return seen
}

test('both ends of a connection between two containers have the other one as peer', () => {
  const tuple = inetTuple('10.1.0.2', 40000, '10.1.0.3', 80)
  const rows = [socket(200), connect(200, tuple), accept(300, tuple)]
  expect(peers(world(), rows)).toEqual([undefined, 'back', 'front'])
  expect(peers(world(), rows, 'fd.peer.container.id')).toEqual([undefined, 'bbbbbbbbbbbb', 'aaaaaaaaaaaa'])
})

test("in the host's network the sockets identify the peer, once both ends are known", () => {
  const tuple = inetTuple('127.0.0.1', 40000, '127.0.0.1', 80)
  const write: RowSpec = { tid: 200, type: 'write', ret: 1, params: { fd: 3, size: 1 } }
  expect(peers(world(), [socket(200), connect(200, tuple), accept(300, tuple), write])).toEqual([
    undefined,
    undefined,
    'front',
    'back',
  ])
  const host = [socket(100), connect(100, tuple), accept(300, tuple)]
  expect(peers(world(), host)).toEqual([undefined, undefined, 'host'])
  expect(peers(world(), host, 'fd.peer.k8s.pod.name')).toEqual([undefined, undefined, undefined])
})

/** The thread listens on a port of this address. */
const listens = (tid: number, ip: string, port: number): RowSpec[] => [
  { tid, type: 'socket', ret: 7, params: { domain: 2, type: 1, proto: 0 } },
  { tid, type: 'bind', params: { fd: 7, addr: inetAddress(ip, port) } },
  { tid, type: 'listen', params: { fd: 7, backlog: 5 } },
]

test('on a loopback address the listening process is the peer before the connection is accepted', () => {
  const tuple = inetTuple('127.0.0.1', 40000, '127.0.0.1', 80)
  const hosts = { hostNetwork: true, ip: '' }
  const w = () => world([metadata('a', { name: 'front', ...hosts }), metadata('b', { name: 'back', ...hosts })])
  const last = (world: World, rows: RowSpec[]) => peers(world, rows).at(-1)
  // within one container in the host's network, between two of these, and from and to the host
  for (const ip of ['127.0.0.1', '0.0.0.0']) {
    expect(last(w(), [...listens(300, ip, 80), socket(300), connect(300, tuple)])).toBe('back')
    expect(last(w(), [...listens(300, ip, 80), socket(200), connect(200, tuple)])).toBe('back')
    expect(last(w(), [...listens(300, ip, 80), socket(100), connect(100, tuple)])).toBe('back')
    expect(last(w(), [...listens(100, ip, 80), socket(300), connect(300, tuple)])).toBe('host')
  }
  // separate networks have loopback addresses of their own
  expect(last(world(), [...listens(300, '0.0.0.0', 80), socket(200), connect(200, tuple)])).toBe(undefined)
  expect(last(world(), [...listens(300, '0.0.0.0', 80), socket(100), connect(100, tuple)])).toBe(undefined)
  expect(last(world(), [...listens(300, '0.0.0.0', 80), socket(300), connect(300, tuple)])).toBe('back')
  // another port, and an address that may be translated
  expect(last(w(), [...listens(300, '0.0.0.0', 81), socket(200), connect(200, tuple)])).toBe(undefined)
  const own = inetTuple('10.0.0.5', 40000, '10.0.0.5', 80)
  expect(last(w(), [...listens(300, '0.0.0.0', 80), socket(200), connect(200, own)])).toBe(undefined)
})

test('a process that listened before the capture is known as well', () => {
  const s = shell()
  const listening = {
    num: 7,
    type: 'ipv4',
    name: '',
    localIp: '0.0.0.0',
    localPort: 80,
    sockType: 1,
    tcpState: 10,
  } as const
  const w = new World({
    ...s,
    threads: [...s.threads, thread(300, { cgroups: within('b'), fds: [listening] })],
    containers: [metadata('b', { name: 'back', hostNetwork: true })],
  })
  const rows = [socket(100), connect(100, inetTuple('127.0.0.1', 40000, '127.0.0.1', 80))]
  expect(peers(w, rows)).toEqual([undefined, 'back'])
})

test('connections that existed before the capture are known too', () => {
  const s = shell()
  const ends = { type: 'ipv4', name: '', localPort: 40000, remotePort: 80, sockType: 1, tcpState: 1 } as const
  const fds = [{ ...ends, num: 5, localIp: '10.1.0.2', remoteIp: '10.1.0.3', server: false }]
  const back = { localIp: '10.1.0.3', localPort: 80, remoteIp: '10.1.0.2', remotePort: 40000, server: true }
  const w = new World({
    ...s,
    threads: [
      ...s.threads,
      thread(200, { cgroups: within('a'), fds }),
      thread(300, { cgroups: within('b'), fds: [{ ...ends, num: 6, ...back }] }),
    ],
  })
  // their names have not been reported
  expect(peers(w, [{ tid: 200, type: 'write', ret: 1, params: { fd: 5, size: 1 } }])).toEqual(['bbbbbbbbbbbb'])
})

test('the address of a pod identifies the pod, and its container if it has only one', () => {
  const rows = [socket(200), connect(200, inetTuple('10.1.0.2', 40000, '10.1.0.9', 80))]
  const at = (w: World, field: string) => peers(w, rows, field)[1]
  expect(at(world(), 'fd.peer.name')).toBe('shop/web-0')
  expect(at(world(), 'fd.peer.k8s.ns.name')).toBe('shop')
  expect(at(world([inPod('f', 'httpd')]), 'fd.peer.container.name')).toBe('httpd')
  expect(at(world([inPod('f', 'httpd'), inPod('d', 'log')]), 'fd.peer.container.name')).toBe('web-0')
})

test('an address belongs to the container that has it now; one of the host or of another machine has no peer', () => {
  const to = (ip: string) => [socket(200), connect(200, inetTuple('10.1.0.2', 40000, ip, 80))]
  const again = world([metadata('c', { name: 'new', ip: '10.1.0.3', created: 1_700_000_000 })])
  expect(peers(again, to('10.1.0.3'))[1]).toBe('new')
  expect(peers(world(), to('10.0.0.5'))[1]).toBe(undefined)
  expect(peers(world(), to('93.184.216.34'))[1]).toBe(undefined)
  const shared = world([metadata('c', { name: 'agent', ip: '93.184.216.34', hostNetwork: true })])
  expect(peers(shared, to('93.184.216.34'))[1]).toBe(undefined)
})
