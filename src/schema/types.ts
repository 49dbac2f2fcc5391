// The types of event declarations: what a parameter is, how it is stored in a row, and where the kernel side reads it.
import type { EventFacts, NewFd } from './facts.js'
import type { FlagTable } from './flag-table.js'
import type { Shape } from './shape.js'

export type { FlagTable }

/** Parameter types, by libs' names (without PT_), and `struct`, which is ksys's own. They decide decoding and printing. */
export type ParamType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'charbuf'
  | 'bytebuf'
  | 'errno'
  | 'sockaddr'
  | 'socktuple'
  | 'fd'
  | 'pid'
  | 'fdlist'
  | 'fspath'
  | 'fsrelpath'
  | 'syscallid'
  | 'sigtype'
  | 'reltime'
  | 'abstime'
  | 'port'
  | 'bool'
  | 'dyn'
  | 'flags8'
  | 'flags16'
  | 'flags32'
  | 'enumflags8'
  | 'enumflags16'
  | 'enumflags32'
  | 'uid'
  | 'gid'
  | 'double'
  | 'sigset'
  | 'charbufarray'
  | 'mode'
  | 'ipv4addr'
  | 'ipv6addr'
  | 'fd32'
  | 'pid32'
  | 'struct'

/** Architectures that can be captured */
export type Arch = 'x64' | 'arm64'

/** Print form of a number, libs' `fmt`. */
export type PrintFormat = 'na' | 'dec' | 'hex' | 'oct'

/**
 * How a parameter is stored in a row of the batch's arena.
 * `ret` takes no bytes: it is the row's result column. `var` is a u16 length and that many bytes. Others are little-endian and
 * have a fixed size.
 */
export type Wire = 'ret' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'var'

/** What names may depend on besides the value: other parameters of the row (undefined if absent), and the machine. */
export interface Row {
  numberOf(param: string): number | undefined
  readonly batch: { readonly arch: Arch; readonly native: boolean }
}

/** The privacy options, which omit values of some kind: --no-buffers, --no-args, --no-env. */
export type PrivacyOption = 'buffers' | 'args' | 'env'

/** The privacy option that omits a parameter: always, or in rows for which `when` is true of the row and the value's bytes. */
export interface PrivacyRule {
  readonly by: PrivacyOption
  readonly when?: (row: Row, value: Uint8Array) => boolean
}

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

/**
 * The meaning of a text.
 * - path: of a file, though libs has it as plain text
 * - directory: a path that is or becomes the working directory or the root
 * - program: the path of the executed file
 * - stack: names of functions
 * - container: libs' JSON of one
 * - own word: one of a few words of ksys, which reveals nothing about the machine
 */
export type TextMeaning =
  | 'path'
  | 'directory'
  | 'program'
  | 'comm'
  | 'exe'
  | 'exepath'
  | 'cwd'
  | 'args'
  | 'env'
  | 'cgroup'
  | 'cgroups'
  | 'user'
  | 'group'
  | 'home'
  | 'shell'
  | 'host'
  | 'stack'
  | 'container'
  | 'container id'
  | 'own word'

export interface ParamDef {
  readonly name: string
  readonly type: ParamType
  readonly fmt: PrintFormat
  readonly wire: Wire
  readonly from: Source
  readonly flags?: FlagTable
  /** for fsrelpath: index of the parameter with the directory fd */
  readonly dirfd?: number
  /** which path of a call with two paths it is; if none declares it, the first is the source */
  readonly role?: 'source' | 'target'
  /**
   * The kernel reads this argument only if parameter `param` is `is`, or has one of the bits `any` (kernel values); otherwise
   * its value is meaningless and prints as 0.
   */
  readonly onlyIf?: { readonly param: number; readonly is?: number; readonly any?: number }
  /** the meaning of the bytes of a struct, or in a live capture of a bytebuf; by: the parameter that selects among cases */
  readonly shape?: Shape
  readonly cases?: { readonly table: CaseTable; readonly by: number }
  /** for bytebuf: data of a socket, which for a netlink socket are structured messages */
  readonly messages?: boolean
  /** for dyn: the meaning of bytes or a number in a live capture; undefined: no further meaning */
  readonly shapeOf?: (row: Row) => Shape | undefined
  /**
   * name of a number's value, for a parameter that libs shows without names; for kernel values, so in live captures only. If
   * the name depends on more than the value, the function must declare its second argument: other names are cached by value.
   */
  readonly names?: (value: number, row: Row) => string | undefined
  /** the number of a descriptor that the call creates */
  readonly makes?: NewFd
  /** a result that is a descriptor only for these (kernel) values of parameter `param` */
  readonly fdFor?: { readonly param: number; readonly values: readonly number[] }
  /** not in libs: an addition to an event that libs has */
  readonly added?: boolean
  /** few events of its type have it: evt.args omits it if it is absent */
  readonly optional?: boolean
  /** for dyn: the alternatives, libs' order ("type/fmt") */
  readonly dyn?: readonly string[]
  /** for text: its meaning, if its type does not imply it */
  readonly means?: TextMeaning
  /** the privacy option that omits it, if neither its type (bytebuf) nor its meaning (args, env) implies one */
  readonly omittedBy?: PrivacyRule
}

/** libs' category words (evt.category), before I/O is resolved by the kind of the fd. */
export type Category =
  | 'other'
  | 'file'
  | 'net'
  | 'ipc'
  | 'memory'
  | 'process'
  | 'sleep'
  | 'system'
  | 'signal'
  | 'user'
  | 'time'
  | 'processing'
  | 'io_read'
  | 'io_write'
  | 'io_other'
  | 'wait'
  | 'scheduler'
  | 'internal'
  | 'unknown'

export interface EventDef extends EventFacts {
  /** libs' event code of the newest exit version; even codes are enter events and tracepoints. Others: see codes.ts. */
  readonly code: number
  readonly name: string
  readonly category: Category
  readonly params: readonly ParamDef[]
  /** system call numbers by architecture; absent for tracepoints and ksys's own records */
  readonly nr?: { readonly [arch in Arch]?: number }
  /** waits: the call may block (libs' EF_WAITS) */
  readonly waits?: boolean
  /** state: maintains the thread or fd tables; always captured if it succeeded */
  readonly state?: boolean
  /** noReturn: recorded at enter (exit, exit_group) */
  readonly noReturn?: boolean
  /** fd: index of the parameter that is the event's fd (fd.* fields); creates/destroys: what a success does */
  readonly fd?: number
  readonly fdEffect?: 'creates' | 'destroys' | 'uses'
  /** name of the special filler, which then writes the whole row */
  readonly special?: string
}
