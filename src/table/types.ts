// How a table is declared: what makes a row, and its columns. Chisels and views of the terminal UI share it.
import type { FieldValue } from '../fields/field.js'

/**
 * How the values of many events become one. rate: sum per second of the span; pN: percentile, right to 3 %; histogram: a list of how
 * many there are from each power of two up to the next, from 2^0 to the last that has any.
 */
export type Aggregation =
  | 'sum'
  | 'avg'
  | 'rate'
  | 'min'
  | 'max'
  | 'last'
  | 'count'
  | 'distinct'
  | 'p50'
  | 'p90'
  | 'p99'
  | 'histogram'

/**
 * How a cell prints. age: ns that go on. timepct: ns per second as a percentage. mark: a sign where it is true. bars: a histogram of ns
 * (bars.ts).
 */
export type Unit = 'bytes' | 'time' | 'age' | 'percent' | 'timepct' | 'count' | 'mark' | 'bars' | 'text'

export interface Column {
  /** a field as in filters, with its argument: `evt.buflen.net.in`, `evt.arg.res` */
  readonly field: string
  readonly title: string
  /** over the events of one row; without it: the newest value */
  readonly agg?: Aggregation
  /** over the rows of one group, with groupBy; without it: the same as agg where that makes sense, else the newest */
  readonly groupAgg?: Aggregation
  /** over a process and all that descend from it; without it: the same as groupAgg */
  readonly treeAgg?: Aggregation
  /** default: what the field's type suggests */
  readonly unit?: Unit
  /** cells, with `fits` at most; 0 or absent on the last column: the rest */
  readonly width?: number
  /** no wider than what is in it */
  readonly fits?: true
  /** what the rows are known by: stays on a narrow terminal. Default: the last column */
  readonly names?: true
  /** on a narrow terminal columns with more of it are left out before those with less, equal ones from the right. Default: 0 */
  readonly yields?: number
  readonly doc?: string
  /** shown only with, or only without, containers; only where there are pods */
  readonly only?: 'containers' | 'pods' | 'default'
}

export interface TableDef {
  /** fields whose values make a row; an event with an absent key is skipped */
  readonly keys: readonly string[]
  /** the keys where containers are shown: what is called the same in two of them is not the same */
  readonly containerKeys?: readonly string[]
  /** second grouping (keys: thread.tid, groupBy: proc.pid): rows with equal values are shown as one */
  readonly groupBy?: readonly string[]
  readonly columns: readonly Column[]
  readonly filter?: string | undefined
  /** with `threads`: which threads are rows, and whose events count: a filter that asks for threads only */
  readonly threadFilter?: string | undefined
  /** column: place in `columns`. Default: the first column, descending */
  readonly sort?: { readonly column: number; readonly ascending?: boolean }
  /** rows shown; default: all */
  readonly top?: number
  /**
   * Once per sample every thread of the state is a row too, so idle processes are rows and thread.cpu and memory are
   * current. Columns of the thread (not evt.*, fd.*) then take their values at samples, those without agg, and largest and smallest values, also at a row's first event.
   */
  readonly threads?: boolean
  /** with `threads`, keyed by process: all ancestors of what passes the filter are rows too, as they are then */
  readonly ancestors?: boolean
  /** only values above 0 are added, and an empty text is no key (the table chisels of old) */
  readonly positive?: boolean
}

/** A value in a table. */
export type Cell = FieldValue | undefined

export interface TableRow {
  /** identity of its key values, stable over time */
  readonly id: string
  /** values of keys, or of groupBy where there is one */
  readonly keys: readonly Cell[]
  /** values of the shown columns, in their order */
  readonly cells: readonly Cell[]
}
