// Kinds of arguments: how one of a call is recorded and shown, for the declarations of calls/ and events/.
import * as b from './build.js'
import { caseName, filled, given, type Meaning, selected } from './cases.js'
import { nameIn } from './constants/own.js'
import { list, type Shape } from './shape.js'
import type {
  BytesSource,
  CaseTable,
  FlagTable,
  ParamDef,
  ParamType,
  PrintFormat,
  PrivacyOption,
  TextMeaning,
} from './types.js'

/** Makes the parameter for argument n; `at` finds the place of another argument of the call by name. */
export type Kind = (name: string, n: number, at: (argument: string) => number) => ParamDef

/** How many elements there are, by names of arguments. */
export interface Count {
  readonly count?: string | 'ret'
  readonly within?: string
  readonly each?: number
  readonly countAt?: boolean
  readonly countBits?: boolean
  readonly size?: number
  readonly off?: number
  readonly via?: boolean
}

function counted(c: Count, at: (argument: string) => number): Partial<BytesSource> {
  const { count, within, ...rest } = c
  return {
    ...rest,
    ...(count !== undefined && { count: count === 'ret' ? ('ret' as const) : at(count) }),
    ...(within !== undefined && { within: at(within) }),
  }
}

/** A number. */
export const is =
  (type: ParamType, fmt: PrintFormat = 'dec'): Kind =>
  (name, n) =>
    b.arg(name, type, n, fmt)

export const int = is('int32')
export const hex = is('uint64', 'hex')
export const octal = is('uint32', 'oct')
export const signal = is('sigtype')
export const pid = is('pid')
export const fd: Kind = (name, n) => b.fd(name, n)

/** Bits with names. */
export const flags =
  (table: FlagTable): Kind =>
  (name, n) =>
    b.flags(name, n, table)

/** One of several named values. */
export const oneOf =
  (table: FlagTable): Kind =>
  (name, n) =>
    b.choice(name, n, table)

/** A number whose values have names. */
export const named =
  (names: (value: number) => string | undefined, type: ParamType = 'int32', fmt: PrintFormat = 'dec'): Kind =>
  (name, n) =>
    b.arg(name, type, n, fmt, { names })

/** The same where some values are below 0. */
export const signedOneOf = (table: FlagTable): Kind => named(nameIn(table))

/** What the caller put into memory. */
export const input =
  (shape: Shape, count: Count = {}): Kind =>
  (name, n, at) =>
    b.struct(name, given(shape, n, counted(count, at)))

/** What the call put into memory. */
export const output =
  (shape: Shape, count: Count = {}): Kind =>
  (name, n, at) =>
    b.struct(name, filled(shape, n, counted(count, at)))

/** What the call puts into memory when it fails: the rest of a sleep. */
export const rest =
  (shape: Shape): Kind =>
  (name, n) =>
    b.struct(name, given(shape, n, { on: 'fail' }))

/** What was kept of select's arguments when it began: a set of descriptors, or (3) the timeout. */
export const kept =
  (which: 0 | 1 | 2 | 3, shape: Shape): Kind =>
  (name) =>
    b.param(name, 'struct', { op: 'kept', which }, 'na', { shape })

/** A time that the call overwrites, as it was when the call began. */
export const begun =
  (shape: Shape): Kind =>
  (name, n) =>
    b.param(name, 'struct', { op: 'begun', n }, 'na', { shape })

/** What an array of pointers leads to, as many as argument `count` says. */
export const each =
  (shape: Shape, count: string): Kind =>
  (name, n, at) =>
    b.param(name, 'struct', { op: 'each', n, count: at(count), each: shape.size, size: 1024 }, 'na', {
      shape: list(shape),
    })

/** A text that is more than its kind tells. */
export const meaning =
  (means: TextMeaning, kind: Kind): Kind =>
  (name, n, at) =>
    b.means(means, kind(name, n, at))

/** This kind, which an option of privacy leaves out. */
export const leftOut =
  (by: PrivacyOption, kind: Kind): Kind =>
  (name, n, at) =>
    b.leftOut(by, kind(name, n, at))

/** Text to its NUL. */
export const text: Kind = (name, n) => b.str(name, n)
export const path: Kind = (name, n) => b.path(name, n)
/** A path from the directory in argument `dir`. */
export const pathAt =
  (dir: string): Kind =>
  (name, n, at) =>
    b.relPath(name, n, at(dir) + 1)

const ALL = 0xffff

/** A buffer that the caller filled, its length in argument `length`. */
export const dataIn =
  (length: string, off = 0): Kind =>
  (name, n, at) =>
    b.param(name, 'bytebuf', { op: 'bytes', n, size: ALL, count: at(length), data: true, off })

/** A buffer that the call filled, by its result and not beyond what argument `room` says. */
export const dataOut =
  (room: string, off = 0): Kind =>
  (name, n, at) =>
    b.param(name, 'bytebuf', { op: 'bytes', n, size: ALL, count: 'ret', within: at(room), on: 'ok', data: true, off })

/** Text without a NUL: as long as argument `length` says, or as the result says. */
export const textIn =
  (length: string): Kind =>
  (name, n, at) =>
    b.param(name, 'charbuf', { op: 'bytes', n, size: 1024, count: at(length) })
export const textOut =
  (room: string): Kind =>
  (name, n, at) =>
    b.param(name, 'charbuf', { op: 'bytes', n, size: 4096, count: 'ret', within: at(room), on: 'ok' })

/** An argument that selects among the cases of a table. */
export const selector = (table: CaseTable, type: ParamType = 'uint32', fmt: PrintFormat = 'dec'): Kind =>
  named((value) => caseName(table, value), type, fmt)

/** What argument `by` makes of this one; where it selects nothing that is declared, nothing. */
export const selects =
  (table: CaseTable, by: string): Kind =>
  (name, _, at) =>
    b.cases(name, table, at(by), at(by) + 1)

/** This kind for another argument than the one of that name: something more that a call tells. */
export const of =
  (argument: string, kind: Kind): Kind =>
  (name, _, at) =>
    kind(name, at(argument), at)

export type { Meaning }
export { selected }
