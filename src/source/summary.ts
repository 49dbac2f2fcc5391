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
  /** process names (proc.name) of the rows' threads, with the processes that have such a thread, where these are known */
  readonly comms?: ReadonlyMap<string, ReadonlySet<number> | undefined>
  /** thread ids of the rows */
  readonly tids?: ReadonlySet<number>
  /** processes of those threads whose number is not their process's */
  readonly processOf?: ReadonlyMap<number, number> | undefined
  /** rows that keep no state: none of them is hidden */
  readonly restRows?: number
  readonly state?: StateSummary
  /** event numbers of the first and the last row */
  readonly numMin?: number
  readonly numMax?: number
}

/** What the rows that keep the state true are about, hidden ones included. */
export interface StateSummary {
  /** those of them that may be shown */
  readonly shownRows: number
  /** their event codes, a bitmap as in BlockSummary */
  readonly types: Uint8Array
  /** processes that have such rows, or are the ones that another's row is about */
  readonly processes: readonly number[]
  /** pairs, one list for each side: what is known of the first process hangs on the second, its parent or who shares its tables */
  readonly edges: readonly [readonly number[], readonly number[]]
  /** processes of which a thread ended */
  readonly ended: readonly number[]
  /** processes that took over children */
  readonly reapers: readonly number[]
}

/** Processes that have rows which may be shown; undefined when that is not known. */
export function processesOf({ tids, processOf }: BlockSummary): Set<number> | undefined {
  if (tids === undefined || processOf === undefined) return undefined
  const processes = new Set(processOf.values())
  for (const tid of tids) if (!processOf.has(tid)) processes.add(tid)
  return processes
}

/** Whether a row of that event code is present. */
export function hasType(summary: Pick<BlockSummary, 'types'>, code: number): boolean {
  return (((summary.types[code >> 3] as number) >> (code & 7)) & 1) === 1
}

/** Whether calls in flight are told. */
export function hasInFlight(summary: BlockSummary): boolean {
  return hasType(summary, CODE.ks_inflight)
}

/** Adds the event types of a summary to a bitmap of the same shape. */
export function addTypes(bitmap: Uint8Array, summary: BlockSummary): void {
  for (let i = 0; i < TYPE_BITMAP_BYTES; i++) bitmap[i]! |= summary.types[i] as number
}
