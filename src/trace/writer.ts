// Writes traces: a description, the snapshot at the start, blocks of rows, the index and the end.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import type { Belonging } from '../source/belonging.js'
import type { Waiting } from '../source/files.js'
import type { CaptureInfo, CaptureStats, Overview } from '../source/source.js'
import type { Names } from './block-summary.js'
import { BlockWriter, type RowWriter, type WrittenBlock } from './block-writer.js'
import { TraceError } from './error.js'
import { packEvents } from './events-table.js'
import { packDefs } from './external-events.js'
import { FileSummary } from './file-summary.js'
import { BLOCK_HEADER, blockHeader, fileHeader, KIND, trailer } from './format.js'
import { IndexWriter } from './index-block.js'
import { packInfo } from './metadata.js'
import { Output } from './output.js'
import { pack } from './pack.js'
import { packSnapshot } from './pack-snapshot.js'

/** Keyframes take at most this share of the file, and are at least this many bytes apart. */
const KEYFRAME_SHARE = 0.04
const KEYFRAME_DISTANCE = 2 << 20
/** kinds of blocks in the index */
const INDEXED: ReadonlySet<number> = new Set([KIND.EVENTS, KIND.FORMS, KIND.KEYFRAME, KIND.RESYNC])
/** number of blocks before the first rows: the description and the snapshot at the start */
export const PREFACE_BLOCKS = 2

/** The start of a trace. */
interface TraceStart {
  readonly info: CaptureInfo
  /** the state at its start; packed already if it comes from another trace */
  readonly existing: Snapshot | Buffer
  /** definitions of the rows, if the source has its own */
  readonly defs?: readonly (EventDef | undefined)[] | undefined
  /** number of the file in the capture, from 0, if there are several; `info` is then the same object for all files */
  readonly nth?: number | undefined
  /** id of the recorder's memory that the file is a copy of (see MemoryTrace.run) */
  readonly run?: string | undefined
  /** number of the first block of rows, at least PREFACE_BLOCKS */
  readonly seq?: number | undefined
}

/** How a trace's file is opened. */
interface TraceFileOptions {
  /** used while waiting for the reader of a FIFO */
  readonly waiting?: Waiting | undefined
  /** owner and mode of the file; readable by its owner only by default */
  readonly belonging?: Belonging | undefined
}

export class TraceWriter implements RowWriter {
  private readonly blocks: BlockWriter
  private readonly index = new IndexWriter()
  private readonly summary = new FileSummary()
  private readonly info: CaptureInfo
  private readonly nth: number | undefined
  private keyframeSize = 0

  private constructor(
    private readonly output: Output,
    { info, nth, seq = PREFACE_BLOCKS }: TraceStart,
  ) {
    this.info = info
    this.nth = nth
    this.blocks = new BlockWriter(output, info, seq - PREFACE_BLOCKS, (block) => this.written(block))
  }

  /** Starts a trace at a path, or on standard output ('-'). Throws TraceError (EWRITE) if it cannot be written. */
  static async open(
    path: string,
    { waiting, belonging, ...start }: TraceStart & TraceFileOptions,
  ): Promise<TraceWriter> {
    return TraceWriter.start(await Output.open(path, waiting, belonging), start)
  }

  /** Starts a trace in an open output, which close() closes. Throws TraceError (EWRITE). */
  static async start(output: Output, start: TraceStart): Promise<TraceWriter> {
    try {
      const writer = new TraceWriter(output, start)
      const { blocks } = writer
      blocks.raw(fileHeader())
      blocks.packed(KIND.META, [descriptionOf(start)])
      const { existing } = start
      blocks.packed(KIND.SNAPSHOT, Buffer.isBuffer(existing) ? [existing] : packSnapshot(existing), ({ bytes }) => {
        writer.keyframeSize = bytes
      })
      await blocks.settled()
      blocks.keyframeAt = blocks.size
      return writer
    } catch (e) {
      await output.close()
      throw e
    }
  }

