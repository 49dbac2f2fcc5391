// Constants of calls on processes: clone, exec, limits, ptrace, prctl, keys, seccomp, capabilities.
import { own } from '../constants/own.js'
import type { FlagTable } from '../types.js'
import { NOT_NATIVE } from './convert.js'

export const cloneFlags: FlagTable = {
  name: 'clone_flags',
  entries: [
    ['CLONE_FILES', 1, 1024],
    ['CLONE_FS', 2, 512],
    ['CLONE_IO', 4, 2147483648],
    ['CLONE_NEWIPC', 8, 134217728],
    ['CLONE_NEWNET', 16, 1073741824],
    ['CLONE_NEWNS', 32, 131072],
    ['CLONE_NEWPID', 64, 536870912],
    ['CLONE_NEWUTS', 128, 67108864],
    ['CLONE_PARENT', 256, 32768],
    ['CLONE_PARENT_SETTID', 512, 1048576],
    ['CLONE_PTRACE', 1024, 8192],
    ['CLONE_SIGHAND', 2048],
    ['CLONE_SYSVSEM', 4096, 262144],
    ['CLONE_THREAD', 8192, 65536],
    ['CLONE_UNTRACED', 16384, 8388608],
    ['CLONE_VM', 32768, 256],
    ['CLONE_INVERTED', 65536, NOT_NATIVE],
    ['NAME_CHANGED', 131072, NOT_NATIVE],
    ['CLOSED', 262144, NOT_NATIVE],
    ['CLONE_NEWUSER', 1048576, 268435456],
    ['CLONE_CHILD_CLEARTID', 8388608, 2097152],
    ['CLONE_CHILD_SETTID', 16777216],
    ['CLONE_SETTLS', 33554432, 524288],
    ['CLONE_STOPPED', 67108864, NOT_NATIVE],
    ['CLONE_VFORK', 134217728, 16384],
    ['CLONE_NEWCGROUP', 268435456, 33554432],
    ['CLONE_CHILD_IN_PIDNS', 536870912, NOT_NATIVE],
  ],
  more: own('clone_more', 'CLONE_NEWTIME=0x80 CLONE_PIDFD=0x1000 CLONE_DETACHED=0x400000'),
  // the signal at the child's exit
  mask: 0x7f,
}

/** What the kernel side determined about the executed file; its values are libs' already. */
export const execveFlags: FlagTable = {
  name: 'execve_flags',
  entries: [
    ['EXE_WRITABLE', 1],
    ['EXE_UPPER_LAYER', 2],
    ['EXE_FROM_MEMFD', 4],
    ['EXE_LOWER_LAYER', 8],
  ],
}

export const rlimitResources: FlagTable = {
  name: 'rlimit_resources',
  entries: [
    ['RLIMIT_UNKNOWN', 255, NOT_NATIVE],
    ['RLIMIT_RTTIME', 15],
    ['RLIMIT_RTPRIO', 14],
    ['RLIMIT_NICE', 13],
    ['RLIMIT_MSGQUEUE', 12],
    ['RLIMIT_SIGPENDING', 11],
    ['RLIMIT_LOCKS', 10],
    ['RLIMIT_AS', 9],
    ['RLIMIT_MEMLOCK', 8],
    ['RLIMIT_NOFILE', 7],
    ['RLIMIT_NPROC', 6],
    ['RLIMIT_RSS', 5],
    ['RLIMIT_CORE', 4],
    ['RLIMIT_STACK', 3],
    ['RLIMIT_DATA', 2],
    ['RLIMIT_FSIZE', 1],
    ['RLIMIT_CPU', 0],
  ],
}

const MORE_REQUESTS = `PTRACE_SECCOMP_GET_FILTER=0x420c PTRACE_SECCOMP_GET_METADATA=0x420d PTRACE_GET_SYSCALL_INFO=0x420e
  PTRACE_GET_RSEQ_CONFIGURATION=0x420f PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG=0x4210
  PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG=0x4211 PTRACE_SET_SYSCALL_INFO=0x4212`

