// What a run needs of a capture file, specified before it is opened: the reader resolves the request once it has read the file's header.
import type { RowBounds } from './row-bounds.js'
import type { CaptureSource } from './source.js'
import type { BlockSummary } from './summary.js'

/** Kinds of files without an index deliver every row, whatever is requested. */
export interface ReadRequest {
  /** deliver enter events as separate rows, if the kind of file has them */
  readonly enter?: boolean | undefined
  /** container names are used: a file that can be read twice then provides those that were resolved late before its events */
  readonly names?: boolean | undefined
  /** decides which rows are relevant, given the file's header; undefined: all are */
  readonly relevant?: ((file: Described) => Relevant) | undefined
}

/** What is known about a file before its events are read. */
export type Described = Pick<CaptureSource, 'info' | 'tables'>

/** The rows of a file that are relevant to a run. */
export interface Relevant {
  /** relevant blocks; of other blocks only the rows that keep the state correct are delivered */
  readonly blocks: BlockTest
  /** rows to skip in relevant blocks; undefined: each row is delivered, and nothing is counted */
  readonly idle?: IdleRows | undefined
  /** processes whose rows are relevant, apart from `idle`; undefined: all processes */
  readonly processes?: ProcessesBySummary | ProcessesByText | undefined
}

/** Rows that no sink uses and that do not change the state. */
export interface IdleRows {
  /** by event code; 1: every row */
  readonly types: Uint8Array
  /** for other types: rows outside these bounds */
  readonly bounds: Pick<RowBounds, 'minLatency' | 'outcome'>
}

/** true: the block may contain a relevant row; false: it certainly does not. */
export type BlockTest = (summary: BlockSummary) => boolean

/** A query about processes that can be found from block summaries. Rows of others are read only if the state of these processes depends on them. */
export interface ProcessesBySummary {
  /** processes whose rows in a block may pass; undefined: unknown */
  passing(summary: BlockSummary): ReadonlySet<number> | undefined
  /** by event code; 1: rows that keep the state correct and are needed of all processes */
  readonly ofAnyProcess: Uint8Array
}

/** A query about processes that have one of these texts or ports (filter/planners/required-literals.ts): as above, once these processes are known. */
export interface ProcessesByText extends Pick<ProcessesBySummary, 'ofAnyProcess'> {
  readonly texts: readonly string[]
  /** ports of addresses */
  readonly ports: readonly number[]
  /** if the query depends on containers: `report` receives metadata of a container, `texts` returns texts in cgroup paths of matching containers */
  readonly containers?: { report(json: string): void; texts(): readonly string[] }
  /** only the state of threads is used, not names of descriptors */
  readonly threads: boolean
  /** by event code; 0: the query does not depend on the event's arguments */
  readonly naming: Uint8Array
}
