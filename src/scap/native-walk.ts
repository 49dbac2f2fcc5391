// Types of the addon's walk over event blocks. It runs on a thread of its own (native/scap/walk.cc) and uses the tables
// and programs that it is given.
import type { RoleTables } from './roles.js'

/**
 * Kinds of program keys. EXIT (a: code): n parameters, joined with an enter event of enterN (-1: none). ENTER (a: code): n
 * parameters. GENERIC (a: number of the call, see tables.ts): n is the direction.
 */
export const KIND = { EXIT: 0, ENTER: 1, GENERIC: 2 } as const
/** Properties of a program's row, as bits; see Program. */
export const BIT = { STATE: 1, NO_RETURN: 2, ANNOUNCES: 4 } as const

export interface NativeWalk {
  /** Sets the time that all times count from: high and low half of ns since the epoch. */
  start(high: number, low: number): void
  /** Starts a new section: no calls are in flight, and the processes of threads are unknown. */
  clear(): void
  /** Sets the process of a thread. */
  process(tid: number, pid: number): void
  /** Provides a program that run() requested; without steps, there is none. */
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
   * Reads event blocks from [at, end) of `bytes` and appends their rows to the batch (its buffer and capacities, and a form
   * column), which has `rows` rows. The outcome is in the report. Do not touch bytes and batch, and call nothing else, until
   * the promise settles.
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

/**
 * Constructor arguments: the tables by code; three numbers for each type of event block: the type, 1 if the header has a count,
 * and 1 if flags precede it; the ends of libs' and the kernel's numbers of generic calls; whether enter events are separate rows.
 */
export type NativeWalkClass = new (
  ...tables: [...RoleTables, blocks: Uint32Array, generics: number, natives: number, both: boolean]
) => NativeWalk

/**
 * Indexes in the report. From HEAD on, two values for each damaged event: position of its block, and index into WRONG.
 */
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
/** Limit of damaged events in a report. */
const MAX_WRONG = 128
export const REPORT_SIZE = REPORT.HEAD + 2 * MAX_WRONG

export const OUTCOME = {
  /** there is no further complete event block at AT */
  MORE: 0,
  /** the batch is full */
  FULL: 1,
  /** a program must be provided first */
  PROGRAM: 2,
} as const

/** Kinds of damage to an event. */
export const WRONG = [
  'an event block is too short',
  'an event is shorter than its header',
  'the length of an event is wrong',
  'the parameters of an event do not fit into it',
  'an event is too large',
] as const