const requests: FlagTable = {
  name: 'ptrace_requests',
  entries: [
    ['PTRACE_SINGLEBLOCK', 38, 33],
    ['PTRACE_SYSEMU_SINGLESTEP', 37, 32],
    ['PTRACE_SYSEMU', 36, 31],
    ['PTRACE_ARCH_PRCTL', 35, 30],
    ['PTRACE_SET_THREAD_AREA', 34, 26],
    ['PTRACE_GET_THREAD_AREA', 33, 25],
    ['PTRACE_OLDSETOPTIONS', 32, 21],
    ['PTRACE_SETFPXREGS', 31, 19],
    ['PTRACE_GETFPXREGS', 30, 18],
    ['PTRACE_SETFPREGS', 29, 15],
    ['PTRACE_GETFPREGS', 28, 14],
    ['PTRACE_SETREGS', 27, 13],
    ['PTRACE_GETREGS', 26, 12],
    ['PTRACE_SETSIGMASK', 25, 0x420b],
    ['PTRACE_GETSIGMASK', 24, 0x420a],
    ['PTRACE_PEEKSIGINFO', 23, 0x4209],
    ['PTRACE_LISTEN', 22, 0x4208],
    ['PTRACE_INTERRUPT', 21, 0x4207],
    ['PTRACE_SEIZE', 20, 0x4206],
    ['PTRACE_SETREGSET', 19, 0x4205],
    ['PTRACE_GETREGSET', 18, 0x4204],
    ['PTRACE_SETSIGINFO', 17, 0x4203],
    ['PTRACE_GETSIGINFO', 16, 0x4202],
    ['PTRACE_GETEVENTMSG', 15, 0x4201],
    ['PTRACE_SETOPTIONS', 14, 0x4200],
    ['PTRACE_SYSCALL', 13, 24],
    ['PTRACE_DETACH', 12, 17],
    ['PTRACE_ATTACH', 11, 16],
    ['PTRACE_SINGLESTEP', 10, 9],
    ['PTRACE_KILL', 9, 8],
    ['PTRACE_CONT', 8, 7],
    ['PTRACE_POKEUSR', 7, 6],
    ['PTRACE_POKEDATA', 6, 5],
    ['PTRACE_POKETEXT', 5, 4],
    ['PTRACE_PEEKUSR', 4, 3],
    ['PTRACE_PEEKDATA', 3, 2],
    ['PTRACE_PEEKTEXT', 2, 1],
    ['PTRACE_TRACEME', 1, 0],
    ['PTRACE_UNKNOWN', 0, NOT_NATIVE],
  ],
  more: own('ptrace_more', MORE_REQUESTS),
}
/** of x86 only */
const X86_REQUESTS = /^PTRACE_(SINGLEBLOCK|ARCH_PRCTL|OLDSETOPTIONS|[SG]ET_THREAD_AREA|[SG]ET(FP|FPX)?REGS)$/

export const ptraceRequests: FlagTable = {
  ...requests,
  arm64: {
    ...requests,
    entries: requests.entries.map((e) => (X86_REQUESTS.test(e[0]) ? ([e[0], e[1], NOT_NATIVE] as const) : e)),
    more: own('ptrace_more_arm64', `${MORE_REQUESTS} PTRACE_PEEKMTETAGS=33 PTRACE_POKEMTETAGS=34`),
  },
}

export const prctlOptions: FlagTable = {
  name: 'prctl_options',
  entries: [
    ['PR_GET_DUMPABLE', 3],
    ['PR_SET_DUMPABLE', 4],
    ['PR_GET_KEEPCAPS', 7],
    ['PR_SET_KEEPCAPS', 8],
    ['PR_SET_NAME', 15],
    ['PR_GET_NAME', 16],
    ['PR_GET_SECCOMP', 21],
    ['PR_SET_SECCOMP', 22],
    ['PR_CAPBSET_READ', 23],
    ['PR_CAPBSET_DROP', 24],
    ['PR_GET_SECUREBITS', 27],
    ['PR_SET_SECUREBITS', 28],
    ['PR_MCE_KILL', 33],
    ['PR_MCE_KILL', 33],
    ['PR_SET_MM', 35],
    ['PR_SET_CHILD_SUBREAPER', 36],
    ['PR_GET_CHILD_SUBREAPER', 37],
    ['PR_SET_NO_NEW_PRIVS', 38],
    ['PR_GET_NO_NEW_PRIVS', 39],
    ['PR_GET_TID_ADDRESS', 40],
    ['PR_SET_THP_DISABLE', 41],
    ['PR_GET_THP_DISABLE', 42],
    ['PR_CAP_AMBIENT', 47],
  ],
}

