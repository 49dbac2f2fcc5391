// The summary of a trace block, by which a reader can skip blocks that are not relevant.
import { CODE } from '../schema/codes.js'

/** Bytes of a bitmap with one bit per event code. */
export const TYPE_BITMAP_BYTES = 320

/**
 * Summary of one block. It covers the rows that may be shown (not hidden ones); undefined members are unknown, not empty. Names and
 * tids are those of the rows' own threads.
 */
export interface BlockSummary {
  /** ns since the capture's start, of the first and the last exit in the block (inclusive) */
  readonly timeMin: number
  readonly timeMax: number
  /** bit (code & 7) of byte (code >> 3) is set when a row of that event code is present; TYPE_BITMAP_BYTES long */
  readonly types: Uint8Array
  /** process names (proc.name) of the rows' threads, with the processes that have such a thread, where known */
  readonly comms?: ReadonlyMap<string, ReadonlySet<number> | undefined>
  /** thread ids of the rows */
  readonly tids?: ReadonlySet<number>
  /** process of each thread whose tid differs from its pid */
  readonly processOf?: ReadonlyMap<number, number> | undefined
  /** rows that do not affect the state: none of them is hidden */
  readonly restRows?: number
  readonly state?: StateSummary
  /** event numbers of the first and the last row */
  readonly numMin?: number
  readonly numMax?: number
}

/** Summary of the rows that keep the state correct, including hidden ones. */
export interface StateSummary {
  /** number of them that may be shown */
  readonly shownRows: number
  /** their event codes, a bitmap as in BlockSummary */
  readonly types: Uint8Array
  /** processes that have such rows, or that another process's row refers to */
  readonly processes: readonly number[]
  /** pairs, one list for each side: the state of the first process depends on the second, its parent or one that shares its tables */
  readonly edges: readonly [readonly number[], readonly number[]]
  /** processes of which a thread ended */
  readonly ended: readonly number[]
  /** processes that adopted orphaned children */
  readonly reapers: readonly number[]
}

/** Processes with rows that may be shown; undefined if unknown. */
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

/** Whether the block contains calls in flight. */
export function hasInFlight(summary: BlockSummary): boolean {
  return hasType(summary, CODE.ks_inflight)
}

/** Adds the event types of a summary to a bitmap of the same shape. */
export function addTypes(bitmap: Uint8Array, summary: BlockSummary): void {
  for (let i = 0; i < TYPE_BITMAP_BYTES; i++) bitmap[i]! |= summary.types[i] as number
}
