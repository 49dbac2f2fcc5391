// Calls of an arm64 machine: structures, flags and sizes that differ there are not read as x86-64's.
import { expect, test } from 'vitest'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { compileFilter } from '../../../src/filter/index.js'
import { appendArgs, renderArgs } from '../../../src/render/args/args.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import { DESC_BYTES, DESC_HEAD, OPS } from '../../../src/schema/abi.js'
import { packTable } from '../../../src/schema/descriptors.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { kernelOpenFlags } from '../../../src/state/flag-bits.js'
import { State } from '../../../src/state/state.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 }
const state = new State({ has: capabilitiesOf('ksys'), addresses: [] } as unknown as CaptureInfo)
const ctx = { info: { kind: 'ksys', has: capabilitiesOf('ksys') }, states: [state], format } as unknown as FieldContext

function args(spec: RowSpec): string {
  const e = eventOf(spec)
  e.batch.arch = 'arm64'
  const out = new ByteWriter(256)
  appendArgs(out, e, ctx)
  const text = renderArgs(e, ctx)
  expect(Buffer.from(out.view()).toString()).toBe(text)
  return text
}

const bytes = (...words: readonly (readonly [value: number, size: 2 | 4 | 8])[]) => {
  const out = Buffer.alloc(words.reduce((n, [, size]) => n + size, 0))
  let at = 0
  for (const [value, size] of words) {
    out.writeUIntLE(value, at, Math.min(size, 6))
    at += size
  }
  return new Uint8Array(out)
}

test('the layout of stat, epoll and semaphores is that of arm64', () => {
  // st_mode st_nlink st_uid st_gid st_rdev __pad1 st_size
  const stat = bytes([0o100644, 4], [2, 4], [1000, 4], [100, 4], [0, 8], [0, 8], [4096, 8])
  expect(args({ type: 'fstat', params: { fd: -1, statbuf: stat } })).toContain(
    'statbuf={st_mode=S_IFREG|0644, st_nlink=2, st_uid=1000, st_gid=100, st_size=4096}',
  )
  const ready = bytes([1, 4], [0, 4], [7, 8], [4, 4], [0, 4], [8, 8])
  expect(args({ type: 'epoll_wait', ret: 2, params: { events: ready } })).toContain(
    'events=[{events=EPOLLIN, data=0x7}, {events=EPOLLOUT, data=0x8}]',
  )
})

test('open flags are those of arm64', () => {
  const flags = 0o40000 | 0o100000 | 0o2000000
  expect(args({ type: 'openat', ret: 3, params: { dirfd: -100, name: '/x', flags } })).toContain(
    '(O_DIRECTORY|O_RDONLY|O_CLOEXEC|O_NOFOLLOW)',
  )
  // as x86-64 has them: O_DIRECTORY and O_NOFOLLOW
  expect(kernelOpenFlags(flags, { native: true, arch: 'arm64' })).toBe(0o200000 | 0o400000 | 0o2000000)
  expect(args({ type: 'mmap', params: { flags: 0x62 } })).toContain('(MAP_PRIVATE|MAP_ANONYMOUS|0x40)')
})

test('the kernel side copies as many bytes as arm64 has', () => {
  const eachOf = (arch: 'x64' | 'arm64') => {
    const table = new Uint8Array(1024 * DESC_BYTES)
    packTable(table, EVENTS, { arch, enter: false })
    const nr = EVENTS.find((d) => d?.name === 'epoll_pwait' && d.code % 2 === 1)?.nr?.[arch] as number
    const ops = table.subarray(nr * DESC_BYTES + DESC_HEAD, (nr + 1) * DESC_BYTES)
    const at = [...ops].findIndex((op, i) => i % 8 === 0 && op === OPS.indexOf('BYTES'))
    return ops[at + 2]
  }
  expect(eachOf('x64')).toBe(12)
  expect(eachOf('arm64')).toBe(16)
})

test('names of flags of single calls, and of pages and requests, are known on arm64 too', () => {
  expect(args({ type: 'eventfd2', ret: 3, params: { initval: 0, flags: 1 | 0o2000000 } })).toContain(
    '(O_CLOEXEC|EFD_SEMAPHORE)',
  )
  expect(args({ type: 'mprotect', params: { prot: 0x15 } })).toContain('(PROT_READ|PROT_EXEC|PROT_BTI)')
  expect(args({ type: 'pkey_mprotect', params: { prot: 0x21 } })).toContain('PROT_READ|PROT_MTE')
  expect(args({ type: 'ptrace', params: { request: 33 } })).toContain('(PTRACE_PEEKMTETAGS)')
  expect(args({ type: 'ioctl', params: { fd: -1, request: 0x8360ae81 } })).toContain('KVM_GET_REGS')
  const peer = bytes([0o100002, 8])
  expect(args({ type: 'ioctl', params: { fd: -1, request: 0x5441, value: peer } })).toContain('O_RDWR|O_NOFOLLOW')
})

test('a call that was recorded by its number alone shows the number of its machine', () => {
  const e = eventOf({ type: 'getpriority', enter: true })
  const ofMachine = (arch: 'x64' | 'arm64') => {
    e.batch.arch = arch
    e.batch.form = new Uint16Array([1])
    e.batch.forms = [undefined, { type: e.type, index: [], params: [], generic: true }]
    return compileFilter(`evt.arg[1]=${e.def.nr?.[arch]}`, registry, ctx).test(e)
  }
  expect([ofMachine('x64'), ofMachine('arm64')]).toEqual([true, true])
})
