// Types of the addon's functions for writing .scap files. No other file in this folder uses the addon.
import { whyNotLoaded } from '../../source/addon-file.js'
import { readingAddon } from '../../source/reading-addon.js'
import { WriteError } from '../../source/reason.js'

/** Outcome for rows with a code: they are written, not needed, or there is no event for them. */
export const OUTCOME = { WRITTEN: 1, SILENT: 2, OMITTED: 3 } as const
/**
 * Other properties of a code, as bits: lengths of parameters have four bytes; libs' internal event, which is not shown; libs
 * maintains its tables by it and requires all numbers; the thread exits.
 */
export const BIT = { WIDE: 1, INTERNAL: 2, COMPLETE: 4, ENDS: 8 } as const

/**
 * What add() needs before it can continue: nothing, a code or form for giveRow(), or a table's value for giveValue().
 */
export const NEEDS = { NOTHING: 0, ROW: 1, VALUE: 2 } as const
/** Numbers in a report: what is needed, the code or table, low and high half of the value. */
export const REPORT_SIZE = 4

/** How rows are written. Without `enter` the event has no enter event. own, enter: programs, see program.ts. */
export type RowProgram = readonly [
  outcome: number,
  fixed: number,
  vars: number,
  bits: number,
  ownType: number,
  own: Int32Array,
  enterType?: number,
  enter?: Int32Array,
]

/** Converts rows to event blocks, in the order of their times or of the rows (native/scap/write.h). */
export interface ScapEvents {
  giveRow(id: number, ...program: RowProgram): void
  giveValue(table: number, low: number, high: number, portable: number): void
  /**
   * Sets which parameters (bits) of rows of that form were recorded; the others come from other events of the call.
   * own: such rows become another event than rows of their code usually do; their program is requested as CODE_LIMIT + form.
   */
  giveForm(form: number, params: number, own: boolean): void
  /**
   * Adds rows, or scouts them before any is added. Returns the row to continue with after the needed data was given.
   */
  add(
    batch: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    from: number,
    to: number,
    keep: Uint8Array | undefined,
    forms: Uint16Array | undefined,
    scout: boolean,
    needs: Float64Array,
    argEnd: Uint32Array | undefined,
  ): number
  /** Adds a block with an event at that batch time. */
  insert(time: number, block: Uint8Array): void
  /** Ends scouting. */
  begin(): void
  /** Sets the current batch time if no row does. */
  passed(now: number): void
  /**
   * Writes blocks that no other can precede, or all blocks, to a buffer that is larger than any of them. Returns their number of
   * bytes; its complement (~) if the next block does not fit.
   */
  take(into: Uint8Array, all: boolean): number
  /** Starts a new section after everything was taken. */
  renew(): void
  /** number of rows without an event; bytes of arguments that were cut */
  readonly leftOut: number
  readonly cut: number
}

/**
 * For a capture that started at `start`, ns since the epoch. Throws WriteError with the reason if the addon cannot be
 * loaded.
 */
export function scapEvents(path: string, start: bigint, byTime: boolean): ScapEvents {
  let Events: new (high: number, low: number, byTime: boolean) => ScapEvents
  try {
    Events = readingAddon<{ ScapEvents: typeof Events }>().ScapEvents
  } catch (e) {
    throw new WriteError(`${path} cannot be written: that requires ksys's native addon, ${whyNotLoaded(e)}`, e)
  }
  return new Events(Number(start >> 32n), Number(start & 0xffffffffn), byTime)
}
