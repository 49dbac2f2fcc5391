// The kernel's structures of processes, their use of resources and their scheduling (linux/resource.h, linux/sched/types.h,
// linux/sysinfo.h, linux/utsname.h, asm/ldt.h, linux/futex.h).
import { capabilityBits } from '../capabilities.js'
import { constants } from '../constants.js'
import * as s from '../shape.js'
import type { FlagTable } from '../types.js'
import { timeval } from './time.js'

export const rusage = s.struct({
  ru_utime: timeval,
  ru_stime: timeval,
  ru_maxrss: s.long,
  _ixrss: s.long,
  _idrss: s.long,
  _isrss: s.long,
  ru_minflt: s.long,
  ru_majflt: s.long,
  _nswap: s.long,
  ru_inblock: s.quiet(s.long),
  ru_oublock: s.quiet(s.long),
  _msgsnd: s.long,
  _msgrcv: s.long,
  _nsignals: s.long,
  ru_nvcsw: s.long,
  ru_nivcsw: s.long,
})

const name = s.text(65)
export const utsname = s.struct({
  sysname: name,
  nodename: name,
  release: name,
  version: name,
  machine: name,
  domainname: name,
})

export const sysinfo = s.struct({
  uptime: s.long,
  loads: s.list(s.ulong, 3),
  totalram: s.ulong,
  freeram: s.ulong,
  sharedram: s.ulong,
  bufferram: s.ulong,
  totalswap: s.ulong,
  freeswap: s.ulong,
  procs: s.u16,
  _pad: s.u16,
  totalhigh: s.quiet(s.ulong),
  freehigh: s.quiet(s.ulong),
  mem_unit: s.u32,
})

export const schedParam = s.struct({ sched_priority: s.s32 })
export const schedAttr = s.struct({
  size: s.u32,
  sched_policy: s.one(constants('sched_policies')),
  sched_flags: s.bits(constants('sched_flags'), s.u64),
  sched_nice: s.s32,
  sched_priority: s.u32,
  sched_runtime: s.quiet(s.u64),
  sched_deadline: s.quiet(s.u64),
  sched_period: s.quiet(s.u64),
  sched_util_min: s.quiet(s.u32),
  sched_util_max: s.quiet(s.u32),
})

const descBits = constants('user_desc_flags')
export const userDesc = s.struct({ entry_number: s.u32, base_addr: s.x32, limit: s.x32, flags: s.bits(descBits) })
export const capHeader = s.struct({ version: s.one(constants('capability_versions'), s.x32), pid: s.s32 })
/** the lower and the upper 32 capabilities */
const half = (names: FlagTable) => {
  const bits = s.bits(names)
  return { effective: bits, permitted: bits, inheritable: bits }
}
export const capData = s.struct({
  low: s.struct(half(capabilityBits(0))),
  high: s.quiet(s.struct(half(capabilityBits(32)))),
})

export const cloneArgs = s.struct({
  flags: s.bits(constants('clone_args_flags'), s.u64),
  pidfd: s.quiet(s.x64),
  child_tid: s.quiet(s.x64),
  parent_tid: s.quiet(s.x64),
  exit_signal: s.like(s.u64, { kind: 'signal' }),
  stack: s.quiet(s.x64),
  stack_size: s.quiet(s.x64),
  tls: s.quiet(s.x64),
  set_tid: s.quiet(s.x64),
  set_tid_size: s.quiet(s.u64),
  cgroup: s.quiet(s.u64),
})

export const futexWaiter = s.struct({
  val: s.u64,
  uaddr: s.x64,
  flags: s.bits(constants('futex2_flags')),
  _reserved: s.u32,
})
export const rseq = s.struct({ cpu_id_start: s.u32, cpu_id: s.s32, rseq_cs: s.quiet(s.x64), flags: s.quiet(s.x32) })
export const kexecSegment = s.struct({ buf: s.pointer, bufsz: s.ulong, mem: s.pointer, memsz: s.ulong })
