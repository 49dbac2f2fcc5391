// What the addon does for writing .scap files, typed: the only file of this folder that knows it.
import { whyNotLoaded } from '../../source/addon-file.js'
import { readingAddon } from '../../source/reading-addon.js'
import { WriteError } from '../../source/reason.js'

/** What becomes of rows with a code: they are written, nobody wants them, or there is no event that could hold them. */
export const FATE = { WRITTEN: 1, SILENT: 2, LEFT_OUT: 3 } as const
/**
 * What else is to be known of a code, as bits: lengths of parameters take four bytes; it is libs' own and not shown anyway; libs
 * keeps its tables by it, and takes it for granted that numbers are there; the thread is no more.
 */
export const BIT = { WIDE: 1, INTERNAL: 2, COMPLETE: 4, ENDS: 8 } as const

/** What add() stopped at: nothing, a code (or form) that giveRow() has to tell of, or a table's value for giveValue(). */
export const ASKED = { NOTHING: 0, ROW: 1, VALUE: 2 } as const
/** Numbers of a report: what is asked, of which code or table, low and high half of the value. */
export const REPORT_SIZE = 4

/** What a row becomes. Without `enter` the event has no beginning of its own. own, enter: programs, see program.ts. */
export type Written = readonly [
  fate: number,
  fixed: number,
  vars: number,
  bits: number,
  ownType: number,
  own: Int32Array,
  enterType?: number,
  enter?: Int32Array,
]

/** Rows into event blocks, in the order of their times or of the rows (native/scap/write.h). */
export interface ScapEvents {
  giveRow(id: number, ...written: Written): void
  giveValue(table: number, low: number, high: number, portable: number): void
  /**
   * Of rows of that form these parameters (bits) were recorded; what else is in them was told by other events.
   * own: they become other events than rows of that code do otherwise, and are asked for as CODE_LIMIT + form.
   */
  giveForm(form: number, params: number, own: boolean): void
  /** Adds rows, or scouts them before any is added; returns the row to go on with once what is asked was given. */
  add(
    batch: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    from: number,
    to: number,
    keep: Uint8Array | undefined,
    forms: Uint16Array | undefined,
    scout: boolean,
    asked: Float64Array,
    argEnd: Uint32Array | undefined,
  ): number
  /** Adds a block with an event of that batch time. */
  insert(time: number, block: Uint8Array): void
  /** All rows were scouted. */
  begin(): void
  /** No row tells it, but it is that batch time now. */
  passed(now: number): void
  /**
   * Writes blocks that nothing can come before any more, or all, into a buffer that is larger than any of them. Returns their
   * bytes; their complement (~) where the next one has no room there.
   */
  take(into: Uint8Array, all: boolean): number
  /** Everything was taken; what follows is another section. */
  renew(): void
  /** rows that there is no event for; bytes of arguments that did not fit */
  readonly leftOut: number
  readonly cut: number
}

/** Makes one for a capture that began at `start`, ns since the epoch. Throws WriteError that says why the addon does not load. */
export function scapEvents(path: string, start: bigint, byTime: boolean): ScapEvents {
  let Events: new (high: number, low: number, byTime: boolean) => ScapEvents
  try {
    Events = readingAddon<{ ScapEvents: typeof Events }>().ScapEvents
  } catch (e) {
    throw new WriteError(`${path} cannot be written: that takes ksys's native addon, ${whyNotLoaded(e)}`, e)
  }
  return new Events(Number(start >> 32n), Number(start & 0xffffffffn), byTime)
}
