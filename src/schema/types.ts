// The vocabulary of event declarations: what a parameter is, how it lies in a row, and where the kernel side gets it.
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

/** Machines that calls are captured on. */
export type Arch = 'x64' | 'arm64'

/** Print form of a number, libs' `fmt`. */
export type PrintFormat = 'na' | 'dec' | 'hex' | 'oct'

/**
 * How a parameter lies in a row of the batch's arena.
 * `ret` takes no bytes: it is the row's result column. `var` is a u16 length and that many bytes. Others are
 * little-endian and have a fixed size.
 */
export type Wire = 'ret' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'var'

/** What names may depend on beside the value: other parameters of the row (undefined when absent), and the machine. */
export interface Row {
  numberOf(param: string): number | undefined
  readonly batch: { readonly arch: Arch; readonly native: boolean }
}

/** The options of privacy that leave out values of some kind: --no-buffers, --no-args, --no-env. */
export type PrivacyOption = 'buffers' | 'args' | 'env'

/** That an option of privacy leaves a parameter out: always, or in rows for which `when` is true of the row and the value's bytes. */
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
  /** bytes behind the pointer where they begin; a multiple of 4, with a count of 8 and at most 48 */
  readonly off?: number
  /** what the argument points to is where they are */
  readonly via?: boolean
  /** how many elements of `each` bytes there are: an argument, or the call's result */
  readonly count?: number | 'ret'
  readonly each?: number
  /** the count is in 32 bits where its argument points to */
  readonly countAt?: boolean
  /** the count is of bits */
  readonly countBits?: boolean
  /** the count is of bytes, and this argument limits it */
  readonly within?: number
  /** written by the call: only when it succeeded, or only when it failed */
  readonly on?: 'ok' | 'fail'
  /** lies otherwise in 32-bit programs */
  readonly native?: boolean
  /** the eight bytes of the argument itself */
  readonly itself?: boolean
  /** a buffer: as much of it as buffers are recorded */
  readonly data?: boolean
  /** on arm64, where the structure is as large as this */
  readonly arm64?: BytesSource
}

/** Text to its NUL at argument n; via: what lies so many bytes behind it is its address. onOk: only when the call succeeded. */
export interface TextSource {
  readonly op: 'str'
  readonly n: number
  readonly at: 'enter' | 'exit'
  readonly onOk?: boolean
  readonly via?: number
}

/** What one value of a selector (a command, an option) makes of an argument. */
export interface Case {
  /** the value's name */
  readonly name: string
  /** undefined: the argument means nothing then, or nothing that is recorded */
  readonly from?: BytesSource | TextSource
  readonly shape?: Shape
}

/** An argument's meanings by a selector's value. */
export interface CaseTable {
  readonly name: string
  readonly cases: ReadonlyMap<number, Case>
  /** bits of the selector that select; all when omitted */
  readonly mask?: number
  /** what values without an entry are called */
  readonly otherwise?: (value: number) => string | undefined
}

/**
 * Where the kernel side gets a parameter at system call exit. Numbers are argument indexes (0..5).
 * Each one but `ret` and `special` is one filler operation of native/abi.h.
 */
