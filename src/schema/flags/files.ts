// Constants of calls on files: open flags, modes, mounts, locks, positions.
import { OPENED } from '../abi.js'
import { fcntlMore } from '../constants/fcntl.js'
import { own } from '../constants/own.js'
import type { FlagTable } from '../types.js'
import { convertBits, NOT_NATIVE } from './convert.js'

const openEntries: FlagTable['entries'] = [
  ['O_LARGEFILE', 2048, 0o100000],
  ['O_DIRECTORY', 1024, 0o200000],
  ['O_DIRECT', 512, 0o40000],
  ['O_TRUNC', 256, 0o1000],
  ['O_SYNC', 128, 0o4000000],
  ['O_NONBLOCK', 64, 0o4000],
  ['O_EXCL', 32, 0o200],
  ['O_DSYNC', 16, 0o10000],
  ['O_APPEND', 8, 0o2000],
  ['O_CREAT', 4, 0o100],
  ['O_RDWR', 3, NOT_NATIVE],
  ['O_WRONLY', 2, NOT_NATIVE],
  ['O_RDONLY', 1, NOT_NATIVE],
  ['O_CLOEXEC', 4096, 0o2000000],
  ['O_NONE', 0, NOT_NATIVE],
  ['O_TMPFILE', 8192, 0o20000000],
  ['O_F_CREATED', 16384, OPENED.CREATED],
  ['FD_UPPER_LAYER', 32768, OPENED.UPPER],
  ['FD_LOWER_LAYER', 65536, OPENED.LOWER],
]

/** where arm64 has them */
const ARM64_OPEN: Readonly<Record<string, number>> = {
  O_LARGEFILE: 0o400000,
  O_DIRECTORY: 0o40000,
  O_DIRECT: 0o200000,
  O_TMPFILE: 0o20000000,
}
const arm64Entries = openEntries.map(([name, ppm, native]) => [name, ppm, ARM64_OPEN[name] ?? native ?? ppm] as const)
const accessMode = (value: number) => Math.min((value & 3) + 1, 3)
const openBits = (value: number) => convertBits(openEntries, value)
const arm64Bits = (value: number) => convertBits(arm64Entries, value)

/** Flags of the open family: the access mode is a number of two bits that libs counts from one. */
export const fileFlags: FlagTable = {
  name: 'file_flags',
  entries: openEntries,
  fromNative: (value) => openBits(value) | accessMode(value),
  more: own('open_more', 'O_NOCTTY=0x100 O_ASYNC=0x2000 O_NOFOLLOW=0x20000 O_NOATIME=0x40000 O_PATH=0x200000'),
  arm64: {
    name: 'file_flags',
    entries: arm64Entries,
    fromNative: (value) => arm64Bits(value) | accessMode(value),
    more: own('open_more_arm64', 'O_NOCTTY=0x100 O_ASYNC=0x2000 O_NOFOLLOW=0x8000 O_NOATIME=0x40000 O_PATH=0x200000'),
  },
}

/** The same names for calls without an access mode (pipe2, dup3, socket, eventfd2 ...). */
export const fdFlags: FlagTable = {
  name: 'file_flags',
  entries: openEntries,
  fromNative: openBits,
  arm64: { name: 'file_flags', entries: arm64Entries, fromNative: arm64Bits },
}

export const creatFlags: FlagTable = {
  name: 'creat_flags',
  entries: [
    ['FD_UPPER_LAYER_CREAT', 1],
    ['FD_LOWER_LAYER_CREAT', 2],
  ],
}

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

const mountEntries: FlagTable['entries'] = [
  ['RDONLY', 1],
  ['NOSUID', 2],
  ['NODEV', 4],
  ['NOEXEC', 8],
  ['SYNCHRONOUS', 16],
  ['REMOUNT', 32],
  ['MANDLOCK', 64],
  ['DIRSYNC', 128],
  ['NOATIME', 1024],
  ['NODIRATIME', 2048],
  ['BIND', 4096],
  ['MOVE', 8192],
  ['REC', 16384],
  ['SILENT', 32768],
  ['POSIXACL', 65536],
  ['UNBINDABLE', 131072],
  ['PRIVATE', 262144],
  ['SLAVE', 524288],
  ['SHARED', 1048576],
  ['RELATIME', 2097152],
  ['KERNMOUNT', 4194304],
  ['I_VERSION', 8388608],
  ['STRICTATIME', 16777216],
  ['LAZYTIME', 33554432],
  ['NOSEC', 268435456],
  ['BORN', 536870912],
  ['ACTIVE', 1073741824],
  ['NOUSER', 2147483648],
]

/** mount(2) flags; old programs mark the upper half with 0xC0ED, which says nothing. */
export const mountFlags: FlagTable = {
  name: 'mount_flags',
  entries: mountEntries,
  fromNative: (value) => (value >>> 16 === 0xc0ed ? value & 0xffff : value >>> 0),
}