  /** bytes of the file so far, in complete blocks */
  get size(): number {
    return this.blocks.size
  }

  /** batch time (ns) of the last row */
  get lastTime(): BatchNs {
    return this.blocks.lastTime
  }

  /**
   * Identifies the write that waits for the pipe's reader, by a number that grows with the bytes written; 0: none
   * waits, as with files.
   */
  get awaited(): number {
    return this.output.regular || this.blocks.waiting === 0 ? 0 : 1 + this.blocks.taken
  }

  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from = 0, to = batch.count): Promise<void> | undefined {
    return this.blocks.write(batch, keep, names, from, to)
  }

  get keyframeDue(): boolean {
    const distance = Math.max(KEYFRAME_DISTANCE, this.keyframeSize / KEYFRAME_SHARE)
    return this.size - this.blocks.keyframeAt >= distance
  }

  keyframe(snapshot: Snapshot): void {
    this.blocks.keyframe(snapshot, ({ bytes }) => {
      this.keyframeSize = bytes
    })
  }

  /**
   * Appends a block that another writer built. Blocks must not be mixed with rows. A promise means: wait for it before
   * the next call. Throws, or rejects with, TraceError.
   */
  copy(bytes: Buffer): Promise<void> | undefined {
    const header = blockHeader(bytes)
    if (header?.total !== bytes.length) throw new TraceError('EREAD', 'memory', 'the data in memory is damaged')
    const { kind, seq, summaryBytes } = header
    // copied, since the index retains heads longer than blocks
    const head = Buffer.from(bytes.subarray(0, BLOCK_HEADER + summaryBytes))
    return this.blocks.copy(kind, bytes, head, seq)
  }

  /** Writes all buffered rows. Rejects with TraceError if they cannot be written. */
  flush(): Promise<void> {
    this.blocks.cut()
    return this.blocks.settled()
  }

  /**
   * Writes all buffered rows, the index and the end. contents: the overview, if it was counted. Rejects with TraceError
   * if anything could not be written.
   */
  async close(stats: CaptureStats, contents?: Overview): Promise<void> {
    const { blocks } = this
    try {
      await this.flush()
      this.writeIndex()
      await blocks.settled()
      let endAt = 0
      const { hostname, startSec, startNsec } = this.info
      const { nth } = this
      const origin = { hostname, startSec, startNsec, nth }
      const end = { stats, index: this.index.last, contents, origin, summary: this.summary.value() }
      blocks.payload(KIND.END, end, ({ offset }) => {
        endAt = offset
      })
      await blocks.settled()
      blocks.raw(trailer(endAt))
      await blocks.settled()
    } finally {
      blocks.stop()
      await this.output.close()
    }
  }

  private written({ kind, offset, head }: WrittenBlock): void {
    if (kind === KIND.EVENTS) this.summary.add(head)
    if (INDEXED.has(kind) && this.index.add(offset, head)) this.writeIndex()
  }

  private writeIndex(): void {
    const payload = this.index.take()
    if (payload !== undefined) this.blocks.payload(KIND.INDEX, payload, ({ offset }) => this.index.written(offset))
  }
}

/** packed descriptions of captures that are written to several files, with what they were packed from */
const descriptions = new WeakMap<
  CaptureInfo,
  { readonly defs: unknown; readonly run: unknown; readonly packed: Buffer }
>()

/** The packed description of a capture, identical in each of its files. */
function descriptionOf({ info, defs = EVENTS, run }: TraceStart): Buffer {
  const cached = descriptions.get(info)
  if (cached?.defs === defs && cached.run === run) return cached.packed
  const own = info.has.externalEvents ? packDefs(defs) : undefined
  const events = packEvents(defs)
  const packed = pack({ info: packInfo(info), events, ...(run && { run }), ...(own !== undefined && { own }) })
  descriptions.set(info, { defs, run, packed })
  return packed
}
