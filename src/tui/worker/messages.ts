// Messages between the UI and its worker: plain data that structured cloning can copy.
import type { Redaction } from '../../redact/redaction.js'
import type { RunRules } from '../../run/context.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import type { LiveErrorCode } from '../../source/live-error.js'
import type { Stacks } from '../../source/plan.js'
import type { Inside } from '../../table/index.js'
import type { Cell, Column, Unit } from '../../table/types.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import type { Missing } from './missing.js'

/** Why a live capture could not start, in addition to the message: see LiveError. */
export interface Refusal {
  readonly code: LiveErrorCode
  readonly detail: string
}

/** Container runtimes to query for names, live. */
export interface Runtimes {
  /** whether any is queried */
  readonly enabled: boolean
  /** sockets and addresses in addition to the default ones */
  readonly cri: readonly string[]
  readonly docker: readonly string[]
}

/** Parameters of the worker. */
export interface WorkerStart {
  /** the file to read; undefined for this machine */
  readonly file: string | undefined
  /** ms between two snapshots of a live capture */
  readonly refresh: number
  readonly runtimes: Runtimes
  /** total size of the kernel's buffers in bytes */
  readonly buffer: number | undefined
  /** bounds of the capture window in memory; undefined: nothing is retained */
  readonly keep?: MemoryBounds | undefined
  /** bytes of data retained of each call from the start; undefined: none, until buffers are armed */
  readonly snaplen?: number | undefined
  /** ceilings of live captures; undefined: none */
  readonly ceilings?: Ceilings | undefined
  /** stacks that a page of stacks records; undefined: user stacks */
  readonly stacks?: Stacks | undefined
  /** data to omit from the capture */
  readonly redaction?: Redaction | undefined
  /** rules to evaluate; undefined: none */
  readonly rules?: RunRules | undefined
  /** the process to exclude from the capture */
  readonly selfPid: number
  /** no files are written: neither settings nor files that the user names */
  readonly printsOnly?: boolean
  /** version of ksys, for traces */
  readonly version: string
}

export interface Sort {
  /** index among the columns of the result */
  readonly column: number
  readonly ascending: boolean
}

/** How data of I/O calls are shown: text with line breaks, only printable characters, hexadecimal, or not at all. */
export type DataStyle = 'text' | 'printable' | 'hex' | 'masked'

/** A query: a view over the events that pass a filter. Results carry its number. */
export interface ViewQuery {
  readonly kind: 'query'
  readonly number: number
  readonly view: string
  /** '' for everything */
  readonly filter: string
  readonly data: DataStyle
  /** which optional columns exist, and which keys */
  readonly inside: Inside
  /** absent: the view's own order */
  readonly sort: Sort | undefined
  /** short-lived processes are rows of their own instead of groups: the query shows such a group */
  readonly apart: boolean
  /** id of the row that is sent whatever its rank */
  readonly pinned: string | undefined
  /** live: the time to show in ms since the epoch, as far as it is retained; undefined: now */
  readonly at: number | undefined
}

export type Request =
  | ViewQuery
  | { readonly kind: 'sort'; readonly number: number; readonly sort: Sort }
  /** the row of that id is sent whatever its rank; undefined: none is */
  | { readonly kind: 'pin'; readonly id: string | undefined }
  /** details of a row's event, with its data in that style */
  | { readonly kind: 'detail'; readonly number: number; readonly id: string; readonly data: DataStyle }
  /** the user paused the page, or resumed it */
  | { readonly kind: 'hold'; readonly held: boolean }
  /** start or stop retaining data of all calls */
  | { readonly kind: 'arm'; readonly armed: boolean }
  /** ms between two snapshots from now on, live */
  | { readonly kind: 'refresh'; readonly ms: number }
  /**
   * write the events that pass a filter ('': all) to a file in the format of its name: from the file shown, or live
   * from memory
   */
  | { readonly kind: 'write'; readonly path: string; readonly filter: string; readonly replace: boolean }
  /** discard the rows of a list */
  | { readonly kind: 'clear' }
  /** stop writing a file, otherwise stop reading; what was written or read stays */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'close' }

