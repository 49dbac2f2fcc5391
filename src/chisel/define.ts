// Declaration of a chisel: description, arguments, fields, and a table or hooks.
import type { FieldText } from '../fields/typed.js'
import type { Event } from '../model/event.js'
import type { TableDef } from '../table/types.js'
import type { ChiselContext } from './context.js'
import type { FieldsDef, Values } from './values.js'

/** Headings of -cl. */
export type Category =
  | 'Application'
  | 'CPU Usage'
  | 'Errors'
  | 'I/O'
  | 'Logs'
  | 'Misc'
  | 'Net'
  | 'Performance'
  | 'Security'
  | 'System State'

/** int: a whole number; field: the text of a field; filter: a filter expression, blanks included. */
export type ArgType = 'string' | 'int' | 'field' | 'filter'

export interface ArgDef {
  readonly type: ArgType
  readonly doc: string
  /** may be omitted; its value is then the default, or undefined without one */
  readonly optional?: boolean
  readonly default?: string | number
  readonly choices?: readonly string[]
  /** minimum of an int */
  readonly least?: number
}

/** Arguments by name, in the order in which they are given. */
export type ArgDefs = Readonly<Record<string, ArgDef>>

type ArgValue<D extends ArgDef> = D['type'] extends 'int'
  ? number
  : D['type'] extends 'field'
    ? FieldText
    : D['choices'] extends readonly (infer C)[]
      ? C
      : string

/** Values of the arguments after parsing. */
export type ArgsOf<A extends ArgDefs> = string extends keyof A
  ? Readonly<Record<string, string | number | undefined>>
  : { readonly [K in keyof A]: ArgValue<A[K]> | Missing<A[K]> }

type Missing<D extends ArgDef> = D extends { readonly optional: true }
  ? D extends { readonly default: string | number }
    ? never
    : undefined
  : never

/** What a chisel without a table does. All hooks are optional. */
export interface Hooks<F extends FieldsDef> {
  /** before the first event; the state has the processes that already run */
  start?(): void
  /**
   * Called once: live as soon as the state is known, with a file at the first event that passes the filter. A chisel without
   * other hooks ends after it.
   */
  snapshot?(): void
  /** an event that passes the chisel's filter and the user's; e is valid during the call */
  event?(v: Values<F>, e: Event): void
  /** after each interval of capture time; time: batch time (ns since the capture's start) of its end */
  interval?(time: number): void
  /** after the last event; time: its batch time (ns) */
  end?(time: number): void
}

/** What else the capture must record. Buffers and latency follow from the fields. */
export interface Needs {
  /** bytes of each I/O buffer, unless the user requests more; default 80 */
  readonly snaplen?: number
  /** buffers as their printable text (-A), unless the user chooses another format */
  readonly printedText?: boolean
  /** enter events of calls */
  readonly enter?: boolean
  /** the scheduler's switches */
  readonly switches?: boolean
  /** a file (-r): the chisel does not work on live captures */
  readonly file?: boolean
  /** a filter of the user: the chisel shows the events that pass it */
  readonly filter?: boolean
  /** container metadata from runtimes; implied by container fields */
  readonly containers?: boolean
}

/** Input of declarations that depend on the arguments. */
export interface ChiselInput<A extends ArgDefs> {
  readonly args: ArgsOf<A>
  /** show container columns (-pc) */
  readonly containers: boolean
}

export interface ChiselDef<A extends ArgDefs = ArgDefs, F extends FieldsDef = FieldsDef> {
  /** one sentence */
  readonly description: string
  readonly category: Category
  /** further text for -i: meaning of the output, examples */
  readonly details?: string
  readonly args?: A
  readonly fields?: F | ((input: ChiselInput<A>) => F)
  /** the events that it needs */
  readonly filter?: string | ((input: ChiselInput<A>) => string)
  readonly needs?: Needs
  /** the file that save() writes events to (only when reading files); undefined: none */
  readonly saves?: (input: ChiselInput<A>) => string | undefined
  /** a table chisel: groups of events with aggregated columns */
  readonly table?: TableDef | ((input: ChiselInput<A>) => TableDef)
  /** all output is by refresh(): live, it occupies the terminal as a table does */
  readonly refreshes?: boolean
  /** any other chisel: called once with its context; the function's variables hold the chisel's state */
  readonly hooks?: (c: ChiselContext<ArgsOf<A>, F>) => Hooks<F>
  /** ms between two calls of hooks.interval; default 1000 */
  readonly every?: number | ((input: ChiselInput<A>) => number)
}

/** A chisel with any arguments and fields. */
export type Chisel = ChiselDef<ArgDefs, FieldsDef>

/** Declares a chisel: checks its field names and types the values that its hooks receive. */
export function defineChisel<
  const A extends ArgDefs = Record<never, never>,
  const F extends FieldsDef = Record<never, never>,
>(def: ChiselDef<A, F>): Chisel {
  return def as unknown as Chisel
}
