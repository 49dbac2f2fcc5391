// What a reader holds ready of blocks that were not delivered yet.
import type { Snapshot } from '../model/snapshot.js'
import type { BlockHeader } from './format.js'
import type { Rows } from './rows.js'
import type { SkippedRows } from './skipped-rows.js'

/** What was passed over before a block or the end, and what exists from there on when that had to be told. */
export type Before = { readonly skipped: SkippedRows; readonly resync: Snapshot | undefined }

/** A block of events that was read; rows: once it is decoded, undefined when it is lost. */
export interface Block extends Before {
  readonly header: BlockHeader
  readonly rows: Promise<Rows | undefined>
}

export type Prefetched = Block | (Before & { readonly rows: undefined })

/** The block that a batch is made of. */
export interface BlockOfBatch {
  /** its number */
  readonly seq: number
  /** only the rows that keep the state true were read */
  readonly stateOnly: boolean
}
