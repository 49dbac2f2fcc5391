import { expect, test } from 'vitest'
import { ABI } from '../../../src/schema/abi.js'
import { ARM_RECORDED, arm64Number } from '../../../src/schema/arm-numbers.js'
import { GENERIC } from '../../../src/schema/codes.js'
import { COMPAT } from '../../../src/schema/compat.js'
import { COMPAT_CALLS } from '../../../src/schema/compat-only.js'
import { CALLS, EVENTS, eventsByName, evtTypeNames, isSyscall, LAYOUTS } from '../../../src/schema/events/index.js'
import { siblingsOf } from '../../../src/schema/siblings.js'
import type { SyscallRow } from '../../../src/schema/syscall-row.js'
import { SYSCALL_BY_NAME, SYSCALLS, syscallArgs } from '../../../src/schema/syscalls.js'
import type { Arch, EventDef } from '../../../src/schema/types.js'
import { eventOf } from '../../helpers/rows.js'

const byName = (name: string) => EVENTS[eventsByName(name).at(-1) as number] as EventDef
const paramNames = (d: EventDef) => d.params.map((p) => p.name)

test('every system call of the table is recorded by exactly one event', () => {
  for (const [name, x64, arm64] of [...SYSCALLS, ...COMPAT_CALLS]) {
    const owners = CALLS.filter((d) => (x64 >= 0 ? d.nr?.x64 === x64 : d.nr?.arm64 === arm64))
    expect(owners.length, name).toBe(1)
  }
})

/** Name of the event with this number. */
const recordedAs = (arch: Arch, nr: number | undefined) => CALLS.find((d) => d.nr?.[arch] === nr)?.name

test('a 32-bit call is recorded under its name: its own, or that of the 64-bit call that does the same', () => {
  const { numbers, apart } = COMPAT.x64
  expect([3, 7, 102, 117, 140, 190, 192, 195].map((nr) => recordedAs('x64', numbers[nr]))).toEqual([
    ...['read', 'waitpid', 'socketcall', 'ipc', 'llseek', 'vfork', 'mmap2', 'stat64'],
  ])
  expect([1, 3, 9, 17, 20].map((f) => recordedAs('x64', apart[f]))).toEqual([
    ...['socket', 'connect', 'send', 'recvmsg', 'sendmmsg'],
  ])
  expect(numbers.filter((nr) => nr >= 0 && recordedAs('x64', nr) === undefined)).toEqual([])
})

test('a call of a 32-bit ARM program is recorded under its name', () => {
  const { numbers, apart } = COMPAT.arm64
  const names = new Map(numbers.map((nr, of) => [of, recordedAs('arm64', nr)]))
  const of = (...asked: number[]) => asked.map((nr) => names.get(nr))
  expect(of(2, 5, 11, 54, 119, 140, 142, 192, 195)).toEqual([
    ...['fork', 'open', 'execve', 'ioctl', 'sigreturn', 'llseek', 'select', 'mmap2', 'stat64'],
  ])
  expect(of(180, 191, 193, 199, 221, 239, 266, 281, 283, 289, 327)).toEqual([
    ...[
      'pread',
      'getrlimit',
      'truncate',
      'getuid',
      'fcntl',
      'sendfile',
      'statfs',
      'socket',
      'connect',
      'send',
      'newfstatat',
    ],
  ])
  expect(of(387, 403, 416, 422, 435)).toEqual(['execveat', 'clock_gettime', 'io_pgetevents', 'futex', 'clone3'])
  expect([2, 5].map((nr) => recordedAs('arm64', apart[nr]))).toEqual(['cacheflush', 'set_tls'])
  // old calls that EABI lacks
  expect([7, 17, 90, 102, 117].map((nr) => numbers[nr])).toEqual([-1, -1, -1, -1, -1])
  expect(numbers.filter((nr) => nr >= 0 && recordedAs('arm64', nr) === undefined)).toEqual([])
})

test('ksys knows every call of 32-bit ARM programs', () => {
  const unknown = [...ARM_RECORDED].filter(([, name]) => !SYSCALL_BY_NAME.has(name))
  expect(unknown).toEqual([])
  expect(ARM_RECORDED.size).toBeGreaterThan(350)
})

test('a number stands for one call on each machine, and fits into the tables', () => {
  for (const arch of ['x64', 'arm64'] as const) {
    const numbers = CALLS.flatMap((d) => d.nr?.[arch] ?? [])
    expect(new Set(numbers).size, arch).toBe(numbers.length)
    expect(Math.max(...numbers), arch).toBeLessThan(ABI.KSYS_MAX_NR)
  }
  const beyond = SYSCALLS.filter(([, x64, arm64]) => Math.max(x64, arm64) >= ABI.KSYS_NATIVE_NR)
  expect(beyond.map(([name]) => name)).toEqual([])
})

