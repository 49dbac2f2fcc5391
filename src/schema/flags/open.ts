// Constants of the open family, and of calls that take its flags.
import { OPENED } from '../abi.js'
import { constants, derived } from '../constants.js'
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

/** values that differ on arm64 */
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
  mask: 3,
  more: constants('open_more'),
  arm64: {
    name: 'file_flags',
    entries: arm64Entries,
    fromNative: (value) => arm64Bits(value) | accessMode(value),
    mask: 3,
    more: constants('open_more_arm64'),
  },
}

/** The kernel's own, for calls that libs does not have. */
export const openFlags = derived('open_flags', () => constants('open_flags').entries, constants('open_flags_arm64'))

/** set for opens only */
const OPENS = OPENED.CREATED | OPENED.UPPER | OPENED.LOWER
/** a socket's type is in the same argument */
const KIND = 0xf

/** The same names for calls without an access mode (pipe2, dup3, socket, eventfd2 ...). */
export const fdFlags: FlagTable = {
  name: 'file_flags',
  entries: openEntries,
  fromNative: (value) => openBits(value & ~OPENS),
  mask: KIND,
  arm64: { name: 'file_flags', entries: arm64Entries, fromNative: (value) => arm64Bits(value & ~OPENS), mask: KIND },
}

/** The same, with additional names of a call's own. */
export const fdFlagsAnd = (more: FlagTable): FlagTable => ({
  ...fdFlags,
  more,
  ...(fdFlags.arm64 && { arm64: { ...fdFlags.arm64, more } }),
})

export const creatFlags: FlagTable = {
  name: 'creat_flags',
  entries: [
    ['FD_UPPER_LAYER_CREAT', 1],
    ['FD_LOWER_LAYER_CREAT', 2],
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

export const closeRangeFlags: FlagTable = {
  name: 'close_range_flags',
  entries: [
    ['CLOSE_RANGE_UNSHARE', 2],
    ['CLOSE_RANGE_CLOEXEC', 4],
  ],
}
