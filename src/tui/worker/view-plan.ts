// The plan of a checked query, and the builder that turns events into the rows sent to the UI.
import type { FieldContext } from '../../fields/field.js'
import type { CheckedFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { RunRules } from '../../run/context.js'
import type { State } from '../../state/state.js'
import type { ColumnInfo, RowData, Sort } from './messages.js'

/** A checked query: what its result is built from. */
export interface ViewPlan {
  readonly columns: readonly ColumnInfo[]
  /** the filter that relevant events pass */
  readonly filter: CheckedFilter | undefined
  /** the rules evaluated by rule fields; undefined: none */
  readonly rules?: RunRules | undefined
  /** fields read from events, as field expressions */
  readonly fields: readonly string[]
  /** only passing events matter, not how the state changes over time */
  readonly passingOnly: boolean
  /** live: the result starts from zero at each refresh */
  readonly restarts: boolean
  /** live: the result also contains rows of the past */
  readonly joinsPast: boolean
  /** maximum number of rows sent; the others are only counted */
  readonly most: number
  /** the requested order, or the view's own */
  readonly sort: Sort | undefined
  /** whether rows come from calls in flight: from them only, or from events too; undefined: from events */
  readonly inFlight: 'only' | 'too' | undefined
  /** bytes of data to capture of each call; 0: the capture of all calls, without data, is enough */
  readonly buffers: number
  /** rows are built from the data of calls: without captured data there are none */
  readonly needsData: boolean
  /** live: how rows of several segments become the rows of one result; absent: they are concatenated */
  readonly segments?: SegmentJoin
  /** Creates the builder. live: for a running capture, of which the newest rows matter. */
  start(ctx: FieldContext, live: boolean): ResultBuilder
}

export interface SegmentJoin {
  /** how far back rows are shown, in ns */
  readonly reach: number
  join(rows: readonly RowData[]): RowData[]
}

/** The rows that are sent, and the total number of rows. */
export interface RowSlice {
  readonly rows: RowData[]
  readonly total: number
}

export interface ResultBuilder {
  sort: Sort | undefined
  add(e: Event): void
  /** Takes the state at which the result starts. */
  prime(state: State, time: number): void
  /** Takes the state at batch time `time` (ns), which includes threads without events. */
  sample(state: State, time: number): void
  /** After each batch: takes what the state would drop before the next sample. */
  keepUp?(state: State, time: number): void
  /** The rows: at most `most`, plus the pinned one. `span`: ns that they cover. */
  take(span: number, most: number, pinned: string | undefined): RowSlice
  /** The rows taken last, in the present order. */
  reread(most: number, pinned: string | undefined): RowSlice
  /** Discards all rows. */
  clear(): void
  /** While held, the rows taken last stay on the screen: details of their events must remain available. */
  hold?(held: boolean): void
  /** Removes a row. */
  drop?(id: string): void
  /** The event of a row, on a copy of its data; undefined if it is not retained. */
  event?(id: string): Event | undefined
}
