// System calls of 32-bit i386 programs on an x86-64 kernel.
import { ABI } from './abi.js'
import { I386_ONLY } from './compat-only.js'
import { SYSCALL_BY_NAME } from './syscalls.js'

/** x86-64 number by i386 number, below the numbers that are the same on all machines; -1 if i386 has none of these calls there. */
const TWINS: readonly number[] = [
  219, 60, 57, 0, 1, 2, 3, -1, 85, 86, 87, 59, 80, 201, 133, 90, 94, -1, -1, 8, 39, 165, -1, 105, 102, -1, 101, 37, -1,
  34, 132, -1, -1, 21, -1, -1, 162, 62, 82, 83, 84, 32, 22, 100, -1, 12, 106, 104, -1, 107, 108, 163, 166, -1, 16, 72,
  -1, 109, -1, -1, 95, 161, 136, 33, 110, 111, 112, -1, -1, -1, 113, 114, -1, -1, 170, 160, 97, 98, 96, 164, 115, 116,
  23, 88, -1, 89, 134, 167, 169, -1, -1, 11, 76, 77, 91, 93, 140, 141, -1, 137, 138, 173, -1, 103, 38, 36, 4, 6, 5, -1,
  172, 153, -1, -1, 61, 168, 99, -1, 74, -1, 56, 171, 63, 154, 159, 10, -1, 174, 175, 176, 177, 179, 121, 81, -1, 139,
  135, 183, 122, 123, -1, 78, 23, 73, 26, 19, 20, 124, 75, 156, 149, 150, 151, 152, 142, 143, 144, 145, 24, 146, 147,
  148, 35, 25, 117, 118, -1, 178, 7, 180, 119, 120, 157, 15, 13, 14, 127, 128, 129, 130, 17, 18, 92, 79, 125, 126, 131,
  40, 181, 182, 58, 97, -1, 76, 77, -1, -1, -1, 94, 102, 104, 107, 108, 113, 114, 115, 116, 93, 117, 118, 119, 120, 92,
  105, 106, 122, 123, 155, 27, 28, 217, 72, -1, -1, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198,
  199, 200, 40, 202, 203, 204, 205, 211, 206, 207, 208, 209, 210, 221, -1, 231, 212, 213, 233, 232, 216, 218, 222, 223,
  224, 225, 226, 227, 228, 229, 230, 137, 138, 234, 235, 221, 236, 237, 239, 238, 240, 241, 242, 243, 244, 245, 246,
  247, -1, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269,
  270, 271, 272, 273, 274, 275, 277, 276, 278, 279, 309, 281, 280, 282, 283, 284, 285, 286, 287, 289, 290, 291, 292,
  293, 294, 295, 296, 297, 298, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 310, 311, 312, 313, 314, 315, 316,
  317, 318, 319, 321, 322, 41, 53, 49, 42, 50, 288, 55, 54, 51, 52, 44, 46, 45, 47, 48, 323, 324, 325, 326, 327, 328,
  329, 330, 331, 332, 158, 333, 334, -1, -1, -1, -1, -1, -1, 64, 66, 29, 31, 30, 67, 68, 69, 70, 71, 228, 227, 305, 229,
  230, 224, 223, 287, 286, 280, 270, 271, -1, 333, 299, 242, 243, 220, 128, 202, 148,
]

/** The number that an i386 call is recorded under; -1 if there is no such call. */
export const I386_TWINS: readonly number[] = TWINS.map((twin, nr) => (twin < 0 ? (I386_ONLY.get(nr) ?? -1) : twin))

/** Position of preadv and similar calls. */
const POSITION = 8 | ABI.KSYS_HALVES_IN_PLACE

/** Arguments of 64 bits by i386 number: bit n is the recorded call's argument n, which 32-bit programs pass in two halves. */
export const I386_HALVES: ReadonlyMap<number, number> = new Map([
  [180, 8], // pread64
  [181, 8], // pwrite64
  [193, 2], // truncate64
  [194, 2], // ftruncate64
  [225, 2], // readahead
  [250, 2], // fadvise64
  [253, 1], // lookup_dcookie
  [272, 6], // fadvise64_64
  [314, 6], // sync_file_range
  [324, 12], // fallocate
  [333, POSITION], // preadv
  [334, POSITION], // pwritev
  [339, 4], // fanotify_mark
  [378, POSITION], // preadv2
  [379, POSITION], // pwritev2
])

const FUNCTIONS: readonly string[] = [
  ...['', 'socket', 'bind', 'connect', 'listen', 'accept', 'getsockname', 'getpeername', 'socketpair', 'send', 'recv'],
  ...['sendto', 'recvfrom', 'shutdown', 'setsockopt', 'getsockopt', 'sendmsg', 'recvmsg', 'accept4', 'recvmmsg'],
  'sendmmsg',
]

/** The number that a function of socketcall is recorded under: that of the equivalent call; -1: no such function. */
export const SOCKETCALLS: readonly number[] = FUNCTIONS.map((name) => SYSCALL_BY_NAME.get(name)?.[1] ?? -1)