export const umountFlags: FlagTable = {
  name: 'umount_flags',
  entries: [
    ['FORCE', 1],
    ['DETACH', 2],
    ['EXPIRE', 4],
    ['NOFOLLOW', 8],
  ],
}

export const lseekWhence: FlagTable = {
  name: 'lseek_whence',
  entries: [
    ['SEEK_END', 2],
    ['SEEK_CUR', 1],
    ['SEEK_SET', 0],
  ],
  more: own('lseek_more', 'SEEK_DATA=3 SEEK_HOLE=4'),
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
  more: fcntlMore,
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

export const chmodMode: FlagTable = { name: 'chmod_mode', entries: permissionBits }

/** The file types that share bits come before those whose bits they contain. */
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
}

export const renameat2Flags: FlagTable = {
  name: 'renameat2_flags',
  entries: [
    ['RENAME_NOREPLACE', 1],
    ['RENAME_EXCHANGE', 2],
    ['RENAME_WHITEOUT', 4],
  ],
}

export const openat2Flags: FlagTable = {
  name: 'openat2_flags',
  entries: [
    ['RESOLVE_BENEATH', 1, 8],
    ['RESOLVE_IN_ROOT', 2, 16],
    ['RESOLVE_NO_MAGICLINKS', 4, 2],
    ['RESOLVE_NO_SYMLINKS', 8, 4],
    ['RESOLVE_NO_XDEV', 16, 1],
    ['RESOLVE_CACHED', 32],
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

export const fsconfigCmds: FlagTable = {
  name: 'fsconfig_cmds',
  entries: [
    ['FSCONFIG_SET_FLAG', 0],
    ['FSCONFIG_SET_STRING', 1],
    ['FSCONFIG_SET_BINARY', 2],
    ['FSCONFIG_SET_PATH', 3],
    ['FSCONFIG_SET_PATH_EMPTY', 4],
    ['FSCONFIG_SET_FD', 5],
    ['FSCONFIG_CMD_CREATE', 6],
    ['FSCONFIG_CMD_RECONFIGURE', 7],
  ],
}

export const closeRangeFlags: FlagTable = {
  name: 'close_range_flags',
  entries: [
    ['CLOSE_RANGE_UNSHARE', 2],
    ['CLOSE_RANGE_CLOEXEC', 4],
  ],
}

export const quotactlDqiFlags: FlagTable = {
  name: 'quotactl_dqi_flags',
  entries: [
    ['DQF_NONE', 1, 0],
    ['V1_DQF_RSQUASH', 2, 1],
  ],
  fromNative: (value) => ((value & 1) !== 0 ? 2 : 1),
}

const quotactlNative = new Map([
  [0x800002, 1],
  [0x800003, 2],
  [0x800004, 4],
  [0x800005, 8],
  [0x800006, 16],
  [0x800007, 32],
  [0x800008, 64],
  [0x800001, 128],
  [0x5801, 256],
  [0x5802, 512],
  [0x5803, 1024],
  [0x5804, 2048],
  [0x5805, 4096],
  [0x5806, 8192],
  [0x5807, 16384],
])

/** quotactl's first argument is command and type in one: the upper 24 bits are the command. */
export const quotactlCmds: FlagTable = {
  name: 'quotactl_cmds',
  entries: [
    ['Q_QUOTAON', 1],
    ['Q_QUOTAOFF', 2],
    ['Q_GETFMT', 4],
    ['Q_GETINFO', 8],
    ['Q_SETINFO', 16],
    ['Q_GETQUOTA', 32],
    ['Q_SETQUOTA', 64],
    ['Q_SYNC', 128],
    ['Q_XQUOTAON', 256],
    ['Q_XQUOTAOFF', 512],
    ['Q_XGETQUOTA', 1024],
    ['Q_XSETQLIM', 2048],
    ['Q_XGETQSTAT', 4096],
    ['Q_XQUOTARM', 8192],
    ['Q_XQUOTASYNC', 16384],
  ],
  fromNative: (value) => quotactlNative.get(value >>> 8) ?? 0,
}

/** The lower 8 bits of quotactl's first argument. */
export const quotactlTypes: FlagTable = {
  name: 'quotactl_types',
  entries: [
    ['USRQUOTA', 1],
    ['GRPQUOTA', 2],
  ],
  fromNative: (value) => ((value & 255) < 2 ? (value & 255) + 1 : 0),
}

export const quotactlFmts: FlagTable = {
  name: 'quotactl_quota_fmts',
  entries: [
    ['QFMT_NOT_USED', 1],
    ['QFMT_VFS_OLD', 2],
    ['QFMT_VFS_V0', 4],
    ['QFMT_VFS_V1', 8],
  ],
  fromNative: (value) => (value === 1 ? 2 : value === 2 ? 4 : value === 4 ? 8 : 1),
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

/** Of execveat's enter event, which only files of older tools have. */
export const execveatFlags: FlagTable = {
  name: 'execveat_flags',
  entries: [
    ['AT_EMPTY_PATH', 1, 4096],
    ['AT_SYMLINK_NOFOLLOW', 2, 256],
  ],
}
