// The values of fd.* and fdlist.* for descriptors.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { Fd, Role } from '../../../src/model/fd.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import type { RowSpec } from '../../helpers/rows.js'
import { ask, context, type OneHost } from './evaluate.js'

function withFds(): OneHost {
  const ctx = context()
  const t = new Thread(10, 10, new FdTable())
  t.comm = 'app'
  const add = (fd: Fd, more: Partial<Fd> = {}) => t.fdTable.fds.set(fd.num, Object.assign(fd, more))
  add(new Fd(3, 'file', '/var/log/app/a.log'), { dev: 0x0fe01, ino: 42, nameRaw: 'a.log', layer: 'upper' })
  add(new Fd(4, 'ipv4', ''), {
    localIp: '10.0.0.5',
    localPort: 8080,
    remoteIp: '1.2.3.4',
    remotePort: 54321,
    role: Role.Server,
    connected: true,
    proto: 6,
    sockType: 1,
  })
  add(new Fd(5, 'ipv4', ''), { localIp: '0.0.0.0', localPort: 80, tcpState: 10, proto: 6, sockType: 1 })
  add(new Fd(6, 'directory', '/srv'))
  add(new Fd(7, 'unix', ''), { path: '/run/s', source: 'ff', dest: '0' })
  add(new Fd(8, 'pipe', ''))
  ctx.state.threads.set(10, t)
  return ctx
}

const SOCKETS = registry.names().filter((name) => registry.get(name)?.property === 'socket')

test('fields that the kernel checks on sockets alone have no value on other descriptors', () => {
  expect(SOCKETS).toEqual(expect.arrayContaining(['fd.ip', 'fd.sport', 'fd.lproto', 'fd.rip.name', 'fd.sockfamily']))
  for (const name of SOCKETS) for (const fd of [3, 6, 8]) expect(on(fd, name), `${name} of ${fd}`).toBeUndefined()
})

const read = (fd: number): RowSpec => ({ type: 'read', tid: 10, pid: 10, ret: 1, params: { fd, data: 'x', size: 1 } })
const on = (fd: number, field: string) => ask(field, [read(fd)], withFds())

test.each([
  [3, 'fd.num', 3],
  [3, 'fd.type', 'file'],
  [3, 'fd.typechar', 'f'],
  [3, 'fd.name', '/var/log/app/a.log'],
  [3, 'fd.nameraw', 'a.log'],
  [3, 'fd.directory', '/var/log/app'],
  [3, 'fd.filename', 'a.log'],
  [3, 'fd.dev', 0xfe01],
  [3, 'fd.dev.major', 254],
  [3, 'fd.dev.minor', 1],
  [3, 'fd.ino', 42],
  [3, 'fd.is_server', false],
  [3, 'fd.l4proto', '<NA>'],
  [3, 'fd.is_upper_layer', true],
  [3, 'fd.cip', undefined],
  [3, 'fd.uid', '103'],
  [6, 'fd.directory', '/srv'],
  [6, 'fd.filename', undefined],
  [4, 'fd.name', '1.2.3.4:54321->10.0.0.5:8080'],
  [4, 'fd.nameraw', ''],
  [4, 'fd.cip', '1.2.3.4'],
  [4, 'fd.sip', '10.0.0.5'],
  [4, 'fd.lip', '10.0.0.5'],
  [4, 'fd.rport', 54321],
  [4, 'fd.sport', 8080],
  [4, 'fd.rproto', '54321'],
  [4, 'fd.l4proto', 'tcp'],
  [4, 'fd.sockfamily', 'ip'],
  [4, 'fd.is_server', true],
  [4, 'fd.sproc', 'app'],
  [4, 'fd.cproc', undefined],
  [3, 'fd.sproc', undefined],
  [3, 'fd.cproc', undefined],
  [4, 'fd.connected', true],
  [4, 'fd.directory', undefined],
  [4, 'fd.ip', ['10.0.0.5', '1.2.3.4']],
  [4, 'fd.port', [8080, 54321]],
  [5, 'fd.sport', 80],
  [5, 'fd.lport', undefined],
  [5, 'fd.ip', ['0.0.0.0']],
  [7, 'fd.sockfamily', 'unix'],
  [7, 'fd.ip', undefined],
  [8, 'fd.name', ''],
  [99, 'fd.num', 99],
  [99, 'fd.type', undefined],
] as const)('descriptor %d: %s is %j', (fd, field, value) => {
  expect(on(fd, field)).toEqual(value)
})

test('a call that failed to open a file shows the requested path', () => {
  const open = { type: 'openat', tid: 10, pid: 10, ret: -2, params: { dirfd: -100, name: '/no/such' } }
  expect(ask('fd.name', [open], withFds())).toBe('/no/such')
  expect(ask('fd.directory', [open], withFds())).toBe('/no')
  expect(ask('fd.num', [open], withFds())).toBe(-1)
})

test('fd.types lists the types of all descriptors, or the type of one', () => {
  expect(on(3, 'fd.types')).toEqual(['file', 'ipv4', 'directory', 'unix', 'pipe'])
  expect(on(3, 'fd.types[6]')).toEqual(['directory'])
  expect(on(3, 'fd.types[60]')).toBeUndefined()
})

test('fdlist fields join the descriptors that poll waits for', () => {
  const list = Buffer.alloc(22)
  list.writeUInt16LE(2, 0)
  list.writeInt32LE(3, 2)
  list.writeInt32LE(4, 12)
  const poll: RowSpec = { type: 'poll', tid: 10, pid: 10, ret: 1, params: { fds: list, timeout: 5 } }
  expect(ask('fdlist.nums', [poll], withFds())).toBe('3,4')
  expect(ask('fdlist.names', [poll], withFds())).toBe('/var/log/app/a.log,1.2.3.4:54321->10.0.0.5:8080')
  expect(ask('fdlist.cips', [poll], withFds())).toBe('1.2.3.4')
  expect(ask('fdlist.sports', [poll], withFds())).toBe('8080')
  const liar = Buffer.from(list)
  liar.writeUInt16LE(60000, 0)
  expect(ask('fdlist.nums', [{ ...poll, params: { fds: liar } }], withFds())).toBe('3,4')
})

test('the container of a thread precedes the name', () => {
  const ctx = withFds()
  expect(ask('fd.containername', [read(3)], ctx)).toBe(':/var/log/app/a.log')
  ctx.state.joined(ctx.state.threads.get(10)!, [`cpu=/kubepods/pod1/cri-containerd-${'ab12'.repeat(16)}.scope`])
  expect(ask('fd.containername', [read(3)], ctx)).toBe('ab12ab12ab12:/var/log/app/a.log')
})
