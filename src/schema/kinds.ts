// Kinds of arguments: how an argument of a call is recorded and shown, for the declarations of calls/ and events/.
import * as b from './build.js'
import { caseName, inputAt, outputAt } from './cases.js'
import { nameIn } from './names.js'
import { list, type Shape } from './shape.js'
import type { BytesSource, CaseTable } from './sources.js'
import type { FlagTable, ParamDef, ParamType, PrintFormat, PrivacyOption, TextMeaning } from './types.js'

/** Creates the parameter for argument n; `at` returns the index of another argument of the call by name. */
export type Kind = (name: string, n: number, at: (argument: string) => number) => ParamDef

/**
 * By call, by argument: how it is recorded and shown. Arguments that are not listed are numbers or addresses, according to
 * their C type (events/generic.ts). A name that is not in the call's prototype is an additional parameter.
 */
export type Calls = Readonly<Record<string, Readonly<Record<string, Kind>>>>

/** The number of elements, by names of arguments. */
interface Count {
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

/** The same, if some values are below 0. */
export const signedOneOf = (table: FlagTable): Kind => named(nameIn(table))

/** Memory that the caller filled. */
export const input =
  (shape: Shape, count: Count = {}): Kind =>
  (name, n, at) =>
    b.struct(name, inputAt(shape, n, counted(count, at)))

/** Memory that the call filled. */
export const output =
  (shape: Shape, count: Count = {}): Kind =>
  (name, n, at) =>
    b.struct(name, outputAt(shape, n, counted(count, at)))

/** Memory that the call fills if it fails: the remaining time of a sleep. */
export const rest =
  (shape: Shape): Kind =>
  (name, n) =>
    b.struct(name, inputAt(shape, n, { on: 'fail' }))

/** An argument of select that was saved at enter: a set of descriptors, or (3) the timeout. */
export const savedAtEnter =
  (which: 0 | 1 | 2 | 3, shape: Shape): Kind =>
  (name) =>
    b.param(name, 'struct', { op: 'kept', which }, 'na', { shape })

/** A time that the call overwrites, as it was at enter. */
export const asAtEnter =
  (shape: Shape): Kind =>
  (name, n) =>
    b.param(name, 'struct', { op: 'begun', n }, 'na', { shape })

/** What the pointers in an array point to; argument `count` is their number. */
export const each =
  (shape: Shape, count: string): Kind =>
  (name, n, at) =>
    b.param(name, 'struct', { op: 'each', n, count: at(count), each: shape.size, size: 1024 }, 'na', {
      shape: list(shape),
    })

/** A text with a more specific meaning than its kind. */
export const meaning =
  (means: TextMeaning, kind: Kind): Kind =>
  (name, n, at) =>
    b.means(means, kind(name, n, at))

/** This kind, which a privacy option omits. */
export const omittedBy =
  (by: PrivacyOption, kind: Kind): Kind =>
  (name, n, at) =>
    b.omittedBy(by, kind(name, n, at))

/** Text up to its NUL. */
export const text: Kind = (name, n) => b.str(name, n)
export const path: Kind = (name, n) => b.path(name, n)
/** A path relative to the directory in argument `dir`. */
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

/** A buffer that the call filled: as long as the result, at most argument `capacity`. */
export const dataOut =
  (capacity: string, off = 0): Kind =>
  (name, n, at) =>
    b.param(name, 'bytebuf', {
      op: 'bytes',
      n,
      size: ALL,
      count: 'ret',
      within: at(capacity),
      on: 'ok',
      data: true,
      off,
    })

/** Text without a NUL: as long as argument `length` specifies, or as the result. */
export const textIn =
  (length: string): Kind =>
  (name, n, at) =>
    b.param(name, 'charbuf', { op: 'bytes', n, size: 1024, count: at(length) })
export const textOut =
  (capacity: string): Kind =>
  (name, n, at) =>
    b.param(name, 'charbuf', { op: 'bytes', n, size: 4096, count: 'ret', within: at(capacity), on: 'ok' })

/** An argument that selects among the cases of a table. */
export const selector = (table: CaseTable, type: ParamType = 'uint32', fmt: PrintFormat = 'dec'): Kind =>
  named((value) => caseName(table, value), type, fmt)

/** An argument whose meaning argument `by` selects; without a declared case it has none. */
export const selects =
  (table: CaseTable, by: string): Kind =>
  (name, _, at) =>
    b.cases(name, table, at(by), at(by) + 1)

/** This kind, applied to another argument than the one of that name: an additional parameter of a call. */
export const forArgument =
  (argument: string, kind: Kind): Kind =>
  (name, _, at) =>
    kind(name, at(argument), at)
