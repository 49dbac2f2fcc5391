// What a block of a trace says about its rows, so that a reader can skip what cannot matter.
import { CODE } from '../schema/codes.js'

/** Bytes of a bitmap with one bit per event code. */
export const TYPE_BITMAP_BYTES = 320

/**
 * Summary of one block. It speaks of the rows that may be shown (not of hidden ones); what it leaves undefined is
 * unknown, not empty. Names and tids are those of the rows' own threads.
 */
export interface BlockSummary {
  /** ns since the capture's start, of the first and the last exit in the block (inclusive) */
  readonly timeMin: number
  readonly timeMax: number
  /** bit (code & 7) of byte (code >> 3) is set when a row of that event code is present; TYPE_BITMAP_BYTES long */
  readonly types: Uint8Array
  /** process names (proc.name) of the rows' threads */
  readonly comms?: ReadonlySet<string>
  /** thread ids of the rows */
  readonly tids?: ReadonlySet<number>
  /** event numbers of the first and the last row */
  readonly numMin?: number
  readonly numMax?: number
}

/** true: the block may hold a row that matters; false: it certainly holds none. */
export type Prune = (summary: BlockSummary) => boolean

/** Whether a row of that event code is present. */
export function hasType(summary: BlockSummary, code: number): boolean {
  return (((summary.types[code >> 3] as number) >> (code & 7)) & 1) === 1
}

/** Whether calls in flight are told. */
export function tellsInFlight(summary: BlockSummary): boolean {
  return hasType(summary, CODE.ks_inflight)
}

/** Adds the event types of a summary to a bitmap of the same shape. */
export function addTypes(bitmap: Uint8Array, summary: BlockSummary): void {
  for (let i = 0; i < TYPE_BITMAP_BYTES; i++) bitmap[i]! |= summary.types[i] as number
}
