// Constants of semaphores, futexes, polling and io_uring.
import { constants } from '../constants.js'
import { once } from '../lazy.js'
import type { FlagTable } from '../types.js'
import { alternatives, NOT_NATIVE } from './convert.js'

const futexEntries: FlagTable['entries'] = [
  ['FUTEX_CLOCK_REALTIME', 256],
  ['FUTEX_PRIVATE_FLAG', 128],
  ['FUTEX_CMP_REQUEUE_PI', 12],
  ['FUTEX_WAIT_REQUEUE_PI', 11],
  ['FUTEX_WAKE_BITSET', 10],
  ['FUTEX_WAIT_BITSET', 9],
  ['FUTEX_TRYLOCK_PI', 8],
  ['FUTEX_UNLOCK_PI', 7],
  ['FUTEX_LOCK_PI', 6],
  ['FUTEX_WAKE_OP', 5],
  ['FUTEX_CMP_REQUEUE', 4],
  ['FUTEX_REQUEUE', 3],
  ['FUTEX_FD', 2],
  ['FUTEX_WAKE', 1],
  ['FUTEX_WAIT', 0],
]

const newer = constants('futex_more')
const futexWords = once(() => new Map([...futexEntries, ...newer.entries].map(([name, value]) => [value, name])))
/** Command and flags of a futex call: FUTEX_WAIT too, which is 0. */
const futexName = (op: number): string | undefined => {
  const command = futexWords().get(op & 0x7f)
  const bits = [256, 128].filter((bit) => (op & bit) !== 0).map((bit) => futexWords().get(bit))
  return command === undefined ? undefined : [...bits, command].join('|')
}

/** The command is a number in the low bits below two flags; libs has the same values. */
export const futexOperations: FlagTable = {
  name: 'futex_operations',
  entries: futexEntries,
  fromNative: (value) => value & 0x1ff,
  names: futexName,
}

export const semopFlags: FlagTable = {
  name: 'semop_flags',
  entries: [
    ['IPC_NOWAIT', 1, 2048],
    ['SEM_UNDO', 2, 4096],
  ],
}

/** The low nine bits are permissions and remain unchanged. */
export const semgetFlags: FlagTable = {
  name: 'semget_flags',
  entries: [
    ['IPC_EXCL', 16384, 1024],
    ['IPC_CREAT', 8192, 512],
  ],
  fromNative: (value) => (value & 0o777) | ((value & 0o1000) !== 0 ? 8192 : 0) | ((value & 0o2000) !== 0 ? 16384 : 0),
}

const semctlEntries: FlagTable['entries'] = [
  ['IPC_STAT', 1, 2],
  ['IPC_SET', 2, 1],
  ['IPC_RMID', 4, 0],
  ['IPC_INFO', 8, 3],
  ['SEM_INFO', 16, 19],
  ['SEM_STAT', 32, 18],
  ['GETALL', 64, 13],
  ['GETNCNT', 128, 14],
  ['GETPID', 256, 11],
  ['GETVAL', 512, 12],
  ['GETZCNT', 1024, 15],
  ['SETALL', 2048, 17],
  ['SETVAL', 4096, 16],
]

/** Bits in libs, plain numbers in the kernel. */
export const semctlCommands: FlagTable = {
  name: 'semctl_commands',
  entries: semctlEntries,
  fromNative: alternatives(semctlEntries),
  more: constants('semctl_more'),
}

export const pollFlags: FlagTable = {
  name: 'poll_flags',
  entries: [
    ['POLLIN', 1],
    ['POLLPRI', 2],
    ['POLLOUT', 4],
    ['POLLRDHUP', 8, 8192],
    ['POLLERR', 16, 8],
    ['POLLHUP', 32, 16],
    ['POLLNVAL', 64, 32],
    ['POLLRDNORM', 128, 64],
    ['POLLRDBAND', 256, 128],
    ['POLLWRNORM', 512, 256],
    ['POLLWRBAND', 1024, 512],
  ],
}

export const epollCreate1Flags: FlagTable = {
  name: 'epoll_create1_flags',
  entries: [['EPOLL_CLOEXEC', 1, 0o2000000]],
}

