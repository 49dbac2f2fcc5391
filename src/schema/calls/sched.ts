// Scheduling, priorities, processors, and resource usage.
import { constants } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import { nameWith } from '../names.js'
import * as s from '../shape.js'
import * as p from '../structs/process.js'
import { timespec } from '../structs/time.js'

const policy = k.named(nameWith(constants('sched_policies'), constants('sched_policy_flags')))

const CLASS_SHIFT = 13
/** class|level of an I/O priority */
function ioprio(value: number): string {
  const level = value & ((1 << CLASS_SHIFT) - 1)
  const name =
    constants('ioprio_classes').entries.find(([, n]) => n === value >> CLASS_SHIFT)?.[0] ?? `${value >> CLASS_SHIFT}`
  return `${name}|${level}`
}

export const schedCalls: Calls = {
  getpriority: { which: k.oneOf(constants('priority_which')) },
  setpriority: { which: k.oneOf(constants('priority_which')) },
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
  ioprio_set: { which: k.oneOf(constants('ioprio_who')), ioprio: k.named(ioprio) },
  ioprio_get: { which: k.oneOf(constants('ioprio_who')) },
  getrusage: { who: k.signedOneOf(constants('rusage_who')), ru: k.output(p.rusage) },
  getcpu: { cpup: k.output(s.u32), nodep: k.output(s.u32) },
  membarrier: { cmd: k.oneOf(constants('membarrier_commands')), flags: k.flags(constants('membarrier_flags')) },
  rseq: { rseq: k.input(p.rseq), flags: k.flags(constants('rseq_flags')), sig: k.is('uint32', 'hex') },
}
