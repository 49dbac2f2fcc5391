// Records of the kernel's iterators and of /proc become the snapshot, whatever bytes they contain.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cgroupList } from '../../../src/source/procfs.js'
import { decodeFiles, decodeTasks } from '../../../src/source/records.js'

interface FileBytes {
  mode: number
  path?: string
  sun?: Buffer
  family?: number
  remote?: Buffer
}

function fileRecord(f: FileBytes): ArrayBuffer {
  const path = Buffer.from(f.path ?? '')
  const sun = f.sun ?? Buffer.alloc(0)
  const b = Buffer.alloc(104 + ((path.length + sun.length + 7) & ~7))
  b.writeUInt32LE(b.length, 0)
  b.writeUInt32LE(10, 4)
  b.writeUInt32LE(10, 8)
  b.writeUInt32LE(3, 12)
  b.writeUInt32LE(f.mode, 16)
  b.writeUInt16LE(f.family ?? 0, 28)
  b.writeUInt16LE(8080, 36)
  b.writeUInt16LE(path.length, 40)
  b.writeUInt16LE(sun.length, 42)
  b.set([127, 0, 0, 1], 72)
  b.set(f.remote ?? [], 88)
  b.set(path, 104)
  b.set(sun, 104 + path.length)
  return b.buffer.slice(b.byteOffset, b.byteOffset + b.length) as ArrayBuffer
}

const one = (f: FileBytes) => decodeFiles(fileRecord(f))[0]?.fd

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

test('invalid bytes end the list, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
      expect(decodeFiles(buffer).length).toBeLessThanOrEqual(bytes.length / 104)
      expect(decodeTasks(buffer).length).toBeLessThanOrEqual(bytes.length / 104)
    }),
  )
})

test('controllers of both hierarchies get their paths', () => {
  const hybrid = '5:memory:/a\n4:cpu,cpuacct:/b:c\n3:blkio:/d\n0::/unified\n'
  expect(cgroupList(hybrid)).toEqual(['cpuset=/unified', 'cpu=/b:c', 'cpuacct=/b:c', 'io=/d', 'memory=/a'])
  expect(cgroupList('0::/\n')).toEqual(['cpuset=/', 'cpu=/', 'cpuacct=/', 'io=/', 'memory=/'])
  expect(cgroupList('')).toEqual([])
})

test('the unified cgroup is listed if every controller is in a hierarchy of its own', () => {
  const v1 = ['cpuset=/a', 'cpu=/', 'cpuacct=/', 'io=/', 'memory=/']
  const lines = '1:cpuset:/a\n2:cpu,cpuacct:/\n3:blkio:/\n4:memory:/\n'
  expect(cgroupList(`${lines}0::/unified\n`)).toEqual([...v1, 'unified=/unified'])
  expect(cgroupList(`${lines}0::/\n`)).toEqual(v1)
})
