// Types of the native block codec. No other file of this module uses the addon.

import type { BatchNs } from '../model/time.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { LAYOUTS } from '../schema/events/index.js'
import { whyNotLoaded } from '../source/addon-file.js'
import { readingAddon } from '../source/reading-addon.js'
import { TraceError } from './error.js'

/**
 * Outcome of writing a block: errno 0 and an empty `what` mean that it was written completely. After a failure all
 * later writes fail with it.
 */
export interface Appended {
  /** its start in the file, and its length in bytes */
  readonly offset: number
  readonly bytes: number
  /** its header and summary; empty for bytes that are not a block */
  readonly head: Buffer
  readonly errno: number
  /** why it could not be built */
  readonly what: string
}

/** What a block of one payload contains. Pieces are compressed as they are added: a large payload never exists as a whole. */
export interface Payload {
  add(piece: Buffer): void
}

/** A trace under construction: native threads compress and write the blocks in the order of the calls. */
export interface TraceFile {
  /** Copies rows [from, to) of a batch's buffer. Returns the row at which the block was full, or `to`. */
  append(
    buffer: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    from: number,
    to: number,
    keep: Uint8Array | undefined,
    native: boolean,
    /** index into the batch's forms by row */
    forms: Uint16Array | undefined,
    argEnd: Uint32Array | undefined,
  ): number
  /** Writes the rows as a block and starts an empty one. names: see block-summary.ts, undefined if unknown. */
  finish(seq: number, names: Buffer | undefined): Promise<Appended>
  /** Writes a block of one payload, which must not be used again. */
  payload(kind: number, seq: number, payload: Payload, num: number, time: number): Promise<Appended>
  /** Writes bytes unchanged. */
  raw(bytes: Buffer): Promise<Appended>
  readonly rows: number
  /** bytes written so far, including those of blocks in progress */
  readonly written: number
  readonly full: boolean
}

/**
 * Rows that need not be decoded (see IdleRows). The skipped rows are added to the counts. The addon reads these names.
 */
export interface SkipRequest {
  readonly types: Uint8Array
  readonly minLatency: Float64Array
  readonly outcome: Uint8Array
  readonly counts: Uint32Array
  /** ids in ascending order: only rows of these processes are needed, and those in ofAnyProcess */
  readonly processes?: Int32Array | undefined
  /**
   * by event code, rows that are needed whatever their process: 1 those of the state section, 2 others; used with
   * processes
   */
  readonly ofAnyProcess?: Uint8Array | undefined
}

/** The addon's functions for blocks. Do not touch buffers and batches passed to a promise until it settles. */
interface Codec {
  /**
   * fd: stays open until everything is written; regular: it is a file, so an incomplete block can be removed from it;
   * threads: number of threads that compress
   */
  TraceFile: new (
    fd: number,
    regular: boolean,
    threads: number,
  ) => TraceFile
  Payload: new () => Payload
  decodeEvents(
    block: Buffer,
    buffer: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    /** EventBatch.argEnd, with the batch's capacity */
    argEnd: Uint32Array,
    stateOnly: boolean,
    fixed: Uint16Array,
    vars: Uint8Array,
    skip: SkipRequest | undefined,
  ): Promise<{ rows: number; skipped: number; omitted: number; lastTime: BatchNs }>
  /**
   * Process id and event code, alternating, of the rows with one of the texts in their arguments. Each pair occurs
   * once.
   */
  scanEvents(
    block: Buffer,
    fixed: Uint16Array,
    vars: Uint8Array,
    texts: readonly Buffer[],
    ports: Uint16Array,
  ): Promise<Int32Array>
  decodePayload(block: Buffer): Promise<Buffer>
  /** The same, synchronously, for small blocks. Throws. */
  decodePayloadNow(block: Buffer): Buffer
  /** The packed threads at `at`, and the offset behind them; undefined if they have to be unpacked as a whole. See packed-threads.ts. */
  indexThreads(bytes: Buffer, at: number): { readonly end: number; readonly rows: Int32Array } | undefined
  crc32c(bytes: Buffer): number
}

let loaded: Codec | undefined

/** The codec. The first call loads the addon. Throws TraceError (ENATIVE) if it is not built or cannot be loaded. */
export function codec(): Codec {
  if (loaded === undefined) {
    try {
      loaded = readingAddon<Codec>()
    } catch (e) {
      throw new TraceError('ENATIVE', '', `ksys traces need ksys's native addon, ${whyNotLoaded(e)}`, e)
    }
  }
  return loaded
}

/** Row layouts by event code, with which the decoder rejects rows whose lengths exceed them. */
export interface BlockLayouts {
  /** bytes of the fixed parameters, 0xffff if there is no such event */
  readonly fixed: Uint16Array
  /** number of variable parameters */
  readonly vars: Uint8Array
}

/** Layouts without any events. */
export function noLayouts(): BlockLayouts {
  return { fixed: new Uint16Array(CODE_LIMIT).fill(0xffff), vars: new Uint8Array(CODE_LIMIT) }
}

let current: BlockLayouts | undefined

/** Layouts of the current schema's events, shared by all decoders. */
export function currentLayouts(): BlockLayouts {
  if (current !== undefined) return current
  const layouts = noLayouts()
  for (let code = 0; code < CODE_LIMIT; code++) {
    const layout = LAYOUTS[code]
    if (layout === undefined) continue
    layouts.fixed[code] = layout.fixed
    for (const o of layout.offset) if (o < -1) layouts.vars[code]!++
  }
  current = layouts
  return layouts
}
