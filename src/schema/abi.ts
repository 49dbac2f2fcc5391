// Constants of native/abi.h that descriptors and plans are packed with; a test compares the two.

export const ABI = {
  KSYS_MAX_NR: 1024,
  KSYS_NATIVE_NR: 512,
  KSYS_UNKNOWN_NR: 575,
  KSYS_ENDED_BY: 4000,
  KSYS_COMPAT_APART: 32,
  KSYS_HALVES_IN_PLACE: 64,
  KSYS_MAX_OPS: 9,
  KSYS_MOST_EMPTY: 160,
  KSYS_CASES: 1024,
  KSYS_CASE_PROBES: 16,
  KSYS_MAX_SLOTS: 16,
  KSYS_CONTROLLERS: 5,
  KSYS_MAX_VALUES: 8,
  KSYS_MAX_ROW: 65000,
  KSYS_MAX_ARGS: 4095,
  KSYS_MAX_ENV: 16384,
  KSYS_MAX_PROC_FILE: 262144,
  KSYS_FIRST_DATA: 60000,
  KSYS_MAX_DATA: 1 << 20,
  KEEP_TIMESPEC: 8,
  KEEP_SELECT: 16,
  KEEP_SPARED: 17,
} as const

/** enum ksys_op, in its order */
export const OPS = [
  'END',
  'ARG',
  'DEREF',
  'TIMESPEC',
  'IOVSIZE',
  'MSGSIZE',
  'VM',
  'DEV',
  'INO',
  'DEVINO',
  'STR',
  'BUF',
  'IOVEC',
  'MSGDATA',
  'MSGCONTROL',
  'SOCKADDR',
  'TUPLE',
  'FDLIST',
  'SPECIAL',
  'OPENED',
  'BYTES',
  'CASE',
  'EACH',
  'KEPT',
] as const
export type Op = (typeof OPS)[number]

/** Bits above the kernel's own open flags that OP_OPENED adds: whether the file was created; its overlayfs layer. */
export const OPENED = { CREATED: 1 << 30, UPPER: 1 << 29, LOWER: 1 << 28 } as const

/** enum ksys_special, in its order */
export const SPECIALS = [
  'NONE',
  'EXECVE',
  'EXECVEAT',
  'CLONE',
  'CLONE3',
  'FORK',
  'ACCEPT',
  'SOCKETPAIR',
  'SETSOCKOPT',
  'GETSOCKOPT',
  'PTRACE',
  'KEYCTL',
  'QUOTACTL',
  'CAPSET',
  'PRCTL',
  'OPEN_BY_HANDLE',
  'FSCONFIG',
  'SEMOP',
  'CREAT',
  'LLSEEK',
  'INIT_MODULE',
  'SENDMMSG',
  'RECVMMSG',
] as const

/** desc.flags */
export const DESC = {
  STATE: 1,
  NORETURN: 2,
  FD_STR_ENTER: 4,
  ENTER: 8,
  CWD: 16,
  CREDS: 32,
  FDS: 64,
  BORN: 128,
  TABLE: 256,
  UNSHARE: 512,
  PLAIN: 1024,
  BUFFER: 2048,
  FDS_KIND: 12,
  NUMBERLESS: 32768,
} as const

/** Values of struct ksys_plan.judges. */
export const JUDGES = { NOTHING: 0, THREADS: 1, LINEAGE: 2 } as const

/** Which slots of a plan test for a cgroup. */
export const CGROUPS = { NONE: 0, SOME: 1, ALL: 2 } as const

/** The mark of a container's cgroup, besides the marks of the slots that exclude it. */
export const CGROUP_CONTAINER = 1 << ABI.KSYS_MAX_SLOTS

/** Kinds of descriptors: bits of struct ksys_slot.kinds. */
export const KIND = { OTHER: 1, SOCKET: 2, DATAGRAM: 4, STREAM: 8, CONNECTING: 16 } as const

/** What the BPF programs must not read: bits. */
export const SPARE = { ARGS: 1, ENV: 2, BUFFERS: 4 } as const

/** Which events of a throttled cgroup's threads are dropped: those that the filter does not pass, or all. */
export const THROTTLE = { NONE: 0, OTHERS: 1, ALL: 2 } as const

/** How calls are counted: bits. */
export const COUNT = { CALLS: 1, MAGNITUDES: 2, PROGRAMS: 8 } as const

/** Which stacks are recorded: bits. */
export const STACK = { USER: 1, KERNEL: 2 } as const

/** Where the descriptors are that a call delivers. */
export const FDS = {
  RETURNED: 0,
  MESSAGE: 1,
  MESSAGES: 2,
  IOCTL: 3,
  CLONE: 4,
  SECCOMP: 5,
  URING: 6,
  MAPPED: 7,
} as const

/** Calls that may be part of a name lookup: bits, and from bit PEER on the argument with the address of an unconnected socket's peer. */
export const LOOKUP = { DATA: 1, MESSAGE: 2, PEER: 2 } as const

/** Flags of OP_TUPLE. */
export const TUPLE = { MSG: 1, OUT: 2, IN: 4 } as const

/** Flags of OP_BYTES. */
export const BYTES = { ON_OK: 1, NATIVE: 2, BITS: 4, ITSELF: 8, ON_FAIL: 16, AT: 32, WITHIN: 64, DATA: 128 } as const

/** Flags of OP_STR. */
export const STR = { ENTER: 1, ON_OK: 2, VIA: 4 } as const

/** Bits of OP_BYTES above the parameter's index: words of 8 bytes to skip, or that the address itself is stored there. */
export const BYTES_SKIP = { PARAM: 31, SHIFT: 5, MOST: 6, VIA: 7 } as const

/** OP_BYTES' count if it is the call's result. */
export const COUNT_RESULT = 254

/** sizeof and offsets of the structures: in struct ksys_desc `empty`, then `ops` */
export const DESC_EMPTY = 8
export const DESC_HEAD = 24
export const DESC_BYTES = DESC_HEAD + 8 * ABI.KSYS_MAX_OPS
export const SLOT_BYTES = 16 + ABI.KSYS_MAX_VALUES * (32 + 3 * 4)
/** bytes of struct ksys_plan before `verdicts` */
export const PLAN_HEAD = 56
/** offset of `slots` there */
export const PLAN_SLOTS = PLAN_HEAD + 2 * ABI.KSYS_MAX_NR
export const PLAN_BYTES = PLAN_SLOTS + ABI.KSYS_MAX_SLOTS * SLOT_BYTES
const DESCS_AT = 8
const ENTERS_AT = DESCS_AT + ABI.KSYS_MAX_NR * DESC_BYTES
export const CASE_BYTES = 16
const CASES_AT = ENTERS_AT + ABI.KSYS_MAX_NR * DESC_BYTES
const COMPAT_AT = CASES_AT + ABI.KSYS_CASES * CASE_BYTES
const APART_AT = COMPAT_AT + ABI.KSYS_NATIVE_NR * 2
const HALVES_AT = APART_AT + ABI.KSYS_COMPAT_APART * 2
const PLAN_AT = HALVES_AT + ABI.KSYS_NATIVE_NR
export const CONFIG = {
  DESCS: DESCS_AT,
  ENTERS: ENTERS_AT,
  CASES: CASES_AT,
  COMPAT: COMPAT_AT,
  APART: APART_AT,
  HALVES: HALVES_AT,
  PLAN: PLAN_AT,
  BYTES: PLAN_AT + PLAN_BYTES,
} as const
