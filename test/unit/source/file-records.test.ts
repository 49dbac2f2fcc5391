// Records of open files become descriptors when something needs them, with what the sockets of all processes show about each other.

import { expect, test } from 'vitest'
import { TCP_LISTEN } from '../../../src/model/address.js'
import type { FdInfo } from '../../../src/model/snapshot.js'
import { OpenFiles } from '../../../src/source/file-records.js'
import fc from '../../helpers/properties.js'

interface FileBytes {
  mode: number
  tid?: number
  pid?: number
  num?: number
  path?: string
  sun?: Buffer
  family?: number
  state?: number
  port?: number
  netns?: number
  socket?: number
  peer?: number
  local?: readonly number[]
  remote?: Buffer
}

function fileRecord(f: FileBytes): Buffer {
  const path = Buffer.from(f.path ?? '')
  const sun = f.sun ?? Buffer.alloc(0)
  const b = Buffer.alloc(104 + ((path.length + sun.length + 7) & ~7))
  b.writeUInt32LE(b.length, 0)
  b.writeUInt32LE(f.tid ?? 10, 4)
  b.writeUInt32LE(f.pid ?? f.tid ?? 10, 8)
  b.writeUInt32LE(f.num ?? 3, 12)
  b.writeUInt32LE(f.mode, 16)
  b.writeUInt16LE(f.family ?? 0, 28)
  b.writeUInt16LE(f.state ?? 0, 34)
  b.writeUInt16LE(f.port ?? 8080, 36)
  b.writeUInt16LE(path.length, 40)
  b.writeUInt16LE(sun.length, 42)
  b.writeUInt32LE(f.netns ?? 0, 44)
  b.writeBigUInt64LE(address(f.socket), 56)
  b.writeBigUInt64LE(address(f.peer), 64)
  b.set(f.local ?? [127, 0, 0, 1], 72)
  b.set(f.remote ?? [], 88)
  b.set(path, 104)
  b.set(sun, 104 + path.length)
  return b
}

/** An address in the kernel. */
const address = (n: number | undefined) => (n === undefined ? 0n : 0xffff888000000000n + BigInt(n) * 8n)

const NOBODY = 1

function openFiles(records: readonly FileBytes[], skipped = NOBODY): OpenFiles {
  const b = Buffer.concat(records.map(fileRecord))
  return new OpenFiles(b.buffer.slice(b.byteOffset, b.byteOffset + b.length) as ArrayBuffer, skipped)
}

const one = (f: FileBytes) => [...openFiles([f]).of(10)][0]

test('types of files are distinguished', () => {
  expect(one({ mode: 0o100644, path: '/etc/passwd' })).toMatchObject({ num: 3, type: 'file', name: '/etc/passwd' })
  expect(one({ mode: 0o040755, path: '/etc' })?.type).toBe('directory')
  expect(one({ mode: 0o010600, path: 'pipe:[1]' })).toMatchObject({ type: 'pipe', name: '' })
  expect(one({ mode: 0o600, path: 'anon_inode:[eventpoll]' })?.type).toBe('eventpoll')
  expect(one({ mode: 0o100777, path: '/memfd:x (deleted)' })?.type).toBe('memfd')
})

test('sockets have their endpoints', () => {
  const inet = one({ mode: 0o140777, path: 'socket:[5]', family: 2 })
  expect(inet).toMatchObject({ type: 'ipv4', name: '', localIp: '127.0.0.1', localPort: 8080 })
  expect(inet?.remoteIp).toBeUndefined()
  expect(one({ mode: 0o140777, family: 1, sun: Buffer.from('/run/s\0') })).toMatchObject({
    type: 'unix',
    path: '/run/s',
  })
  expect(one({ mode: 0o140777, family: 1, sun: Buffer.from('\0abs') })?.path).toBe('@abs')
})

test('an IPv6 socket has the type of its other end, as an accepted connection has later', () => {
  const inet6 = (remote: readonly number[]) => one({ mode: 0o140777, family: 10, remote: Buffer.from(remote) })
  const mapped = [...new Array<number>(10).fill(0), 255, 255, 127, 0, 0, 1]
  expect(inet6(mapped)).toMatchObject({ type: 'ipv4', family: 10, remoteIp: '127.0.0.1' })
  expect(inet6([0x20, 1, ...new Array<number>(13).fill(0), 1])).toMatchObject({ type: 'ipv6', remoteIp: '2001::1' })
  expect(inet6([])?.type).toBe('ipv6')
})

