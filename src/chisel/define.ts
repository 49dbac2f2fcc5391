// How a chisel is declared: what it is for, its arguments, the fields it reads, and a table or hooks.
import type { FieldText } from '../fields/typed.js'
import type { Event } from '../model/event.js'
import type { TableDef } from '../table/types.js'
import type { ChiselContext } from './context.js'
import type { FieldsDef, Values } from './fields.js'

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
  /** may be left out; then it is the default, or undefined without one */
  readonly optional?: boolean
  readonly default?: string | number
  readonly choices?: readonly string[]
  /** the least that an int may be */
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

/** What the arguments are once they were read. */
export type ArgsOf<A extends ArgDefs> = string extends keyof A
  ? Readonly<Record<string, string | number | undefined>>
  : { readonly [K in keyof A]: ArgValue<A[K]> | Missing<A[K]> }

type Missing<D extends ArgDef> = D extends { readonly optional: true }
  ? D extends { readonly default: string | number }
    ? never
    : undefined
  : never

/** What a chisel does that is no table. All of them are optional. */
export interface Hooks<F extends FieldsDef> {
  /** before the first event; the state knows what already runs */
  start?(): void
  /**
   * Once: live as soon as the state is known, in a file at the first event that passes the filter. A chisel that has no
   * other hook ends with it.
   */
  snapshot?(): void
  /** an event that passes the chisel's filter and the user's; e is valid during the call */
  event?(v: Values<F>, e: Event): void
  /** each interval of the capture's time; time: batch time (ns since the capture's start) that has been reached */
  interval?(time: number): void
  /** after the last event; time: its batch time (ns) */
  end?(time: number): void
}

/** What else the capture must bring. Buffers and latency follow from the fields. */
export interface Needs {
  /** bytes of each I/O buffer, where the user did not ask for more; default 80 */
  readonly snaplen?: number
  /** buffers as the text in them (-A), where the user did not choose another way */
  readonly printedText?: boolean
  /** events of the beginning of calls */
  readonly enter?: boolean
  /** the scheduler's switches */
  readonly switches?: boolean
  /** files that are read (-r): it works on nothing that is live */
  readonly file?: boolean
  /** a filter of the user's: it is about the events that pass it */
  readonly filter?: boolean
  /** what runtimes tell of containers; fields of containers need no word */
  readonly containers?: boolean
}

/** What declarations that depend on the arguments are made from. */
export interface Given<A extends ArgDefs> {
  readonly args: ArgsOf<A>
  /** container columns are wanted (-pc) */
  readonly containers: boolean
}

export interface ChiselDef<A extends ArgDefs = ArgDefs, F extends FieldsDef = FieldsDef> {
  /** one sentence */
  readonly description: string
  readonly category: Category
  /** more for -i: what the output means, examples */
  readonly details?: string
  readonly args?: A
  readonly fields?: F | ((given: Given<A>) => F)
  /** which events matter */
  readonly filter?: string | ((given: Given<A>) => string)
  readonly needs?: Needs
  /** the file that it has events written to (save()), which can be of files only; undefined: none */
  readonly saves?: (given: Given<A>) => string | undefined
  /** a table chisel: groups of events with aggregated columns */
  readonly table?: TableDef | ((given: Given<A>) => TableDef)
  /** it shows itself with refresh() alone: live, a terminal is its screen, as it is a table's */
  readonly refreshes?: boolean
  /** any other chisel: called once with what it may use; what it remembers lives in the function's variables */
  readonly hooks?: (c: ChiselContext<ArgsOf<A>, F>) => Hooks<F>
  /** ms between two calls of hooks.interval; default 1000 */
  readonly every?: number | ((given: Given<A>) => number)
}

/** A chisel as the runner sees it. */
export type Chisel = ChiselDef<ArgDefs, FieldsDef>

/** Declares a chisel: checks its field names and types what its hooks receive. */
export function defineChisel<
  const A extends ArgDefs = Record<never, never>,
  const F extends FieldsDef = Record<never, never>,
>(def: ChiselDef<A, F>): Chisel {
  return def as unknown as Chisel
}