export interface ColumnInfo {
  readonly title: string
  readonly field: string
  readonly unit: Unit
  /** cells; 0: the rest of the line */
  readonly width: number
  /** no wider than its content */
  readonly fits: boolean
  /** it names the rows */
  readonly names: boolean
  /** shown only if there are containers, or pods */
  readonly only: Column['only']
  /** columns with higher values are hidden first if not all fit */
  readonly yields: number
  readonly right: boolean
  readonly doc: string
}

export interface RowData {
  readonly id: string
  /** values of the view's key fields */
  readonly keys: readonly Cell[]
  /** shown columns, then the view's hidden fields, then the fields shown instead of absent values */
  readonly cells: readonly Cell[]
  /** it represents `count` short-lived processes or threads, whose collapseBy fields have these values */
  readonly group?: { readonly by: readonly Cell[]; readonly count: number }
  /** short-lived so far: if it ends now, it becomes part of a group */
  readonly young?: true
  /** id of its parent row */
  readonly parent?: string
  /** for a row with descendants: cells aggregated over all of them */
  readonly subtree?: readonly Cell[]
}

/** The present rows of a table or list. */
export interface Rows {
  readonly kind: 'rows'
  readonly number: number
  readonly columns: readonly ColumnInfo[]
  readonly rows: readonly RowData[]
  /** total number of rows; more than `rows` if not all were sent */
  readonly total: number
  readonly sort: Sort | undefined
  /** ns that the rows cover */
  readonly span: number
  /** 0..1 while a file is being read; otherwise undefined */
  readonly progress: number | undefined
  /** time of the rows: ms since the epoch */
  readonly time: number
  /** the user stopped reading */
  readonly cancelled: boolean
  /** live, for a page that shows data: status of the data */
  readonly data?: string | undefined
}

/** What the header shows. Rates are per second, over the time since the last meter (live) or the whole file. */
export interface Meter extends Missing {
  readonly kind: 'meter'
  readonly calls: number
  readonly errors: number
  readonly netIn: number
  readonly netOut: number
  readonly diskIn: number
  readonly diskOut: number
  /** live: length of the retained past in ns; undefined if nothing is retained */
  readonly retained: number | undefined
  /** data of calls are retained too */
  readonly armed: boolean
  /** time of the numbers: ms since the epoch */
  readonly time: number
  /** events so far, and ns of capture time they cover */
  readonly events: number
  readonly span: number
  /** calls per `step` ns, oldest first */
  readonly timeline: readonly number[]
  readonly step: number
  /** start of the first one: ms since the epoch */
  readonly begins: number
  /** events to mark, by the index of their bar, each kind once a bar */
  readonly marks: readonly TimeMark[]
}

/** Marked events of the timeline. */
export type MarkKind = 'loss' | 'ceiling' | 'alert' | 'trigger' | 'oom' | 'container'

export interface TimeMark {
  /** index in the timeline */
  readonly bar: number
  readonly kind: MarkKind
}

/** Details of one event. */
export interface Detail {
  readonly kind: 'detail'
  readonly id: string
  readonly title: string
  readonly sections: readonly {
    readonly title: string
    readonly fields: readonly (readonly [name: string, value: string])[]
  }[]
  /** data read or written; if masked, their number of bytes */
  readonly data: Uint8Array | number | undefined
}

export interface SourceInfo {
  readonly kind: 'source'
  readonly live: boolean
  readonly label: string
  readonly host: string
  /** data of calls are not captured */
  readonly noData?: boolean
  /** whether containers and pods were found so far */
  readonly inside: Inside
}

/** Progress of a file that is being written; undefined once it is finished, which a note reports. */
export interface Written {
  readonly kind: 'written'
  readonly progress: { readonly path: string /** 0..1 */; readonly part: number } | undefined
}

export type Report =
  | Written
  | SourceInfo
  | Rows
  | Meter
  | Detail
  /** the query is invalid; the message may have several lines and a caret */
  | { readonly kind: 'refused'; readonly number: number; readonly text: string }
  /** a message: damage of the input, or a failed operation */
  | { readonly kind: 'note'; readonly text: string; readonly damage?: true }
  /** the capture cannot continue */
  | { readonly kind: 'failed'; readonly text: string; readonly exitCode: number; readonly refusal?: Refusal }
