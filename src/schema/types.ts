// The types of event declarations: what a parameter is, and how it is stored in a row. sources.ts: where the kernel side reads it.
import type { EventFacts, NewFd } from './facts.js'
import type { FlagTable } from './flag-table.js'
import type { Shape } from './shape.js'
import type { CaseTable, Source } from './sources.js'

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
