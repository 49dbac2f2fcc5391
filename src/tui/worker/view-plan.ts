// An answer that is being gathered: from a query, through events, to the rows that the UI is sent.
import type { FieldContext } from '../../fields/field.js'
import type { CheckedFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { RunRules } from '../../run/context.js'
import type { State } from '../../state/state.js'
import type { ColumnInfo, RowData, Sort } from './messages.js'

/** A query that was checked: what its answer is made with. */
export interface ViewPlan {
  readonly columns: readonly ColumnInfo[]
  /** what an event must pass to matter */
  readonly filter: CheckedFilter | undefined
  /** what events are asked by fields of rules; undefined: there are none */
  readonly rules?: RunRules | undefined
  /** fields that are read of an event, as text that finds them */
  readonly fields: readonly string[]
  /** nothing is looked at but events that pass: not the state as time passes */
  readonly passingOnly: boolean
  /** live: the answer begins anew with each refresh */
  readonly restarts: boolean
  /** live: rows of what was before are rows of it too */
  readonly joinsPast: boolean
  /** rows that are sent at most; the others are counted */
  readonly most: number
  /** the order that was asked for, or the view's own */
  readonly sort: Sort | undefined
  /** it is made of the calls in flight, alone or besides events; undefined: of events */
  readonly inFlight: 'only' | 'too' | undefined
  /** bytes of data that are captured of each call; 0: a capture of all calls without data serves */
  readonly buffers: number
  /** rows are made of data: without any captured there are none */
  readonly needsData: boolean
  /** live, rows of several parts of what is kept made one answer's; absent: they stand one behind the other */
  readonly segments?: SegmentJoin
  /** live: of a capture that goes on, of which the newest rows count */
  start(ctx: FieldContext, live: boolean): ResultBuilder
}

export interface SegmentJoin {
  /** ns back to which rows are shown */
  readonly reach: number
  join(rows: readonly RowData[]): RowData[]
}

/** Rows at one moment, and how many there are of which these are some. */
export interface RowSlice {
  readonly rows: RowData[]
  readonly total: number
}

export interface ResultBuilder {
  sort: Sort | undefined
  add(e: Event): void
  /** What is known of the state before the answer begins. */
  prime(state: State, time: number): void
  /** Takes the state as it is at that time (ns) for threads that did nothing. */
  sample(state: State, time: number): void
  /** After each batch: takes what the state will not remember until the next sample. */
  keepUp?(state: State, time: number): void
  /** The rows, at most `most` and the pinned one. `span`: ns that they cover. */
  take(span: number, most: number, pinned: string | undefined): RowSlice
  /** Another order of the rows that were taken last. */
  reread(most: number, pinned: string | undefined): RowSlice
  /** Forgets everything. */
  clear(): void
  /** What was taken last stays on the screen until the person goes on. */
  hold?(held: boolean): void
  /** Takes a row back. */
  drop?(id: string): void
  /** The event of a row, standing on a copy of it; undefined when it is not kept. */
  event?(id: string): Event | undefined
}