export const ioUringSetupFlags: FlagTable = {
  name: 'io_uring_setup_flags',
  entries: [
    ['IORING_SETUP_IOPOLL', 1],
    ['IORING_SETUP_SQPOLL', 2],
    ['IORING_SQ_NEED_WAKEUP', 4, NOT_NATIVE],
    ['IORING_SETUP_SQ_AFF', 8, 4],
    ['IORING_SETUP_CQSIZE', 16, 8],
    ['IORING_SETUP_CLAMP', 32, 16],
    ['IORING_SETUP_ATTACH_RW', 64, 32],
    ['IORING_SETUP_R_DISABLED', 128, 64],
  ],
  more: constants('io_uring_setup_more'),
}

export const ioUringFeatures: FlagTable = {
  name: 'io_uring_setup_feats',
  entries: [
    ['IORING_FEAT_SINGLE_MMAP', 1],
    ['IORING_FEAT_NODROP', 2],
    ['IORING_FEAT_SUBMIT_STABLE', 4],
    ['IORING_FEAT_RW_CUR_POS', 8],
    ['IORING_FEAT_CUR_PERSONALITY', 16],
    ['IORING_FEAT_FAST_POLL', 32],
    ['IORING_FEAT_POLL_32BITS', 64],
    ['IORING_FEAT_SQPOLL_NONFIXED', 128],
    ['IORING_FEAT_ENTER_EXT_ARG', 256],
    ['IORING_FEAT_NATIVE_WORKERS', 512],
    ['IORING_FEAT_RSRC_TAGS', 1024],
  ],
  more: constants('io_uring_feature_more'),
}

export const ioUringEnterFlags: FlagTable = {
  name: 'io_uring_enter_flags',
  entries: [
    ['IORING_ENTER_GETEVENTS', 1],
    ['IORING_ENTER_SQ_WAKEUP', 2],
    ['IORING_ENTER_SQ_WAIT', 4],
    ['IORING_ENTER_EXT_ARG', 8],
  ],
  more: constants('io_uring_enter_more'),
}

export const ioUringOpcodes: FlagTable = {
  name: 'io_uring_opcodes',
  entries: [
    ['IORING_OP_NOP', 0],
    ['IORING_OP_READV', 1],
    ['IORING_OP_WRITEV', 2],
    ['IORING_OP_FSYNC', 3],
    ['IORING_OP_READ_FIXED', 4],
    ['IORING_OP_WRITE_FIXED', 5],
    ['IORING_OP_POLL_ADD', 6],
    ['IORING_OP_POLL_REMOVE', 7],
    ['IORING_OP_SYNC_FILE_RANGE', 8],
    ['IORING_OP_SENDMSG', 9],
    ['IORING_OP_RECVMSG', 10],
    ['IORING_OP_TIMEOUT', 11],
    ['IORING_OP_TIMEOUT_REMOVE', 12],
    ['IORING_OP_ACCEPT', 13],
    ['IORING_OP_ASYNC_CANCEL', 14],
    ['IORING_OP_LINK_TIMEOUT', 15],
    ['IORING_OP_CONNECT', 16],
    ['IORING_OP_FALLOCATE', 17],
    ['IORING_OP_OPENAT', 18],
    ['IORING_OP_CLOSE', 19],
    ['IORING_OP_FILES_UPDATE', 20],
    ['IORING_OP_STATX', 21],
    ['IORING_OP_READ', 22],
    ['IORING_OP_WRITE', 23],
    ['IORING_OP_FADVISE', 24],
    ['IORING_OP_MADVISE', 25],
    ['IORING_OP_SEND', 26],
    ['IORING_OP_RECV', 27],
    ['IORING_OP_OPENAT2', 28],
    ['IORING_OP_EPOLL_CTL', 29],
    ['IORING_OP_SPLICE', 30],
    ['IORING_OP_PROVIDE_BUFFERS', 31],
    ['IORING_OP_REMOVE_BUFFERS', 32],
    ['IORING_OP_TEE', 33],
    ['IORING_OP_SHUTDOWN', 34],
    ['IORING_OP_RENAMEAT', 35],
    ['IORING_OP_UNLINKAT', 36],
    ['IORING_OP_MKDIRAT', 37],
    ['IORING_OP_SYMLINKAT', 38],
    ['IORING_OP_LINKAT', 39],
    ['IORING_OP_MSG_RING', 40],
    ['IORING_OP_FSETXATTR', 41],
    ['IORING_OP_SETXATTR', 42],
    ['IORING_OP_FGETXATTR', 43],
    ['IORING_OP_GETXATTR', 44],
    ['IORING_OP_SOCKET', 45],
    ['IORING_OP_URING_CMD', 46],
    ['IORING_OP_SEND_ZC', 47],
    ['IORING_OP_SENDMSG_ZC', 48],
    ['IORING_OP_READ_MULTISHOT', 49],
    ['IORING_OP_WAITID', 50],
    ['IORING_OP_FUTEX_WAIT', 51],
    ['IORING_OP_FUTEX_WAKE', 52],
    ['IORING_OP_FUTEX_WAITV', 53],
    ['IORING_OP_FIXED_FD_INSTALL', 54],
    ['IORING_OP_FTRUNCATE', 55],
    ['IORING_OP_BIND', 56],
    ['IORING_OP_LISTEN', 57],
    ['IORING_OP_RECV_ZC', 58],
    ['IORING_OP_EPOLL_WAIT', 59],
    ['IORING_OP_READV_FIXED', 60],
    ['IORING_OP_WRITEV_FIXED', 61],
    ['IORING_OP_PIPE', 62],
  ],
}

