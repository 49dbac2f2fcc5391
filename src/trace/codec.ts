// The native block codec, typed: the only file of this room that knows the addon.

import { CODE_LIMIT } from '../schema/codes.js'
import { LAYOUTS } from '../schema/events/index.js'
import { whyNot } from '../source/addon-trouble.js'
import { readingAddon } from '../source/reading-addon.js'
import { TraceError } from './error.js'

/** What became of a block: written whole when errno is 0 and `what` is empty. After a failure all later ones fail alike. */
export interface Appended {
  /** where it begins in the file, and its bytes */
  readonly offset: number
  readonly bytes: number
  /** its header and summary; empty for bytes that are no block */
  readonly head: Buffer
  readonly errno: number
  /** why it could not be made */
  readonly what: string
}

/** A trace under construction: blocks are compressed and written on threads of its own, in the order of the calls. */
export interface TraceFile {
  /** Copies rows [from, to) of a batch's buffer; returns the row at which the block was full, or `to`. */
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
  /** Writes the rows as a block; there are none again at once. names: see summary.ts, undefined when unknown. */
  finish(seq: number, names: Buffer | undefined): Promise<Appended>
  /** Writes a block of one payload. */
  payload(kind: number, seq: number, payload: Buffer, num: number, time: number): Promise<Appended>
  /** Writes bytes as they are. */
  raw(bytes: Buffer): Promise<Appended>
  readonly rows: number
  /** bytes that were written, those of a block under way too */
  readonly written: number
  readonly full: boolean
}

/** Rows that need not be decoded (see IdleRows); those that were left out are added to the counts. */
export interface Leave {
  readonly types: Uint8Array
  readonly minLatency: Float64Array
  readonly outcome: Uint8Array
  readonly counts: Uint32Array
  /** ids in ascending order: only rows of these processes are wanted, and those in ofAnyProcess */
  readonly processes?: Int32Array | undefined
  /** by event code, rows that are wanted whoever's they are: 1 those of the state part, 2 others; goes with processes */
  readonly ofAnyProcess?: Uint8Array | undefined
}

/** What the addon offers for blocks. Buffers and batches given to a promise are not to be touched until it settles. */
interface Codec {
  /**
   * fd stays open until all is written; regular: it is a file, in which nothing is left of what cannot be written whole;
   * threads: how many compress
   */
  TraceFile: new (
    fd: number,
    regular: boolean,
    threads: number,
  ) => TraceFile
  decodeEvents(
    block: Buffer,
    buffer: ArrayBuffer,
    capacity: number,
    arenaBytes: number,
    /** EventBatch.argEnd, as long as the capacity */
    argEnd: Uint32Array,
    stateOnly: boolean,
    fixed: Uint16Array,
    vars: Uint8Array,
    left: Leave | undefined,
  ): Promise<{ rows: number; skipped: number; omitted: number; lastTime: number }>
  /** Process and event code, in turn, of the rows that have one of the texts among their arguments; each pair once. */
  scanEvents(
    block: Buffer,
    fixed: Uint16Array,
    vars: Uint8Array,
    texts: readonly Buffer[],
    ports: Uint16Array,
  ): Promise<Int32Array>
  decodePayload(block: Buffer): Promise<Buffer>
  /** The same at once, for little. Throws. */
  decodePayloadNow(block: Buffer): Buffer
  crc32c(bytes: Buffer): number
}

let loaded: Codec | undefined

/** The codec; loads the addon at the first call. Throws TraceError (ENATIVE) when it is not built or does not load here. */
export function codec(): Codec {
  if (loaded === undefined) {
    try {
      loaded = readingAddon<Codec>()
    } catch (e) {
      throw new TraceError('ENATIVE', '', `ksys traces need ksys's native addon, ${whyNot(e)}`, e)
    }
  }
  return loaded
}

/** How rows are laid out, by event code, so that the decoder can refuse rows whose lengths lead out of them. */
export interface BlockLayouts {
  /** bytes of the fixed part, 0xffff where there is no such event */
  readonly fixed: Uint16Array
  /** number of variable parameters */
  readonly vars: Uint8Array
}

/** Layouts without any event. */
export function noLayouts(): BlockLayouts {
  return { fixed: new Uint16Array(CODE_LIMIT).fill(0xffff), vars: new Uint8Array(CODE_LIMIT) }
}

let todays: BlockLayouts | undefined

/** Layouts of today's events, for all decoders. */
export function todaysLayouts(): BlockLayouts {
  if (todays !== undefined) return todays
  const made = noLayouts()
  for (let code = 0; code < CODE_LIMIT; code++) {
    const layout = LAYOUTS[code]
    if (layout === undefined) continue
    made.fixed[code] = layout.fixed
    for (const o of layout.offset) if (o < -1) made.vars[code]!++
  }
  todays = made
  return made
}