test('a value that 32-bit programs pass in two registers is one argument of 64 bits', () => {
  const { numbers, halves } = COMPAT.arm64
  const wide = [...halves].map(([nr, bits]) => {
    const row = [...SYSCALLS, ...COMPAT_CALLS].find((r) => arm64Number(r) === numbers[nr]) as SyscallRow
    return [row[0], syscallArgs(row).flatMap((a, i) => ((bits >> i) & 1 ? a.name : []))]
  })
  expect(Object.fromEntries(wide)).toEqual({
    pread64: ['pos'],
    pwrite64: ['pos'],
    truncate: ['length'],
    ftruncate: ['length'],
    readahead: ['offset'],
    lookup_dcookie: ['cookie64'],
    arm_fadvise64_64: ['offset', 'len'],
    arm_sync_file_range: ['offset', 'nbytes'],
    fallocate: ['offset', 'len'],
    fanotify_mark: ['mask'],
    preadv: ['pos_l'],
    pwritev: ['pos_l'],
    preadv2: ['pos_l'],
    pwritev2: ['pos_l'],
  })
  // truncate and ftruncate have two numbers, the older of which takes 32 bits
  expect([92, 93, 193, 194].map((nr) => halves.get(nr))).toEqual([undefined, undefined, 2, 2])
})

test('no two declarations share a code', () => {
  expect(new Set(CALLS.map((d) => d.code)).size).toBe(CALLS.length)
})

test('a row can be described to the kernel side: at most 32 parameters and 12 fillers, valid references', () => {
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

test('names of parameters are unique in an event, so that evt.arg.NAME is unambiguous', () => {
  for (const d of EVENTS) if (d !== undefined) expect(new Set(paramNames(d)).size, d.name).toBe(d.params.length)
})

test('the fixed part of a row is as long as its parameters', () => {
  const openat = byName('openat')
  const layout = LAYOUTS[openat.code]
  // dirfd i32, flags u32, mode u32, dev u32, ino u64; the result takes no bytes, the name is variable
  expect(layout?.fixed).toBe(24)
  expect([...(layout?.offset ?? [])]).toEqual([-1, 0, -2, 4, 8, 12, 16])
})

test('calls have the names that users of sysdig know', () => {
  expect(byName('pread').nr).toEqual({ x64: 17, arm64: 67 })
  expect(byName('prlimit').nr?.x64).toBe(302)
  expect(byName('umount2').nr?.x64).toBe(166)
  expect(byName('openat').nr).toEqual({ x64: 257, arm64: 56 })
  expect(byName('openat').code).toBe(307)
  expect(eventsByName('nosuchcall')).toEqual([])
})

test('a call without an event in libs is recorded with the arguments of its prototype', () => {
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

test('an enter event has the values known at enter, with its references renumbered', () => {
  const enter = EVENTS[306] as EventDef
  expect(paramNames(enter)).toEqual(['dirfd', 'name', 'flags', 'mode'])
  expect(enter.params[1]?.dirfd).toBe(0)
  expect(enter.params[3]?.onlyIf?.param).toBe(2)
  expect(paramNames(EVENTS[22] as EventDef)).toEqual(['fd', 'addr'])
  expect((EVENTS[22] as EventDef).fd).toBe(0)
  expect(eventOf({ type: 'read', enter: true, params: { fd: 7, size: 10 } }).number(0)).toBe(7)
})

test('tracepoints are not system calls, enter and exit of calls are', () => {
  expect([3, 2, 307, GENERIC + 2 * 233 + 1].map(isSyscall)).toEqual([true, true, true, true])
  expect([152, 186, 232, 290, 149, 900, 1023].map(isSyscall)).toEqual([false, false, false, false, false, false, false])
})

test('internal records have no names for filters', () => {
  expect(evtTypeNames().filter((n) => n.startsWith('ks_'))).toEqual([])
  expect(evtTypeNames()).toContain('procexit')
})

test('siblings are calls that do the same under another name, in both directions', () => {
  expect(siblingsOf('accept')).toEqual(['accept4'])
  expect(siblingsOf('accept4')).toEqual(['accept'])
  expect(siblingsOf('getppid')).toEqual([])
  expect(siblingsOf('rmdir').toSorted()).toEqual(['unlink', 'unlinkat'])
  for (const name of siblingsOf('read')) expect(siblingsOf(name), name).toContain('read')
  // libraries open a file where getrandom is missing, which no user means
  expect(siblingsOf('getrandom')).toEqual([])
})

test('prototypes give names and types of arguments', () => {
  const row = SYSCALLS.find((r) => r[0] === 'execve')
  expect(row && syscallArgs(row)).toEqual([
    { name: 'filename', type: 'const char *' },
    { name: 'argv', type: 'const char *const *' },
    { name: 'envp', type: 'const char *const *' },
  ])
})
