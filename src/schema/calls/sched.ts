// Scheduling, priorities, processors, and resource usage.
import { nameWith, own } from '../constants/own.js'
import * as c from '../constants/sched.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as p from '../structs/process.js'
import { timespec } from '../structs/time.js'

const policy = k.named(nameWith(c.schedPolicies, own('', 'SCHED_RESET_ON_FORK=0x40000000')))

const CLASS_SHIFT = 13
/** class|level of an I/O priority */
function ioprio(value: number): string {
  const level = value & ((1 << CLASS_SHIFT) - 1)
  const name = c.ioprioClasses.entries.find(([, n]) => n === value >> CLASS_SHIFT)?.[0] ?? `${value >> CLASS_SHIFT}`
  return `${name}|${level}`
}

export const schedCalls: Calls = {
  getpriority: { which: k.oneOf(c.priorityWhich) },
  setpriority: { which: k.oneOf(c.priorityWhich) },
  sched_setparam: { param: k.input(p.schedParam) },
  sched_getparam: { param: k.output(p.schedParam) },
  sched_setscheduler: { policy, param: k.input(p.schedParam) },
  sched_get_priority_max: { policy },
  sched_get_priority_min: { policy },
  sched_rr_get_interval: { interval: k.output(timespec) },
  sched_setaffinity: { user_mask_ptr: k.input(s.set(), { count: 'len', each: 1 }) },
  sched_getaffinity: { user_mask_ptr: k.output(s.set(), { count: 'ret', each: 1 }) },
  sched_setattr: { uattr: k.input(p.schedAttr) },
  sched_getattr: { uattr: k.output(p.schedAttr, { count: 'usize', each: 1 }) },
  ioprio_set: { which: k.oneOf(c.ioprioWho), ioprio: k.named(ioprio) },
  ioprio_get: { which: k.oneOf(c.ioprioWho) },
  getrusage: { who: k.signedOneOf(c.rusageWho), ru: k.output(p.rusage) },
  getcpu: { cpup: k.output(s.u32), nodep: k.output(s.u32) },
  membarrier: { cmd: k.oneOf(c.membarrierCommands), flags: k.flags(c.membarrierFlags) },
  rseq: { rseq: k.input(p.rseq), flags: k.flags(c.rseqFlags), sig: k.is('uint32', 'hex') },
}