export const ioUringSqeFlags: FlagTable = {
  name: 'io_uring_sqe_flags',
  entries: [
    ['IOSQE_FIXED_FILE', 1],
    ['IOSQE_IO_DRAIN', 2],
    ['IOSQE_IO_LINK', 4],
    ['IOSQE_IO_HARDLINK', 8],
    ['IOSQE_ASYNC', 16],
    ['IOSQE_BUFFER_SELECT', 32],
    ['IOSQE_CQE_SKIP_SUCCESS', 64],
  ],
}

export const ioUringCqeFlags: FlagTable = {
  name: 'io_uring_cqe_flags',
  entries: [
    ['IORING_CQE_F_BUFFER', 1],
    ['IORING_CQE_F_MORE', 2],
    ['IORING_CQE_F_SOCK_NONEMPTY', 4],
    ['IORING_CQE_F_NOTIF', 8],
    ['IORING_CQE_F_BUF_MORE', 16],
  ],
}

export const ioUringRegisterOpcodes: FlagTable = {
  name: 'io_uring_register_opcodes',
  entries: [
    ['IORING_REGISTER_BUFFERS', 0],
    ['IORING_UNREGISTER_BUFFERS', 1],
    ['IORING_REGISTER_FILES', 2],
    ['IORING_UNREGISTER_FILES', 3],
    ['IORING_REGISTER_EVENTFD', 4],
    ['IORING_UNREGISTER_EVENTFD', 5],
    ['IORING_REGISTER_FILES_UPDATE', 6],
    ['IORING_REGISTER_EVENTFD_ASYNC', 7],
    ['IORING_REGISTER_PROBE', 8],
    ['IORING_REGISTER_PERSONALITY', 9],
    ['IORING_UNREGISTER_PERSONALITY', 10],
    ['IORING_REGISTER_RESTRICTIONS', 11],
    ['IORING_REGISTER_ENABLE_RINGS', 12],
    ['IORING_REGISTER_FILES2', 13],
    ['IORING_REGISTER_FILES_UPDATE2', 14],
    ['IORING_REGISTER_BUFFERS2', 15],
    ['IORING_REGISTER_BUFFERS_UPDATE', 16],
    ['IORING_REGISTER_IOWQ_AFF', 17],
    ['IORING_UNREGISTER_IOWQ_AFF', 18],
    ['IORING_REGISTER_IOWQ_MAX_WORKERS', 19],
    ['IORING_REGISTER_RING_FDS', 20],
    ['IORING_UNREGISTER_RING_FDS', 21],
  ],
  more: constants('io_uring_register_more'),
}
