// Constants of scheduling, priorities and what belongs to a processor.
import { own } from './own.js'

export const schedPolicies = own(
  'sched_policies',
  `
SCHED_OTHER=0 # unchecked
SCHED_FIFO=1
SCHED_RR=2
SCHED_BATCH=3
SCHED_IDLE=5
SCHED_DEADLINE=6
SCHED_EXT=7
SCHED_RESET_ON_FORK=1073741824
`,
)

export const schedFlags = own(
  'sched_flags',
  `
SCHED_FLAG_RESET_ON_FORK=1
SCHED_FLAG_RECLAIM=2
SCHED_FLAG_DL_OVERRUN=4
SCHED_FLAG_KEEP_POLICY=8
SCHED_FLAG_KEEP_PARAMS=0x10
SCHED_FLAG_UTIL_CLAMP_MIN=0x20
SCHED_FLAG_UTIL_CLAMP_MAX=0x40
`,
)

export const priorityWhich = own(
  'priority_which',
  `
PRIO_PROCESS=0
PRIO_PGRP=1
PRIO_USER=2
`,
)

export const ioprioWho = own(
  'ioprio_who',
  `
IOPRIO_WHO_PROCESS=1
IOPRIO_WHO_PGRP=2
IOPRIO_WHO_USER=3
`,
)

export const ioprioClasses = own(
  'ioprio_classes',
  `
IOPRIO_CLASS_NONE=0
IOPRIO_CLASS_RT=1
IOPRIO_CLASS_BE=2
IOPRIO_CLASS_IDLE=3
`,
)

export const rusageWho = own(
  'rusage_who',
  `
RUSAGE_SELF=0
RUSAGE_CHILDREN=-1
RUSAGE_THREAD=1
`,
)

export const membarrierCommands = own(
  'membarrier_commands',
  `
MEMBARRIER_CMD_QUERY=0
MEMBARRIER_CMD_GLOBAL=1
MEMBARRIER_CMD_GLOBAL_EXPEDITED=2
MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED=4
MEMBARRIER_CMD_PRIVATE_EXPEDITED=8
MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED=16
MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE=32
MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE=64
MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ=128
MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ=256
MEMBARRIER_CMD_GET_REGISTRATIONS=512
`,
)

export const membarrierFlags = own(
  'membarrier_flags',
  `
MEMBARRIER_CMD_FLAG_CPU=1
`,
)

export const rseqFlags = own(
  'rseq_flags',
  `
RSEQ_FLAG_UNREGISTER=1
`,
)
