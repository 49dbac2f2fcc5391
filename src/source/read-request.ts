// What a run requests of a capture file before it is opened: its reader resolves the request once the description has been read.
import type { RowBounds } from './row-bounds.js'
import type { CaptureSource } from './source.js'
import type { BlockSummary } from './summary.js'

/** Kinds of files that have nothing to decide by deliver every row, whatever is requested. */
export interface ReadRequest {
  /** enter events as rows of their own, where a kind of file holds them */
  readonly enter?: boolean | undefined
  /** names of containers: a file that can be read twice gives those that come late before its events */
  readonly names?: boolean | undefined
  /** finds which rows are relevant, from the file's description; undefined: all are */
  readonly relevant?: ((file: Described) => Relevant) | undefined
}

/** What is known of a file before its events are read. */
export type Described = Pick<CaptureSource, 'info' | 'tables'>

/** The rows of a file that are relevant to a run. */
export interface Relevant {
  /** of other blocks only the rows are delivered that keep the state true */
  readonly blocks: BlockTest
  /** rows that need not be delivered in relevant blocks either; undefined: each is delivered, and nothing is counted */
  readonly idle?: IdleRows | undefined
  /** whose rows are relevant, beside `idle`; undefined: those of all processes */
  readonly processes?: ProcessesBySummary | ProcessesByText | undefined
}

/** Rows that no sink looks at and that do not change the state. */
export interface IdleRows {
  /** by event code, 1: every row */
  readonly types: Uint8Array
  /** of other types: rows outside of these bounds */
  readonly bounds: Pick<RowBounds, 'minLatency' | 'outcome'>
}

/** true: the block may hold a row that matters; false: it certainly holds none. */
export type BlockTest = (summary: BlockSummary) => boolean

/** A query about processes that summaries tell. Of others only that is wanted on which what is known of these depends. */
export interface ProcessesBySummary {
  /** processes whose rows in a block may pass; undefined: not known */
  passing(summary: BlockSummary): ReadonlySet<number> | undefined
  /** by event code, 1: rows that are wanted whoever's they are, where they keep the state true */
  readonly ofAnyProcess: Uint8Array
}

/** A query about processes that have one of these texts or ports (filter/planners/required-literals.ts): as above, once it is known which those are. */
export interface ProcessesByText extends Pick<ProcessesBySummary, 'ofAnyProcess'> {
  readonly texts: readonly string[]
  /** in addresses */
  readonly ports: readonly number[]
  /** where what is asked is told of containers: takes what is, and gives texts that cgroups of those have that are asked about */
  readonly containers?: { report(json: string): void; texts(): readonly string[] }
  /** what threads are and run counts only, not what descriptors are called */
  readonly threads: boolean
  /** by event code, 0 where nothing that is known or asked hangs on an event's arguments */
  readonly naming: Uint8Array
}
