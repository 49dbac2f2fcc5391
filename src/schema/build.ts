// Builders for the declarations of events/: one line per parameter, in libs' order.

import { arm64Number } from './arm-numbers.js'
import type { Meaning } from './cases.js'
import { GENERIC } from './codes.js'
import type { CloexecBit, EventFacts, NewFd } from './facts.js'
import { fileFlags } from './flags/open.js'
import { once } from './lazy.js'
import type { CaseTable, Source } from './sources.js'
import type { SyscallRow } from './syscall-row.js'
import { SYSCALL_BY_NAME } from './syscalls.js'
import type {
  Category,
  EventDef,
  FlagTable,
  ParamDef,
  ParamType,
  PrintFormat,
  PrivacyOption,
  PrivacyRule,
  TextMeaning,
  Wire,
} from './types.js'

/** The default storage of a type in a row: as wide as the kernel's raw argument, so that truncation loses nothing. */
const WIRE: Record<ParamType, Wire> = {
  int8: 'i32',
  int16: 'i32',
  int32: 'i32',
  int64: 'i64',
  uint8: 'u32',
  uint16: 'u32',
  uint32: 'u32',
  uint64: 'u64',
  charbuf: 'var',
  bytebuf: 'var',
  errno: 'i32',
  sockaddr: 'var',
  socktuple: 'var',
  fd: 'i32',
  pid: 'i32',
  fdlist: 'var',
  fspath: 'var',
  fsrelpath: 'var',
  syscallid: 'u16',
  sigtype: 'i32',
  reltime: 'u64',
  abstime: 'u64',
  port: 'u16',
  bool: 'u32',
  dyn: 'var',
  flags8: 'u32',
  flags16: 'u32',
  flags32: 'u32',
  enumflags8: 'u32',
  enumflags16: 'u32',
  enumflags32: 'u32',
  uid: 'u32',
  gid: 'u32',
  double: 'u64',
  sigset: 'u32',
  charbufarray: 'var',
  mode: 'u32',
  ipv4addr: 'u32',
  ipv6addr: 'var',
  fd32: 'i32',
  pid32: 'i32',
  struct: 'var',
}

const TEXT_LIKE = new Set<ParamType>([
  'charbuf',
  'bytebuf',
  'sockaddr',
  'socktuple',
  'fspath',
  'fsrelpath',
  'charbufarray',
  'struct',
])

type Extra = Partial<
  Pick<ParamDef, 'flags' | 'dirfd' | 'dyn' | 'wire' | 'onlyIf' | 'names' | 'shape' | 'cases' | 'shapeOf' | 'fdFor'>
>

/** A parameter in general; the print form is decimal unless the type is text. */
export function param(name: string, type: ParamType, from: Source, fmt?: PrintFormat, extra?: Extra): ParamDef {
  return { name, type, fmt: fmt ?? (TEXT_LIKE.has(type) ? 'na' : 'dec'), wire: WIRE[type], from, ...extra }
}

/** The call's result. */
export function ret(name = 'res', type: ParamType = 'errno', fmt: PrintFormat = 'dec', extra?: Extra): ParamDef {
  return { name, type, fmt, wire: 'ret', from: { op: 'ret' }, ...extra }
}

/** A parameter that is the number of a descriptor which the call creates; of two in one call, the event refers to the second. */
export function newFd(p: ParamDef, type: NewFd['type'], more: Omit<NewFd, 'type'> = {}): ParamDef {
  return { ...p, makes: { type, ...more } }
}

/** The close-on-exec bit among the flags in the parameter of that name. */
export function cloexec(param: string, table: FlagTable): CloexecBit {
  const bit = once(() => {
    const found = table.entries.find(([name]) => name.endsWith('CLOEXEC'))
    if (found === undefined) throw new Error(`${table.name} has no bit for close-on-exec`)
    return found
  })
  return { param, portable: () => bit()[1], native: () => bit()[2] ?? bit()[1] }
}