const SOCKET = 0o140777
const endpoint = fc.constantFrom([0, 0, 0, 0], [127, 0, 0, 1], [10, 0, 0, 1])
const record: fc.Arbitrary<FileBytes> = fc.record(
  {
    mode: fc.constantFrom(0o100644, 0o010600, SOCKET, SOCKET, SOCKET),
    tid: fc.integer({ min: 10, max: 13 }),
    num: fc.integer({ min: 0, max: 9 }),
    path: fc.constantFrom('/a', 'socket:[1]', 'pipe:[2]'),
    sun: fc.constantFrom(Buffer.alloc(0), Buffer.from('/run/s\0'), Buffer.from('\0abs')),
    family: fc.constantFrom(1, 1, 2, 10, 16),
    state: fc.constantFrom(1, TCP_LISTEN),
    port: fc.constantFrom(0, 80, 443),
    netns: fc.constantFrom(0, 4026531840, 4026532000),
    socket: fc.integer({ min: 1, max: 4 }),
    peer: fc.integer({ min: 0, max: 4 }),
    local: endpoint,
    remote: endpoint.map((ip) => Buffer.from(ip)),
  },
  { requiredKeys: ['mode', 'tid'] },
)

/** What each record shows alone, completed from the other decoded descriptors. */
function joined(records: readonly FileBytes[]): { tid: number; fd: FdInfo }[] {
  const all = records.map((r) => ({
    ...r,
    tid: r.tid as number,
    fd: [...openFiles([r]).of(r.tid as number)][0] as FdInfo,
  }))
  const own = new Map(all.filter(({ fd }) => fd.path).map(({ fd }) => [fd.source, fd.path]))
  const listens = all.filter(({ fd }) => fd.tcpState === TCP_LISTEN && fd.localPort !== undefined)
  for (const { fd, netns = 0 } of all) {
    const at = ({ fd: other, netns: there = 0 }: (typeof all)[number]) =>
      there === netns && other.localPort === (fd.localPort ?? 0)
    if (fd.remoteIp !== undefined) fd.server = listens.some(at)
    else if (fd.path === '') fd.path = own.get(fd.dest) ?? ''
  }
  return all
}

test('descriptors that are decoded later equal those that are decoded at once, for any files', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const files = openFiles(records)
      const expected = joined(records)
      for (const tid of [13, 10, 12, 11]) {
        const wanted = expected.filter((x) => x.tid === tid).map((x) => x.fd)
        expect([...files.of(tid)]).toEqual(wanted)
        expect([...files.of(tid)]).toEqual(wanted)
        const ports = wanted.flatMap((fd) => (fd.tcpState === TCP_LISTEN ? (fd.localPort ?? []) : []))
        const table = files.of(tid)
        expect('listening' in table ? table.listening : []).toEqual(ports)
      }
    }),
  )
})

test('files of the skipped process are missing, but others get from its sockets what they do not show', () => {
  const server = { tid: 20, mode: SOCKET, family: 1, socket: 1, sun: Buffer.from('/run/s\0') }
  const files = openFiles([server, { mode: SOCKET, family: 1, socket: 2, peer: 1 }], 20)
  expect([...files.of(20)]).toEqual([])
  expect([...files.of(10)]).toMatchObject([{ path: '/run/s' }])
})

test('invalid bytes end the list, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.boolean(), (bytes, sized) => {
      const b = Buffer.from(bytes)
      if (sized && b.length >= 8) b.writeUInt32LE(b.length, 0)
      const files = new OpenFiles(b.buffer.slice(b.byteOffset, b.byteOffset + b.length) as ArrayBuffer, NOBODY)
      const tid = b.length >= 8 ? b.readUInt32LE(4) : 0
      expect([...files.of(tid)].length).toBeLessThanOrEqual(b.length / 104)
    }),
  )
})
