// The addon's walk over event blocks, as the rest of the room sees it. It runs on a thread of its own (native/scap/walk.cc)
// and goes by the tables and programs that it is given.
import type { RoleTables } from './roles.js'

/** The walk's own form of a program's key: EXIT (a: code) with n parameters, joined with an enter event of enterN (-1:
 * none); ENTER (a: code) with n; GENERIC (a: number of the call, see tables.ts; n: direction). */
export const KIND = { EXIT: 0, ENTER: 1, GENERIC: 2 } as const
/** What a program's row is, as bits; see Program. */
export const BIT = { STATE: 1, NO_RETURN: 2, ANNOUNCES: 4 } as const

export interface NativeWalk {
  /** The time that all times count from: high and low half of ns since the epoch. */
  start(high: number, low: number): void
  /** A new section: nothing is in flight, no thread's process is known. */
  clear(): void
  /** A thread belongs to a process. */
  process(tid: number, pid: number): void
  /** Gives a program that run() asked for; without steps: there is none. */
  give(
    kind: number,
    a: number,
    n: number,
    enterN: number,
    steps?: Int32Array,
    type?: number,
    form?: number,
    bits?: number,
  ): void
  /**
   * Takes event blocks from [at, end) of `bytes` and adds their rows to the batch (its buffer and capacities, and a form
   * column), which has `rows`. What came of it is in the report. Bytes and batch are not to be touched until the promise
   * settles, and nothing else is to be called.
   */
  run(
    bytes: Uint8Array,
    at: number,
    end: number,
    batch: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    forms: Uint16Array,
    rows: number,
    report: Float64Array,
  ): Promise<void>
}

/** What a walk is made from: the tables by code; three numbers per type of event block: the type, and 1 when the header has
 * a count, and flags before it; ends of libs' and the kernel's numbers of generic calls; enter events are rows of their own. */
export type NativeWalkClass = new (
  ...tables: [...RoleTables, blocks: Uint32Array, generics: number, natives: number, both: boolean]
) => NativeWalk

/** Places in the report; behind HEAD two values for each damaged event: place of its block, and index into WRONG. */
export const REPORT = {
  OUTCOME: 0,
  AT: 1,
  ROWS: 2,
  /** events with unknown codes so far */
  UNKNOWN: 3,
  /** the key of the needed program */
  KIND: 4,
  A: 5,
  N: 6,
  ENTER_N: 7,
  /** number of damaged events */
  WRONG: 8,
  HEAD: 9,
} as const
/** More damaged events are not told. */
const MOST_WRONG = 128
export const REPORT_SIZE = REPORT.HEAD + 2 * MOST_WRONG

export const OUTCOME = {
  /** there is no further whole event block at AT */
  MORE: 0,
  /** the batch is full */
  FULL: 1,
  /** a program must be given first */
  PROGRAM: 2,
} as const

/** What can be wrong with an event. */
export const WRONG = [
  'an event block is too short',
  'an event is shorter than its header',
  'the length of an event is wrong',
  'the parameters of an event do not fit into it',
  'an event is too large',
] as const