/** Raw argument n. */
export function arg(name: string, type: ParamType, n: number, fmt?: PrintFormat, extra?: Extra): ParamDef {
  return param(name, type, { op: 'arg', n }, fmt, extra)
}

/** Argument n, a descriptor. */
export function fd(name: string, n: number, fmt?: PrintFormat): ParamDef {
  return arg(name, 'fd', n, fmt)
}

/** Argument n, bits with names. */
export function flags(name: string, n: number, table: FlagTable, type: ParamType = 'flags32', fmt?: PrintFormat) {
  return arg(name, type, n, fmt ?? 'hex', { flags: table })
}

/** Flags of an open-like call in argument n (or in memory there), with what the open did. */
export function opened(n: number, deref = false): ParamDef {
  return param('flags', 'flags32', { op: 'opened', n, deref }, 'hex', { flags: fileFlags })
}

/** Argument n, one of several named values. */
export function choice(name: string, n: number, table: FlagTable, type: ParamType = 'enumflags32', fmt?: PrintFormat) {
  return arg(name, type, n, fmt ?? 'dec', { flags: table })
}

/** A path at argument n, relative to the working directory. */
export function path(name: string, n: number, at: 'enter' | 'exit' = 'exit'): ParamDef {
  return param(name, 'fspath', { op: 'str', n, at })
}

/** A path at argument n, relative to the directory descriptor in parameter dirfd. */
export function relPath(name: string, n: number, dirfd: number, at: 'enter' | 'exit' = 'exit'): ParamDef {
  return param(name, 'fsrelpath', { op: 'str', n, at }, 'na', { dirfd })
}

/** A string at argument n that is not resolved as a path. */
export function str(name: string, n: number): ParamDef {
  return param(name, 'charbuf', { op: 'str', n, at: 'exit' })
}

/** A value in user memory at argument n. */
export function deref(name: string, type: ParamType, n: number, off = 0, fmt?: PrintFormat, extra?: Extra): ParamDef {
  return param(name, type, { op: 'deref', n, off }, fmt, extra)
}

/** A value that the call wrote to user memory at argument n; absent if the call failed. */
export function result(name: string, type: ParamType, n: number, off = 0, fmt?: PrintFormat, extra?: Extra): ParamDef {
  return param(name, type, { op: 'deref', n, off, onOk: true }, fmt, extra)
}

/** A `long` in user memory at argument n + off; fromCaller: the caller put it there, else the call did. */
export function long(name: string, type: ParamType, n: number, off: number, fromCaller: boolean): ParamDef {
  return param(name, type, { op: 'deref', n, off, wide: true, ...(!fromCaller && { onOk: true }) })
}

/** Data that the call read into the buffer at argument n. */
export function dataIn(name: string, n: number): ParamDef {
  return param(name, 'bytebuf', { op: 'buf', n, len: 'ret', onOk: true })
}

/** Data that the call was to write: as much as it accepted, or all (length in argument len) if it failed. */
export function dataOut(name: string, n: number, len: number): ParamDef {
  return param(name, 'bytebuf', { op: 'buf', n, len: 'retOrArg', arg: len })
}

/** Written by the event's special filler, or known only to the kernel side. */
export function special(name: string, type: ParamType, fmt?: PrintFormat, extra?: Extra): ParamDef {
  return param(name, type, { op: 'special' }, fmt, extra)
}

/** A structure in user memory, or a structured meaning of a register. */
export function struct(name: string, { from, shape }: Meaning, extra?: Extra): ParamDef {
  return param(name, 'struct', from, 'na', { ...(shape && { shape }), ...extra })
}

/** The source or target path of a call with two paths, if their order does not determine it. */
export function as(role: 'source' | 'target', p: ParamDef): ParamDef {
  return { ...p, role }
}

/** A text with a more specific meaning than its type. */
export function means(means: TextMeaning, p: ParamDef): ParamDef {
  return { ...p, means }
}