export const keyctlOperations: FlagTable = {
  name: 'keyctl_operations',
  entries: [
    ['KEYCTL_GET_KEYRING_ID', 0],
    ['KEYCTL_JOIN_SESSION_KEYRING', 1],
    ['KEYCTL_UPDATE', 2],
    ['KEYCTL_REVOKE', 3],
    ['KEYCTL_CHOWN', 4],
    ['KEYCTL_SETPERM', 5],
    ['KEYCTL_DESCRIBE', 6],
    ['KEYCTL_CLEAR', 7],
    ['KEYCTL_LINK', 8],
    ['KEYCTL_UNLINK', 9],
    ['KEYCTL_SEARCH', 10],
    ['KEYCTL_READ', 11],
    ['KEYCTL_INSTANTIATE', 12],
    ['KEYCTL_NEGATE', 13],
    ['KEYCTL_SET_REQKEY_KEYRING', 14],
    ['KEYCTL_SET_TIMEOUT', 15],
    ['KEYCTL_ASSUME_AUTHORITY', 16],
    ['KEYCTL_GET_SECURITY', 17],
    ['KEYCTL_SESSION_TO_PARENT', 18],
    ['KEYCTL_REJECT', 19],
    ['KEYCTL_INSTANTIATE_IOV', 20],
    ['KEYCTL_INVALIDATE', 21],
    ['KEYCTL_GET_PERSISTENT', 22],
    ['KEYCTL_DH_COMPUTE', 23],
    ['KEYCTL_PKEY_QUERY', 24],
    ['KEYCTL_PKEY_ENCRYPT', 25],
    ['KEYCTL_PKEY_DECRYPT', 26],
    ['KEYCTL_PKEY_SIGN', 27],
    ['KEYCTL_PKEY_VERIFY', 28],
    ['KEYCTL_RESTRICT_KEYRING', 29],
    ['KEYCTL_MOVE', 30],
    ['KEYCTL_CAPABILITIES', 31],
    ['KEYCTL_WATCH_KEY', 32],
  ],
}

export const pidfdOpenFlags: FlagTable = {
  name: 'pidfd_open_flags',
  entries: [['PIDFD_NONBLOCK', 1, 0o4000]],
  more: own('pidfd_open_more', 'PIDFD_THREAD=0x80'),
}

export const deleteModuleFlags: FlagTable = {
  name: 'delete_module_flags',
  entries: [
    ['O_NONBLOCK', 2, 0o4000],
    ['O_TRUNC', 1, 0o1000],
  ],
}

export const finitModuleFlags: FlagTable = {
  name: 'finit_module_flags',
  entries: [
    ['MODULE_INIT_IGNORE_MODVERSIONS', 1],
    ['MODULE_INIT_IGNORE_VERMAGIC', 2],
    ['MODULE_INIT_COMPRESSED_FILE', 4],
  ],
}

export const bpfCommands: FlagTable = {
  name: 'bpf_commands',
  entries: [
    ['BPF_MAP_CREATE', 0],
    ['BPF_MAP_LOOKUP_ELEM', 1],
    ['BPF_MAP_UPDATE_ELEM', 2],
    ['BPF_MAP_DELETE_ELEM', 3],
    ['BPF_MAP_GET_NEXT_KEY', 4],
    ['BPF_PROG_LOAD', 5],
    ['BPF_OBJ_PIN', 6],
    ['BPF_OBJ_GET', 7],
    ['BPF_PROG_ATTACH', 8],
    ['BPF_PROG_DETACH', 9],
    ['BPF_PROG_TEST_RUN', 10],
    ['BPF_PROG_RUN', 10],
    ['BPF_PROG_GET_NEXT_ID', 11],
    ['BPF_MAP_GET_NEXT_ID', 12],
    ['BPF_PROG_GET_FD_BY_ID', 13],
    ['BPF_MAP_GET_FD_BY_ID', 14],
    ['BPF_OBJ_GET_INFO_BY_FD', 15],
    ['BPF_PROG_QUERY', 16],
    ['BPF_RAW_TRACEPOINT_OPEN', 17],
    ['BPF_BTF_LOAD', 18],
    ['BPF_BTF_GET_FD_BY_ID', 19],
    ['BPF_TASK_FD_QUERY', 20],
    ['BPF_MAP_LOOKUP_AND_DELETE_ELEM', 21],
    ['BPF_MAP_FREEZE', 22],
    ['BPF_BTF_GET_NEXT_ID', 23],
    ['BPF_MAP_LOOKUP_BATCH', 24],
    ['BPF_MAP_LOOKUP_AND_DELETE_BATCH', 25],
    ['BPF_MAP_UPDATE_BATCH', 26],
    ['BPF_MAP_DELETE_BATCH', 27],
    ['BPF_LINK_CREATE', 28],
    ['BPF_LINK_UPDATE', 29],
    ['BPF_LINK_GET_FD_BY_ID', 30],
    ['BPF_LINK_GET_NEXT_ID', 31],
    ['BPF_ENABLE_STATS', 32],
    ['BPF_ITER_CREATE', 33],
    ['BPF_LINK_DETACH', 34],
    ['BPF_PROG_BIND_MAP', 35],
  ],
  more: own('bpf_more', 'BPF_TOKEN_CREATE=36 BPF_PROG_STREAM_READ_BY_FD=37'),
}
