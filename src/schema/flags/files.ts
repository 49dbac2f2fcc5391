// Constants of calls on files: modes, locks, positions, fcntl.
import { constants } from '../constants.js'
import type { FlagTable } from '../types.js'
import { NOT_NATIVE } from './convert.js'

export const flockFlags: FlagTable = {
  name: 'flock_flags',
  entries: [
    ['LOCK_SH', 1],
    ['LOCK_EX', 2],
    ['LOCK_NB', 4],
    ['LOCK_UN', 8],
    ['LOCK_NONE', 0],
  ],
}

export const lseekWhence: FlagTable = {
  name: 'lseek_whence',
  entries: [
    ['SEEK_END', 2],
    ['SEEK_CUR', 1],
    ['SEEK_SET', 0],
  ],
  more: constants('lseek_more'),
}

export const fcntlCommands: FlagTable = {
  name: 'fcntl_commands',
  entries: [
    ['F_GETPIPE_SZ', 29, 1032],
    ['F_SETPIPE_SZ', 28, 1031],
    ['F_NOTIFY', 27, 1026],
    ['F_DUPFD_CLOEXEC', 26, 1030],
    ['F_CANCELLK', 25, 1029],
    ['F_GETLEASE', 24, 1025],
    ['F_SETLEASE', 23, 1024],
    ['F_GETOWN_EX', 22, 16],
    ['F_SETOWN_EX', 21, 15],
    ['F_SETLKW64', 19, NOT_NATIVE],
    ['F_SETLK64', 18, NOT_NATIVE],
    ['F_GETLK64', 17, NOT_NATIVE],
    ['F_GETSIG', 15, 11],
    ['F_SETSIG', 13, 10],
    ['F_GETOWN', 12, 9],
    ['F_SETOWN', 10, 8],
    ['F_SETLKW', 9, 7],
    ['F_SETLK', 8, 6],
    ['F_GETLK', 6, 5],
    ['F_SETFL', 5, 4],
    ['F_GETFL', 4, 3],
    ['F_SETFD', 3, 2],
    ['F_GETFD', 2, 1],
    ['F_DUPFD', 1, 0],
    ['F_OFD_GETLK', 30, 36],
    ['F_OFD_SETLK', 31, 37],
    ['F_OFD_SETLKW', 32, 38],
    ['UNKNOWN', 0, NOT_NATIVE],
  ],
  more: constants('fcntl_more'),
}

export const accessFlags: FlagTable = {
  name: 'access_flags',
  entries: [
    ['F_OK', 0],
    ['R_OK', 4],
    ['W_OK', 2],
    ['X_OK', 1],
  ],
}

export const unlinkatFlags: FlagTable = { name: 'unlinkat_flags', entries: [['AT_REMOVEDIR', 512]] }

export const linkatFlags: FlagTable = {
  name: 'linkat_flags',
  entries: [
    ['AT_SYMLINK_FOLLOW', 1024],
    ['AT_EMPTY_PATH', 4096],
  ],
}

export const newfstatatFlags: FlagTable = {
  name: 'newfstatat_flags',
  entries: [
    ['AT_EMPTY_PATH', 4096],
    ['AT_NO_AUTOMOUNT', 2048],
    ['AT_SYMLINK_NOFOLLOW', 256],
  ],
}

export const fchownatFlags: FlagTable = {
  name: 'fchownat_flags',
  entries: [
    ['AT_SYMLINK_NOFOLLOW', 1024, 256],
    ['AT_EMPTY_PATH', 4096],
  ],
}

const permissionBits: FlagTable['entries'] = [
  ['S_IXOTH', 1],
  ['S_IWOTH', 2],
  ['S_IROTH', 4],
  ['S_IXGRP', 8],
  ['S_IWGRP', 16],
  ['S_IRGRP', 32],
  ['S_IXUSR', 64],
  ['S_IWUSR', 128],
  ['S_IRUSR', 256],
  ['S_ISVTX', 512],
  ['S_ISGID', 1024],
  ['S_ISUID', 2048],
]

/** the file type bits that a caller may leave in a mode are ignored */
const TYPE = 0o170000

export const chmodMode: FlagTable = { name: 'chmod_mode', entries: permissionBits, mask: TYPE }

/** Combinations of bits come before the single bits that they contain. */
export const mknodMode: FlagTable = {
  name: 'mknod_mode',
  entries: [
    ...permissionBits,
    ['S_IFSOCK', 49152],
    ['S_IFREG', 32768],
    ['S_IFBLK', 24576],
    ['S_IFCHR', 8192],
    ['S_IFIFO', 4096],
  ],
  mask: TYPE,
}

export const renameat2Flags: FlagTable = {
  name: 'renameat2_flags',
  entries: [
    ['RENAME_NOREPLACE', 1],
    ['RENAME_EXCHANGE', 2],
    ['RENAME_WHITEOUT', 4],
  ],
}

export const spliceFlags: FlagTable = {
  name: 'splice_flags',
  entries: [
    ['SPLICE_F_MOVE', 1],
    ['SPLICE_F_NONBLOCK', 2],
    ['SPLICE_F_MORE', 4],
    ['SPLICE_F_GIFT', 8],
  ],
}

export const anonInodeTypes: FlagTable = {
  name: 'anon_inode_fd_types',
  entries: [
    'UNKNOWN',
    'EVENTFD',
    'EVENTPOLL',
    'INOTIFY',
    'SIGNALFD',
    'TIMERFD',
    'IO_URING',
    'USERFAULTFD',
    'PIDFD',
    'BPF_MAP',
    'BPF_PROG',
    'BPF_LINK',
    'BPF_ITER',
    'PERF_EVENT',
  ].map((name, value) => [`ANON_INODE_FD_TYPE_${name}`, value] as const),
}

/** Flags of execveat's enter event, which only files of older tools have. */
export const execveatFlags: FlagTable = {
  name: 'execveat_flags',
  entries: [
    ['AT_EMPTY_PATH', 1, 4096],
    ['AT_SYMLINK_NOFOLLOW', 2, 256],
  ],
}
