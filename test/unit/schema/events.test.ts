import { expect, test } from 'vitest'
import { GENERIC } from '../../../src/schema/codes.js'
import { COMPAT_X64, SOCKETCALLS } from '../../../src/schema/compat.js'
import { CALLS, EVENTS, eventsByName, evtTypeNames, isSyscall, LAYOUTS } from '../../../src/schema/events/index.js'
import { I386_CALLS } from '../../../src/schema/i386.js'
import { siblingsOf } from '../../../src/schema/siblings.js'
import { SYSCALLS, syscallArgs } from '../../../src/schema/syscalls.js'
import type { EventDef } from '../../../src/schema/types.js'
import { eventOf } from '../../helpers/rows.js'

const byName = (name: string) => EVENTS[eventsByName(name).at(-1) as number] as EventDef
const paramNames = (d: EventDef) => d.params.map((p) => p.name)

test('every system call of the table is recorded by exactly one event', () => {
  for (const [name, nr] of [...SYSCALLS, ...I386_CALLS]) {
    const owners = CALLS.filter((d) => d.nr?.x64 === nr)
    expect(owners.length, name).toBe(1)
  }
})

test('a 32-bit call is recorded under its name: its own, or that of the 64-bit call that does the same', () => {
  const name = (nr: number | undefined) => CALLS.find((d) => d.nr?.x64 === nr)?.name
  expect([3, 7, 102, 117, 140, 190, 192, 195].map((nr) => name(COMPAT_X64[nr]))).toEqual([
    ...['read', 'waitpid', 'socketcall', 'ipc', 'llseek', 'vfork', 'mmap2', 'stat64'],
  ])
  expect([1, 3, 9, 17, 20].map((f) => name(SOCKETCALLS[f]))).toEqual([
    ...['socket', 'connect', 'send', 'recvmsg', 'sendmmsg'],
  ])
  expect(COMPAT_X64.filter((nr) => nr >= 0 && name(nr) === undefined)).toEqual([])
})

test('no two declarations share a code', () => {
  expect(new Set(CALLS.map((d) => d.code)).size).toBe(CALLS.length)
})

test('a row can be described to the kernel side: 32 parameters and 12 fillers at most, references that hold', () => {
  for (const d of CALLS) {
    expect(d.params.length, d.name).toBeLessThanOrEqual(32)
    const ops = d.params.filter((p) => p.wire !== 'ret' && !(p.from.op === 'vm' && p.from.which > 0))
    if (d.special === undefined) expect(ops.length, d.name).toBeLessThanOrEqual(12)
    referencesHold(d)
  }
})

function referencesHold(d: EventDef): void {
  if (d.fd !== undefined) expect(d.params[d.fd]?.name, d.name).toBeDefined()
  const { cloexec, name, existing } = d.makes ?? {}
  for (const named of [name, existing, typeof cloexec === 'object' ? cloexec.param : undefined])
    if (named !== undefined) expect(paramNames(d), d.name).toContain(named)
  for (const p of d.params) {
    if (p.dirfd !== undefined) expect(d.params[p.dirfd]?.type, `${d.name}.${p.name}`).toBe('fd')
    if (p.onlyIf !== undefined) expect(d.params[p.onlyIf.param], `${d.name}.${p.name}`).toBeDefined()
  }
}

test('names of parameters are unique in an event, so that evt.arg.NAME means one thing', () => {
  for (const d of EVENTS) if (d !== undefined) expect(new Set(paramNames(d)).size, d.name).toBe(d.params.length)
})

test('the fixed part of a row is as long as its parameters', () => {
  const openat = byName('openat')
  const layout = LAYOUTS[openat.code]
  // dirfd i32, flags u32, mode u32, dev u32, ino u64; the result takes no bytes, the name is variable
  expect(layout?.fixed).toBe(24)
  expect([...(layout?.offset ?? [])]).toEqual([-1, 0, -2, 4, 8, 12, 16])
})

test('calls carry the names that users of sysdig know', () => {
  expect(byName('pread').nr).toEqual({ x64: 17, arm64: 67 })
  expect(byName('prlimit').nr?.x64).toBe(302)
  expect(byName('umount2').nr?.x64).toBe(166)
  expect(byName('openat').nr).toEqual({ x64: 257, arm64: 56 })
  expect(byName('openat').code).toBe(307)
  expect(eventsByName('nosuchcall')).toEqual([])
})

test('a call that libs has no event for is recorded with the arguments of its prototype', () => {
  const d = byName('epoll_ctl')
  expect(d.code).toBe(GENERIC + 2 * 233 + 1)
  expect(d.params.map((p) => `${p.name}:${p.type}/${p.fmt}`)).toEqual([
    'res:errno/dec',
    'epfd:fd/dec',
    'op:enumflags32/dec',
    'fd:fd/dec',
    'event:struct/na',
  ])
  expect(d.fd).toBe(1)
})

test('calls that never return are recorded at enter, without a result', () => {
  expect(byName('exit_group')).toMatchObject({ noReturn: true })
  expect(paramNames(byName('exit_group'))).toEqual(['error_code'])
})

test('an enter event has what is known at enter, with its references renumbered', () => {
  const enter = EVENTS[306] as EventDef
  expect(paramNames(enter)).toEqual(['dirfd', 'name', 'flags', 'mode'])
  expect(enter.params[1]?.dirfd).toBe(0)
  expect(enter.params[3]?.onlyIf?.param).toBe(2)
  expect(paramNames(EVENTS[22] as EventDef)).toEqual(['fd', 'addr'])
  expect((EVENTS[22] as EventDef).fd).toBe(0)
  expect(eventOf({ type: 'read', enter: true, params: { fd: 7, size: 10 } }).number(0)).toBe(7)
})

test('tracepoints are no system calls, enter and exit of calls are', () => {
  expect([3, 2, 307, GENERIC + 2 * 233 + 1].map(isSyscall)).toEqual([true, true, true, true])
  expect([152, 186, 232, 290, 149, 900, 1023].map(isSyscall)).toEqual([false, false, false, false, false, false, false])
})

test('internal records have no names to filter by', () => {
  expect(evtTypeNames().filter((n) => n.startsWith('ks_'))).toEqual([])
  expect(evtTypeNames()).toContain('procexit')
})

test('siblings do the same under another name, both ways', () => {
  expect(siblingsOf('accept')).toEqual(['accept4'])
  expect(siblingsOf('accept4')).toEqual(['accept'])
  expect(siblingsOf('getppid')).toEqual([])
})

test('prototypes give names and types of arguments', () => {
  const row = SYSCALLS.find((r) => r[0] === 'execve')
  expect(row && syscallArgs(row)).toEqual([
    { name: 'filename', type: 'const char *' },
    { name: 'argv', type: 'const char *const *' },
    { name: 'envp', type: 'const char *const *' },
  ])
})