export type Source =
  | { op: 'ret' }
  /** flags of an open-like call, in argument n or (deref) in user memory there; with what the open did, see OPENED */
  | { op: 'opened'; n: number; deref?: boolean }
  /** the argument itself, cut to the parameter's wire size */
  | { op: 'arg'; n: number }
  /** a value of the parameter's wire size in user memory at argument n + off; onOk: only when the call succeeded;
   * wide: half as wide in a 32-bit program's memory, where it is then not read */
  | { op: 'deref'; n: number; off: number; onOk?: boolean; wide?: boolean }
  /** a struct timespec (two i64) at argument n, as u64 ns; at 'enter' where the call overwrites it */
  | { op: 'timespec'; n: number; at?: 'enter' }
  /** a NUL-terminated string at argument n; at 'enter' for paths that another thread could swap */
  | TextSource
  /** bytes at argument n; length is the result, or argument len; cut at snaplen. onOk: only when the call succeeded */
  | { op: 'buf'; n: number; len: 'ret' | 'retOrArg'; arg?: number; onOk?: boolean }
  /** bytes gathered from a struct iovec array at argument n with count argument cnt; total length: result or the sum */
  | { op: 'iovec'; n: number; cnt: number; len: 'ret' | 'sum' }
  /** sum of the iov_len of an iovec array, u32 */
  | { op: 'iovsize'; n: number; cnt: number }
  /** a field of a struct msghdr (or the first mmsghdr) at argument n */
  | { op: 'msgdata'; n: number; len: 'ret' | 'sum' }
  | { op: 'msgsize'; n: number }
  /** given: by the caller, else by the call */
  | { op: 'msgcontrol'; n: number; given?: boolean }
  /** a socket address in user memory, libs' sockaddr encoding; length in argument len, or at the pointer lenptr */
  | { op: 'sockaddr'; n: number; len?: number; lenptr?: number }
  /** the socket's tuple, libs' socktuple encoding: of the fd in argument n, or of the returned fd (n = -1). peer: argument
   * with a user address (sendto, recvfrom; with msg, of the msghdr) to use as the other end when not connected */
  | { op: 'tuple'; n: number; peer?: number; msg?: boolean; dir?: 'in' | 'out' }
  /** poll's array at argument n with count argument cnt, libs' fdlist encoding (fd i64, events i16 as the kernel's bits) */
  | { op: 'fdlist'; n: number; cnt: number }
  /** vm_size, vm_rss, vm_swap in KiB: three consecutive u32 parameters name the same op, which: 0, 1, 2 */
  | { op: 'vm'; which: 0 | 1 | 2 }
  /** device and inode of the fd returned (n = -1) or in argument n or at argument n's first i32 (pipe) */
  | { op: 'dev'; n: number }
  | { op: 'ino'; n: number; deref?: boolean }
  | BytesSource
  /** what the pointers at argument n point to, `each` bytes of it, as many as argument `count` says; `size` bytes at most */
  | { op: 'each'; n: number; count: number; each: number; size: number }
  /** what was kept at enter of select's arguments: its three sets and its timeout */
  | { op: 'kept'; which: 0 | 1 | 2 | 3 }
  /** the sixteen bytes that were at argument n when the call began: a struct timespec that the call overwrites */
  | { op: 'begun'; n: number }
  /** what the case of argument n in the table says */
  | { op: 'case'; n: number; table: CaseTable }
  /** written by the special filler of the event (native/bpf/special_*.h), which is given the number of the table, if there is one;
   * in an event without a filler the parameter is absent */
  | { op: 'special'; table?: CaseTable }

/**
 * What a text is. path: of a file, though libs has it as plain text. directory: a path that becomes the working directory or the root, or
 * is it. program: the path of the file that is run. stack: names of functions. container: libs' JSON of one. own word: one of a few
 * words of ksys, which tells nothing of the machine.
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
  /** which path of a call on two it is; where none says so, the first is the source */
  readonly role?: 'source' | 'target'
  /**
   * The kernel looks at this argument only when parameter `param` is `is`, or has one of the bits `any` (kernel values);
   * otherwise what the caller left there means nothing and prints as 0.
   */
  readonly onlyIf?: { readonly param: number; readonly is?: number; readonly any?: number }
  /** what the bytes of a struct mean, or in a live capture those of a bytebuf; by: the parameter that selects among cases */
  readonly shape?: Shape
  readonly cases?: { readonly table: CaseTable; readonly by: number }
  /** for bytebuf: data of a socket, which of a netlink socket are messages with a form */
  readonly messages?: boolean
  /** for dyn: what bytes or a number mean, in a live capture; nothing more than themselves when undefined */
  readonly shapeOf?: (row: Row) => Shape | undefined
  /**
   * name of a number's value, for a parameter that libs has without; the kernel's values, so of live captures only. Where the
   * name depends on more than the value the function must declare its second argument: other names are kept by value.
   */
  readonly names?: (value: number, row: Row) => string | undefined
  /** the number of a descriptor that the call makes */
  readonly makes?: NewFd
  /** a result that is a descriptor only for these (kernel) values of parameter `param` */
  readonly fdFor?: { readonly param: number; readonly values: readonly number[] }
  /** not in libs: an addition to an event that libs has */
  readonly added?: boolean
  /** few events of its kind have it: evt.args leaves it out where it is absent */
  readonly optional?: boolean
  /** for dyn: the alternatives, libs' order ("type/fmt") */
  readonly dyn?: readonly string[]
  /** for text: what it is, where its type does not tell */
  readonly means?: TextMeaning
  /** the option of privacy that leaves it out, where neither its type (bytebuf) nor its meaning (args, env) tells */
  readonly leftOut?: PrivacyRule
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
  /** waits: the call may sleep (libs' EF_WAITS) */
  readonly waits?: boolean
  /** state: maintains the thread or fd tables; always captured when it succeeded */
  readonly state?: boolean
  /** noReturn: recorded at enter (exit, exit_group) */
  readonly noReturn?: boolean
  /** fd: index of the parameter that is the event's fd (fd.* fields); creates/destroys: what a success does */
  readonly fd?: number
  readonly fdEffect?: 'creates' | 'destroys' | 'uses'
  /** name of the special filler, which then writes the whole row */
  readonly special?: string
}
