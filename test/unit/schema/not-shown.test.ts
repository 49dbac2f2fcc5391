// Arguments that calls do not show, or show as plain numbers: lists with reasons, so that none is omitted by accident.
// test/live/strace.test.ts checks that names are shown if there are any.
import { expect, test } from 'vitest'
import { CALLS } from '../../../src/schema/events/index.js'
import type { Source } from '../../../src/schema/sources.js'
import { SYSCALLS, syscallArgs } from '../../../src/schema/syscalls.js'
import type { EventDef, ParamDef } from '../../../src/schema/types.js'

const PLAIN = new Set(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'errno'])

/** Whether a parameter is made of argument n itself, or of the data that it points to. */
function isOf(from: Source, n: number): boolean {
  if (from.op === 'case') return [...from.table.cases.values()].some((c) => c.from?.n === n)
  if (from.op === 'kept') return from.which + 1 === n
  return 'n' in from && from.n === n
}

/** Whether an argument is part of a parameter: as a length, a count, the address next to the data. */
function hasPart(from: Source, n: number): boolean {
  const parts = from as unknown as Record<string, unknown>
  return ['cnt', 'len', 'lenptr', 'peer', 'count', 'arg', 'within'].some((key) => parts[key] === n)
}

const means = (p: ParamDef) =>
  p.from.op !== 'arg' || p.flags !== undefined || p.names !== undefined || !PLAIN.has(p.type)

function walk(kind: (def: EventDef, of: ParamDef[], n: number, type: string, name: string) => boolean): string[] {
  return SYSCALLS.flatMap((row) => {
    const def = CALLS.find((d) => d.nr?.x64 === row[1]) as EventDef
    return syscallArgs(row)
      .map((a, n) => [a, n, def.params.filter((p) => isOf(p.from, n))] as const)
      .filter(([a, n, of]) => kind(def, of, n, a.type, a.name))
      .map(([a]) => `${row[0]}.${a.name}`)
  })
}

/** Names of all entries, by call and argument. */
const listed = (reasons: Readonly<Record<string, string>>) => Object.values(reasons).join(' ').split(/\s+/).sort()

test('each argument that is not shown has a reason', () => {
  const byFiller: Readonly<Record<string, string>> = {
    'shown by the special filler of the call, under names of libs': `accept.fd accept.upeer_sockaddr accept.upeer_addrlen
      accept4.fd accept4.upeer_sockaddr accept4.upeer_addrlen setsockopt.optval getsockopt.optval capset.data
      init_module.umod quotactl.id quotactl.addr open_by_handle_at.handle fsconfig._value execve.argv execve.envp
      execveat.argv execveat.envp`,
  }
  const left: Readonly<Record<string, string>> = {
    'sizes of structures or masks that only one value is allowed for': `ppoll.sigsetsize signalfd.sizemask
      signalfd4.sizemask openat2.usize io_uring_enter.argsz sendto.addr_len recvfrom.addr_len`,
    'room in buffers': 'getcwd.size getdents.count getdents64.count',
    'what directories hold is data of the file system': 'getdents.dirent getdents64.dirent',
    'addresses in the new thread, not worth their bytes': `clone.newsp clone.parent_tidptr clone.child_tidptr clone.tls`,
    'gone when the exec has succeeded': 'execveat.fd execveat.flags',
    'a futex is called too often': 'futex.val3',
    'upper half of a position that 64-bit programs pass in one': 'preadv.pos_h pwritev.pos_h',
    'overwritten with what is left of it': 'recvmmsg.timeout',
    'must be 0': 'copy_file_range.flags',
    'version and process, of which all programs give the same': 'capset.header',
  }
  const found = walk((def, of, n) => of.length === 0 && !def.params.some((p) => hasPart(p.from, n)))
  expect(found.sort()).toEqual([...listed(byFiller), ...listed(left)].sort())
})

test('each address that is shown as an address has a reason', () => {
  const reasons = {
    'the address is the point': `shmat.shmaddr shmdt.shmaddr futex.uaddr futex_wake.uaddr futex_wait.uaddr
      set_tid_address.tidptr set_robust_list.head`,
    'a byte for each page of what may be gigabytes': 'mincore.vec',
    'calls that the kernel has no more': `_sysctl.args get_kernel_syms.table query_module.buf query_module.ret
      nfsservctl.argp nfsservctl.resp`,
    'unused since 2.6.24': 'getcpu.unused',
  }
  const found = walk((_, of, __, type) => type.includes('*') && of.length > 0 && !of.some(means))
  expect(found.sort()).toEqual(listed(reasons))
})

test('flags and commands that are shown as numbers have a reason', () => {
  const reasons = {
    'no flag is defined: must be 0': `process_vm_readv.flags process_vm_writev.flags sched_setattr.flags
      sched_getattr.flags pkey_alloc.flags pidfd_getfd.flags process_madvise.flags landlock_add_rule.flags
      process_mrelease.flags futex_waitv.flags set_mempolicy_home_node.flags cachestat.flags futex_requeue.flags
      statmount.flags lsm_set_self_attr.flags lsm_list_modules.flags mseal.flags remap_file_pages.flags`,
    'calls that the kernel has no more': 'query_module.which nfsservctl.cmd',
    permissions: `open.mode openat.mode creat.mode mkdir.mode mkdirat.mode mq_open.mode fchmodat2.mode`,
  }
  const word = /flags?$|^(cmd|op|opcode|option|mode|how|which|type|request|advice|behavior|prot)$/
  const found = walk((_, of, __, ___, name) => word.test(name) && of.length > 0 && !of.some(means))
  expect(found.sort()).toEqual(listed(reasons))
})
