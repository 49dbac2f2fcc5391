// What the UI and its worker say to each other. Everything is plain data that structured cloning takes.
import type { Redaction } from '../../redact/redaction.js'
import type { RunRules } from '../../run/context.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import type { LiveErrorCode } from '../../source/live-error.js'
import type { Stacks } from '../../source/plan.js'
import type { Inside } from '../../table/index.js'
import type { Cell, Column, Unit } from '../../table/types.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'

/** Why a live capture could not begin, beside the sentence: see LiveError. */
export interface Refusal {
  readonly code: LiveErrorCode
  readonly detail: string
}

/** Which container runtimes are asked for names, live. */
export interface Runtimes {
  /** whether any is */
  readonly enabled: boolean
  /** sockets and addresses besides those in the usual places */
  readonly cri: readonly string[]
  readonly docker: readonly string[]
}

/** What the worker is started with. */
export interface WorkerStart {
  /** the file to read; undefined for this machine */
  readonly file: string | undefined
  /** ms between two snapshots of a live capture */
  readonly refresh: number
  readonly runtimes: Runtimes
  /** bytes of the kernel's buffers together */
  readonly buffer: number | undefined
  /** how much of what happens on this machine is kept, to look back at; undefined: nothing */
  readonly keep?: MemoryBounds | undefined
  /** bytes of the data of each call that are kept from the start; undefined: none, until buffers are armed */
  readonly snaplen?: number | undefined
  /** what live captures may cost; undefined: there are no ceilings */
  readonly ceilings?: Ceilings | undefined
  /** which stacks a page about them records; undefined: those of programs */
  readonly stacks?: Stacks | undefined
  /** what is kept out of the capture */
  readonly redaction?: Redaction | undefined
  /** what events are asked; undefined: there are no rules */
  readonly rules?: RunRules | undefined
  /** the process that is not captured */
  readonly selfPid: number
  /** no file is written: neither settings nor what a person names */
  readonly printsOnly?: boolean
  /** of ksys, for traces that are written */
  readonly version: string
}

export interface Sort {
  /** place among the columns that the answer has */
  readonly column: number
  readonly ascending: boolean
}

/** How data that programs moved are shown: with line ends, what of it can be printed, in hexadecimal, or not. */
export type DataStyle = 'text' | 'printable' | 'hex' | 'masked'

/** One query: a view over what passes a filter. Answers carry its number. */
export interface ViewQuery {
  readonly kind: 'ask'
  readonly number: number
  readonly view: string
  /** '' for everything */
  readonly filter: string
  readonly data: DataStyle
  /** which columns there are, and by what keys */
  readonly inside: Inside
  /** the view's own order when absent */
  readonly sort: Sort | undefined
  /** processes that lived for a moment are rows of their own too: the query is about them */
  readonly apart: boolean
  /** the row that stays among the answer's rows whatever its rank */
  readonly pinned: string | undefined
  /** live: ms since the epoch of the moment that it is about, as far as that is kept; undefined: now */
  readonly at: number | undefined
}

export type Request =
  | ViewQuery
  | { readonly kind: 'sort'; readonly number: number; readonly sort: Sort }
  /** the row of that id stays among those that are sent whatever its rank, or none does */
  | { readonly kind: 'pin'; readonly id: string | undefined }
  /** all about the event of a row, with its data shown so */
  | { readonly kind: 'detail'; readonly number: number; readonly id: string; readonly data: DataStyle }
  /** the person holds still what was sent last, or goes on */
  | { readonly kind: 'hold'; readonly held: boolean }
  /** keep data of all calls too, or no more */
  | { readonly kind: 'arm'; readonly armed: boolean }
  /** ms between two snapshots from now on, live */
  | { readonly kind: 'refresh'; readonly ms: number }
  /** write the events that pass a filter ('': all) to a file, as its name says: of a file, live of what is kept */
  | { readonly kind: 'write'; readonly path: string; readonly filter: string; readonly replace: boolean }
  /** forget what a list has gathered */
  | { readonly kind: 'clear' }
  /** stop writing a file, else reading; what was read or written stays */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'close' }

