// Writes traces: a description, what existed at the start, blocks of rows, the index and the end.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
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

/** keyframes take at most this part of the file, and come no closer than this many bytes */
const KEYFRAME_SHARE = 0.04
const KEYFRAME_DISTANCE = 2 << 20
/** what the index lists */
const INDEXED: ReadonlySet<number> = new Set([KIND.EVENTS, KIND.FORMS, KIND.KEYFRAME, KIND.RESYNC])
/** blocks before the first rows: the description and what existed at the start */
export const PREFACE_BLOCKS = 2

/** How a trace begins. */
export interface TraceStart {
  readonly info: CaptureInfo
  /** what exists at its start, packed where it lies so already */
  readonly existing: Snapshot | Buffer
  /** definitions of the rows that will come, when the source has its own */
  readonly defs?: readonly (EventDef | undefined)[] | undefined
  /** which of the capture's files it is, counted from 0, where there are several; `info` is the same object for all */
  readonly nth?: number | undefined
  /** of a copy of a recorder's memory: which (see MemoryTrace.run) */
  readonly run?: string | undefined
  /** number of the first block of rows, PREFACE_BLOCKS at least */
  readonly seq?: number | undefined
}

/** How the file of a trace is opened. */
export interface TraceFileOptions {
  /** for the reader of a FIFO */
  readonly waiting?: Waiting | undefined
  /** whose the file is; readable by its owner only where that is not said */
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

  /** Begins a trace at a path, or on standard output ('-'). Throws TraceError (EWRITE) when it cannot be written. */
  static async open(
    path: string,
    { waiting, belonging, ...start }: TraceStart & TraceFileOptions,
  ): Promise<TraceWriter> {
    return TraceWriter.begin(await Output.open(path, waiting, belonging), start)
  }

  /** Begins a trace in an open output, which it closes at the end. Throws TraceError (EWRITE). */
  static async begin(output: Output, start: TraceStart): Promise<TraceWriter> {
    try {
      const writer = new TraceWriter(output, start)
      const { blocks } = writer
      blocks.raw(fileHeader())
      blocks.packed(KIND.META, descriptionOf(start))
      const { existing } = start
      blocks.packed(KIND.SNAPSHOT, Buffer.isBuffer(existing) ? existing : packSnapshot(existing), ({ bytes }) => {
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

  /** bytes of the file so far, all of them whole blocks */
  get size(): number {
    return this.blocks.size
  }

  /** batch time (ns) of the last row */
  get lastTime(): number {
    return this.blocks.lastTime
  }

  /** The write that waits for its reader, as a number that grows with what was taken; 0: none does, as with files. */
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
   * Takes over a block that another writer has made, whose bytes these are; nothing is written but such blocks then. A promise
   * means: wait for it before more. Throws, or rejects with, TraceError.
   */
  copy(bytes: Buffer): Promise<void> | undefined {
    const header = blockHeader(bytes)
    if (header?.total !== bytes.length) throw new TraceError('EREAD', 'memory', 'what was kept in memory is damaged')
    const { kind, seq, summaryBytes } = header
    // a copy: the index keeps heads for a while, and not their blocks
    const head = Buffer.from(bytes.subarray(0, BLOCK_HEADER + summaryBytes))
    return this.blocks.copy(kind, bytes, head, seq)
  }

  /** Writes what has gathered. Rejects with TraceError when it cannot be written. */
  flush(): Promise<void> {
    this.blocks.cut()
    return this.blocks.settled()
  }

  /**
   * Writes what has gathered, the index and the end. contents: what was written, when somebody counted. Rejects with
   * TraceError when any of it could not be written.
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

/** descriptions of captures of which several files are written, and the definitions in them */
const descriptions = new WeakMap<
  CaptureInfo,
  { readonly defs: unknown; readonly run: unknown; readonly packed: Buffer }
>()

/** The description of a capture, packed: the same bytes in each of its files. */
function descriptionOf({ info, defs = EVENTS, run }: TraceStart): Buffer {
  const known = descriptions.get(info)
  if (known?.defs === defs && known.run === run) return known.packed
  const own = info.has.externalEvents ? packDefs(defs) : undefined
  const events = packEvents(defs)
  const packed = pack({ info: packInfo(info), events, ...(run && { run }), ...(own !== undefined && { own }) })
  descriptions.set(info, { defs, run, packed })
  return packed
}
