// What of a capture file a query needs: made from its filter before the file is opened, resolved by the reader at the opening.
import type { BlockSummary } from './summary.js'

export interface ReadPlan {
  readonly blocks: BlockTest
  /** of which processes rows matter, where only events that pass are looked at; undefined: of all */
  readonly processes?: ProcessesBySummary | ProcessesByText | undefined
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
  readonly containers?: { tell(json: string): void; texts(): readonly string[] }
  /** what threads are and run counts only, not what descriptors are called */
  readonly threads: boolean
  /** by event code, 0 where nothing that is known or asked hangs on an event's arguments */
  readonly naming: Uint8Array
}
