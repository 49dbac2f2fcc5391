// Declaration of a table: its keys and columns. Used by chisels and by views of the terminal UI.
import type { FieldValue } from '../fields/field.js'

/**
 * How the values of many events are aggregated. rate: sum per second of the span; pN: percentile, accurate to 3 %; histogram: a
 * list of counts by power of two, from 2^0 to the last one that has a count.
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
 * How a cell is printed. age: ns that are still counting. timepct: ns per second as a percentage. mark: a sign if true. bars: a
 * histogram of ns (cell.ts).
 */
export type Unit = 'bytes' | 'time' | 'age' | 'percent' | 'timepct' | 'count' | 'mark' | 'bars' | 'text'

export interface Column {
  /** a field as in filters, with its argument: `evt.buflen.net.in`, `evt.arg.res` */
  readonly field: string
  readonly title: string
  /** over the events of one row; undefined: the latest value */
  readonly agg?: Aggregation
  /** over the rows of one group, with groupBy; undefined: derived from agg */
  readonly groupAgg?: Aggregation
  /** over a process and all its descendants; undefined: the same as groupAgg */
  readonly treeAgg?: Aggregation
  /** default: derived from the field's type */
  readonly unit?: Unit
  /** width in cells, the maximum with `fits`; 0 or undefined for the last column: the remaining width */
  readonly width?: number
  /** no wider than its content */
  readonly fits?: true
  /** identifies rows: always shown, even on a narrow terminal. Default: the last column */
  readonly names?: true
  /** on a narrow terminal, columns with a higher value are dropped first; those with equal values from the right. Default: 0 */
  readonly yields?: number
  readonly doc?: string
  /** shown only with containers, with pods, or ('default') without containers */
  readonly only?: 'containers' | 'pods' | 'default'
}

export interface TableDef {
  /** fields by whose values events are grouped into rows; an event with an absent key is skipped */
  readonly keys: readonly string[]
  /** the keys if containers are shown: equal names in different containers are different objects */
  readonly containerKeys?: readonly string[]
  /** second grouping (for example keys: thread.tid, groupBy: proc.pid): rows with equal values are merged */
  readonly groupBy?: readonly string[]
  readonly columns: readonly Column[]
  readonly filter?: string | undefined
  /** with `threads`: selects the threads that are rows and whose events count; it may only use fields of threads */
  readonly threadFilter?: string | undefined
  /** column: index in `columns`. Default: the first column, descending */
  readonly sort?: { readonly column: number; readonly ascending?: boolean }
  /** rows shown; default: all */
  readonly top?: number
  /**
   * At each sample, every thread of the state is a row too, so that idle processes are listed and CPU and memory are current.
   * Columns of the thread (not evt.*, fd.*) then take their values at samples; those without agg, and min and max, also at a
   * row's first event.
   */
  readonly threads?: boolean
  /** with `threads`, keyed by process: all ancestors of passing processes are rows too, with their values at that time */
  readonly ancestors?: boolean
  /** only values above 0 are added, and an empty string is no key (as in sysdig's table chisels) */
  readonly positive?: boolean
}

/** A value in a table. */
export type Cell = FieldValue | undefined

export interface TableRow {
  /** identifies its key values, stable over time */
  readonly id: string
  /** values of the keys, or of groupBy if declared */
  readonly keys: readonly Cell[]
  /** values of the shown columns, in their order */
  readonly cells: readonly Cell[]
}