export interface ColumnInfo {
  readonly title: string
  readonly field: string
  readonly unit: Unit
  /** cells; 0 for the rest of the line */
  readonly width: number
  /** no wider than what is in it */
  readonly fits: boolean
  /** what the rows are known by */
  readonly names: boolean
  /** shown only where there are containers, or pods */
  readonly only: Column['only']
  /** those with more of it are left out first where not all fit */
  readonly yields: number
  readonly right: boolean
  readonly doc: string
}

export interface RowData {
  readonly id: string
  /** of the view's key fields */
  readonly keys: readonly Cell[]
  /** shown columns, then the view's hidden fields, then what stands for absent values */
  readonly cells: readonly Cell[]
  /** it stands for so many processes or threads that lived for a moment, of which the fields of collapseBy are these */
  readonly crowd?: { readonly by: readonly Cell[]; readonly count: number }
  /** it has lived for a moment so far: if it ends now, a crowd has it */
  readonly young?: true
  /** id of the row that it descends from */
  readonly parent?: string
  /** of a row that others descend from: the cells for all of them together */
  readonly subtree?: readonly Cell[]
}

/** Rows of a table or list as they are now. */
export interface Rows {
  readonly kind: 'rows'
  readonly number: number
  readonly columns: readonly ColumnInfo[]
  readonly rows: readonly RowData[]
  /** rows there are; more than `rows` when they were too many to send */
  readonly total: number
  readonly sort: Sort | undefined
  /** ns that the rows cover */
  readonly span: number
  /** 0..1 while a file is being read; undefined when it has been, and live */
  readonly progress: number | undefined
  /** when they were taken: ms since the epoch */
  readonly time: number
  /** the person stopped the reading */
  readonly cancelled: boolean
  /** live, of a page that shows data: since when there are any, in words */
  readonly data?: string | undefined
}

/** What the header shows. Rates are a second, over the time since the last meter (live) or of the whole file. */
export interface Meter {
  readonly kind: 'meter'
  readonly calls: number
  readonly errors: number
  readonly netIn: number
  readonly netOut: number
  readonly diskIn: number
  readonly diskOut: number
  /** events lost since the start */
  readonly lost: number
  /** events left out for ceilings since the start */
  readonly leftOut: number
  /** live: ns up to now that can be looked back at; undefined where nothing is kept */
  readonly kept: number | undefined
  /** with the data of calls */
  readonly armed: boolean
  /** when it was made: ms since the epoch */
  readonly time: number
  /** events so far, and ns of capture time they cover */
  readonly events: number
  readonly span: number
  /** calls per `step` ns, oldest first */
  readonly timeline: readonly number[]
  readonly step: number
  /** when the first of them begins: ms since the epoch */
  readonly begins: number
  /** what happened besides calls, by the place of its bar, each kind once a bar */
  readonly marks: readonly TimeMark[]
}

/** What stands out on the timeline. */
export type MarkKind = 'loss' | 'ceiling' | 'alert' | 'trigger' | 'container'

export interface TimeMark {
  /** place in the timeline */
  readonly bar: number
  readonly kind: MarkKind
}

/** All about one event. */
export interface Detail {
  readonly kind: 'detail'
  readonly id: string
  readonly title: string
  readonly sections: readonly {
    readonly title: string
    readonly fields: readonly (readonly [name: string, value: string])[]
  }[]
  /** what was read or written; where it is masked, how many bytes */
  readonly data: Uint8Array | number | undefined
}

export interface SourceInfo {
  readonly kind: 'source'
  readonly live: boolean
  readonly label: string
  readonly host: string
  /** the data of calls are kept out of it */
  readonly noData?: boolean
  /** what was found to run in it so far */
  readonly inside: Inside
}

/** How a file that is being written stands; undefined behind its end, which a note tells. */
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
  /** the query cannot be answered; the text may have several lines and a caret */
  | { readonly kind: 'refused'; readonly number: number; readonly text: string }
  /** something to know: damage of the input, or what could not be done */
  | { readonly kind: 'note'; readonly text: string; readonly damage?: true }
  /** the capture cannot go on */
  | { readonly kind: 'failed'; readonly text: string; readonly exitCode: number; readonly refusal?: Refusal }
