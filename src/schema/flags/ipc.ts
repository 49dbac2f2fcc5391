// Constants of semaphores, futexes, polling and io_uring.
import type { FlagTable } from '../types.js'
import { alternatives, NOT_NATIVE } from './convert.js'

/** The command is a number in the low bits beside two flags; libs has the same values. */
export const futexOperations: FlagTable = {
  name: 'futex_operations',
  entries: [
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
  ],
  fromNative: (value) => value & 0x1ff,
}

export const semopFlags: FlagTable = {
  name: 'semop_flags',
  entries: [
    ['IPC_NOWAIT', 1, 2048],
    ['SEM_UNDO', 2, 4096],
  ],
}

/** The low nine bits are permissions and stay as they are. */
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
}

export const ioUringEnterFlags: FlagTable = {
  name: 'io_uring_enter_flags',
  entries: [
    ['IORING_ENTER_GETEVENTS', 1],
    ['IORING_ENTER_SQ_WAKEUP', 2],
    ['IORING_ENTER_SQ_WAIT', 4],
    ['IORING_ENTER_EXT_ARG', 8],
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
}
