// The types of a parameter's source: where the kernel side reads it. operations.ts selects the operations for each.
import type { Shape } from './shape.js'

/** Bytes of user memory, or the argument itself, as a variable parameter (BYTES_* of native/abi.h). */
export interface BytesSource {
  readonly op: 'bytes'
  readonly n: number
  /** bytes at most */
  readonly size: number
  /** offset of the first byte from the pointer; a multiple of 4, with a count a multiple of 8 and at most 48 */
  readonly off?: number
  /** the bytes are at the address to which the argument points */
  readonly via?: boolean
  /** number of elements of `each` bytes: an argument, or the call's result */
  readonly count?: number | 'ret'
  readonly each?: number
  /** the count is 32 bits in memory at the argument */
  readonly countAt?: boolean
  /** the count is in bits */
  readonly countBits?: boolean
  /** the count is in bytes, and this argument limits it */
  readonly within?: number
  /** written by the call: only if it succeeded, or only if it failed */
  readonly on?: 'ok' | 'fail'
  /** 32-bit programs have another layout */
  readonly native?: boolean
  /** the eight bytes of the argument itself */
  readonly itself?: boolean
  /** a buffer: recorded up to the snap length */
  readonly data?: boolean
  /** the bytes on arm64, if the structure has another size there */
  readonly arm64?: BytesSource
}

/** Text up to its NUL at argument n; via: its address is stored so many bytes after the argument's. onOk: only if the call succeeded. */
export interface TextSource {
  readonly op: 'str'
  readonly n: number
  readonly at: 'enter' | 'exit'
  readonly onOk?: boolean
  readonly via?: number
}

/** The meaning of an argument for one value of a selector (a command, an option). */
export interface Case {
  /** the value's name */
  readonly name: string
  /** undefined: the argument then has no meaning, or none that is recorded */
  readonly from?: BytesSource | TextSource
  readonly shape?: Shape
}

/** An argument's meanings by a selector's value. */
export interface CaseTable {
  readonly name: string
  readonly cases: ReadonlyMap<number, Case>
  /** bits of the selector that are compared; all if omitted */
  readonly mask?: number
  /** names of values without an entry */
  readonly otherwise?: (value: number) => string | undefined
}

/**
 * Where the kernel side gets a parameter at system call exit. Numbers are argument indexes (0..5).
 * Each one except `ret` and `special` is one filler operation of native/abi.h.
 */
export type Source =
  | { op: 'ret' }
  /** flags of an open-like call, in argument n or (deref) in user memory there; with the open's outcome, see OPENED */
  | { op: 'opened'; n: number; deref?: boolean }
  /** the argument itself, truncated to the parameter's wire size */
  | { op: 'arg'; n: number }
  /**
   * a value of the parameter's wire size in user memory at argument n + off; onOk: only if the call succeeded; wide: half as
   * wide in a 32-bit program's memory, where it is not read
   */
  | { op: 'deref'; n: number; off: number; onOk?: boolean; wide?: boolean }
  /** a struct timespec (two i64) at argument n, as u64 ns; at 'enter' if the call overwrites it */
  | { op: 'timespec'; n: number; at?: 'enter' }
  /** a NUL-terminated string at argument n; at 'enter' for paths that another thread could swap */
  | TextSource
  /** bytes at argument n; length is the result, or argument len; truncated at snaplen. onOk: only if the call succeeded */
  | { op: 'buf'; n: number; len: 'ret' | 'retOrArg'; arg?: number; onOk?: boolean }
  /** bytes gathered from a struct iovec array at argument n with count argument cnt; total length: result or the sum */
  | { op: 'iovec'; n: number; cnt: number; len: 'ret' | 'sum' }
  /** sum of the iov_len of an iovec array, u32 */
  | { op: 'iovsize'; n: number; cnt: number }
  /** a field of a struct msghdr (or the first mmsghdr) at argument n */
  | { op: 'msgdata'; n: number; len: 'ret' | 'sum' }
  | { op: 'msgsize'; n: number }
  /** fromCaller: filled by the caller, else by the call */
  | { op: 'msgcontrol'; n: number; fromCaller?: boolean }
  /** a socket address in user memory, libs' sockaddr encoding; length in argument len, or at the pointer lenptr */
  | { op: 'sockaddr'; n: number; len?: number; lenptr?: number }
  /**
   * the socket's tuple, libs' socktuple encoding: of the fd in argument n, or of the returned fd (n = -1). peer: argument with
   * a user address (sendto, recvfrom; with msg, in the msghdr) to use as the other end if not connected
   */
  | { op: 'tuple'; n: number; peer?: number; msg?: boolean; dir?: 'in' | 'out' }
  /** poll's array at argument n with count argument cnt, libs' fdlist encoding (fd i64, events i16 as the kernel's bits) */
  | { op: 'fdlist'; n: number; cnt: number }
  /** vm_size, vm_rss, vm_swap in KiB: three consecutive u32 parameters have the same op, which: 0, 1, 2 */
  | { op: 'vm'; which: 0 | 1 | 2 }
  /** device and inode of the returned fd (n = -1), of the fd in argument n, or of the first i32 at argument n (pipe) */
  | { op: 'dev'; n: number }
  | { op: 'ino'; n: number; deref?: boolean }
  | BytesSource
  /** what the pointers at argument n point to, `each` bytes of it, argument `count` is their number; `size` bytes at most */
  | { op: 'each'; n: number; count: number; each: number; size: number }
  /** an argument of select that was saved at enter: its three sets and its timeout */
  | { op: 'kept'; which: 0 | 1 | 2 | 3 }
  /** the sixteen bytes that were at argument n at enter: a struct timespec that the call overwrites */
  | { op: 'begun'; n: number }
  /** the case of argument n in the table */
  | { op: 'case'; n: number; table: CaseTable }
  /**
   * written by the special filler of the event (native/bpf/special_*.h), which receives the number of the table, if any; in an
   * event without a filler the parameter is absent
   */
  | { op: 'special'; table?: CaseTable }