/** A parameter that a privacy option omits: always, or if `when` is true. */
export function omittedBy(by: PrivacyOption, p: ParamDef, when?: PrivacyRule['when']): ParamDef {
  return { ...p, omittedBy: { by, ...(when && { when }) } }
}

/** An argument whose meaning depends on argument `by`, parameter `selector`. */
export function cases(name: string, table: CaseTable, by: number, selector: number, extra?: Extra): ParamDef {
  return param(name, 'struct', { op: 'case', n: by, table }, 'na', { cases: { table, by: selector }, ...extra })
}

/** A parameter that libs' event does not have; it follows those of libs. */
export function added(p: ParamDef): ParamDef {
  return { ...p, added: true }
}

/** A parameter that few events of its type have; it is never the first. */
export function optional(p: ParamDef): ParamDef {
  return { ...p, optional: true }
}

/** The process's memory in KiB when the call ends. */
export const vmParams: readonly ParamDef[] = [
  param('vm_size', 'uint32', { op: 'vm', which: 0 }),
  param('vm_rss', 'uint32', { op: 'vm', which: 1 }),
  param('vm_swap', 'uint32', { op: 'vm', which: 2 }),
]

/** Device and inode of the descriptor that the call returned. */
export const devIno: readonly ParamDef[] = [
  param('dev', 'uint32', { op: 'dev', n: -1 }, 'hex'),
  param('ino', 'uint64', { op: 'ino', n: -1 }),
]

interface CallOptions extends Omit<EventFacts, 'makes'> {
  /** name of the system call, if the event has another name */
  readonly syscall?: string
  /** index of the descriptor parameter, by what a success does to it; for a descriptor that the call creates, its parameter declares it */
  readonly destroys?: number
  readonly uses?: number
  readonly state?: boolean
  readonly waits?: boolean
  readonly noReturn?: boolean
  readonly special?: string
}

function numbersOf(row: SyscallRow): NonNullable<EventDef['nr']> {
  const [x64, arm64] = [row[1], arm64Number(row)]
  return { ...(x64 >= 0 && { x64 }), ...(arm64 >= 0 && { arm64 }) }
}

/** A system call's event: code is libs' newest exit code. */
export function call(
  code: number,
  name: string,
  category: Category,
  params: readonly ParamDef[],
  o: CallOptions = {},
): EventDef {
  const { syscall, destroys, uses, state, waits, noReturn, special, ...facts } = o
  const row = SYSCALL_BY_NAME.get(syscall ?? name)
  const newFdAt = params.findLastIndex((p) => p.makes !== undefined)
  const { transfer } = facts
  const target = transfer && params.findIndex((p) => p.name === transfer.to)
  const fd = newFdAt >= 0 ? newFdAt : (destroys ?? uses ?? target)
  const fdEffect = newFdAt >= 0 ? 'creates' : destroys !== undefined ? 'destroys' : 'uses'
  const makes = params[newFdAt]?.makes
  return {
    code,
    name,
    category,
    params,
    ...(row && { nr: numbersOf(row) }),
    ...(fd !== undefined && { fd, fdEffect }),
    ...((state || makes !== undefined || destroys !== undefined) && { state: true }),
    ...(waits && { waits: true }),
    ...(noReturn && { noReturn: true }),
    ...(special && { special }),
    ...(makes && { makes }),
    ...facts,
  }
}

/** The event of a call that libs does not have: its code is derived from its number. */
export function ownCall(name: string, params: readonly ParamDef[], o: CallOptions = {}): EventDef {
  const row = SYSCALL_BY_NAME.get(name)
  if (row === undefined) throw new Error(`no system call is named ${name}`)
  const number = row[1] >= 0 ? row[1] : row[2]
  return call(GENERIC + 2 * number + 1, name, 'other', params, o)
}

/** An event that is not a system call; its parameters are supplied by its producer. */
export function meta(
  code: number,
  name: string,
  category: Category,
  params: readonly ParamDef[],
  state = false,
  facts: EventFacts = {},
): EventDef {
  return { code, name, category, params, ...(state && { state: true }), ...facts }
}
