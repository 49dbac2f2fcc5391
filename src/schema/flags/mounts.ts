// Constants of mount and related calls.
import { constants } from '../constants.js'
import type { FlagTable } from '../types.js'

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

/** mount(2) flags; old programs put the magic number 0xC0ED into the upper half, which is ignored. */
export const mountFlags: FlagTable = {
  name: 'mount_flags',
  entries: mountEntries,
  fromNative: (value) => (value >>> 16 === 0xc0ed ? value & 0xffff : value >>> 0),
  more: constants('mount_more'),
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
  more: constants('fsconfig_more'),
}
