// Writes traces: batches are copied into the block under construction; blocks are compressed and written in order, on a
// thread of their own, before a call in them is a second old.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import type { Belonging, Waiting } from '../source/files.js'
import { captureNow } from '../source/now.js'
import type { CaptureInfo, CaptureStats, Overview } from '../source/source.js'
import { type Names, packNames } from './block-summary.js'
import { type Appended, codec, type TraceFile } from './codec.js'
import { packEvents } from './events-table.js'
import { packDefs, packForms } from './external-events.js'
import { FileSummary } from './file-summary.js'
import { fileHeader, KIND, trailer } from './format.js'
import { IndexWriter } from './index-block.js'
import { packInfo } from './metadata.js'
import { Output } from './output.js'
import { pack } from './pack.js'

/** ms after which a block is written though it is not full: since its first call happened, and since that came here at least */
const OLDEST = 600
const LEAST = 100
/** blocks being compressed or written before write() asks its caller to wait */
const MOST_WAITING = 3
/** keyframes take at most this part of the file, and come no closer than this many bytes */
const KEYFRAME_SHARE = 0.04
const KEYFRAME_DISTANCE = 2 << 20
/** Threads that compress what comes from files, as fast as it can be read; a live capture needs but one, and its memory. */
const FILE_THREADS = 3
/** what the index lists */
const INDEXED: ReadonlySet<number | undefined> = new Set([KIND.EVENTS, KIND.FORMS, KIND.KEYFRAME, KIND.RENEWAL])

export class TraceWriter {
  private readonly file: TraceFile
  /** bytes of the file so far, all of them whole blocks */
  size = 0
  private readonly index = new IndexWriter()
  private readonly summary = new FileSummary()
  private names = new Map<string, Set<number>>()
  private namesKnown = true
  private native = true
  private seq = 0
  private waiting = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** the forms that were written, and how many of them; again after each block where reading may begin */
  private forms: EventBatch['forms'] | undefined
  private formCount = 0
  private keyframeAt = 0
  private keyframeSize = 0
  private lastNum = 0
  /** batch time (ns) of the last row */
  lastTime = 0
  /** writes the block under construction when its time has come */
  private timer: NodeJS.Timeout | undefined

  private constructor(
    private readonly output: Output,
    private readonly info: CaptureInfo,
    private readonly nth: number | undefined,
  ) {
    this.file = new (codec().TraceFile)(output.fd, output.regular, info.kind === 'live' ? 1 : FILE_THREADS)
  }

  /**
   * Begins a trace at a path, or on standard output ('-'). Throws TraceError (EWRITE) when it cannot be written.
   * The file is readable by its owner only unless `belonging` says otherwise. defs: definitions of the rows that will come, when the
   * source has its own. waiting: for the reader of a FIFO.
   */
  static async open(
    path: string,
    info: CaptureInfo,
    snapshot: Snapshot,
    defs: readonly (EventDef | undefined)[] = EVENTS,
    waiting: Waiting = {},
    belonging?: Belonging,
  ): Promise<TraceWriter> {
    return TraceWriter.begin(await Output.open(path, waiting, belonging), info, snapshot, defs)
  }

  /**
   * Begins a trace in an open output, which it closes at the end. nth: which of the capture's files it is, counted from 0, where
   * there are several; info is the same object for all. Throws TraceError (EWRITE).
   */
  static async begin(
    output: Output,
    info: CaptureInfo,
    snapshot: Snapshot,
    defs: readonly (EventDef | undefined)[] = EVENTS,
    nth?: number,
  ): Promise<TraceWriter> {
    try {
      const writer = new TraceWriter(output, info, nth)
      writer.enqueue(undefined, writer.file.raw(fileHeader()))
      writer.packed(KIND.META, descriptionOf(info, defs))
      writer.payload(KIND.SNAPSHOT, snapshot, ({ bytes }) => {
        writer.keyframeSize = bytes
      })
      await writer.settled()
      writer.keyframeAt = writer.size
      return writer
    } catch (e) {
      await output.close()
      throw e
    }
  }

  /** Whether whoever reads what is written takes no more of it at present. */
  get blocked(): boolean {
    return !this.output.regular && this.waiting > 0
  }

  /**
   * Takes over the rows [from, to) of a batch; the batch may be reused at once.
   * keep: per row 0 drop, 1 keep, 2 keep hidden; all are kept when left out. names: the process names (proc.name) of the
   * rows to be shown, with their processes; when left out the block cannot be skipped by name. A promise means: wait for it before writing more.
   * Throws, or rejects with, the TraceError of an earlier block that could not be written.
   */
  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from = 0, to = batch.count): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    if (from === to) return undefined
    if (batch.resync !== undefined && from === 0) this.resyncFrom(batch.resync)
    if (this.native !== batch.native) this.cut()
    this.native = batch.native
    if (batch.form !== undefined) this.declare(batch.forms)
    for (let row = from; row < to; ) {
      if (this.file.rows === 0) this.writeBy(batch.time[row] as number)
      const { buffer, capacity, arenaBytes, native, form, argEnd } = batch
      row = this.file.append(buffer, capacity, arenaBytes, row, to, keep, native, form, argEnd)
      if (names === undefined) this.namesKnown = false
      else this.note(names)
      if (this.file.full) this.cut()
    }
    this.lastNum = batch.num[to - 1] as number
    this.lastTime = batch.time[to - 1] as number
    return this.waiting > MOST_WAITING ? this.settled() : undefined
  }

  /** Adds to the names of the block under construction. */
  private note(names: Names): void {
    for (const [name, processes] of names) {
      const known = this.names.get(name)
      if (known === undefined) this.names.set(name, new Set(processes))
      else for (const pid of processes) known.add(pid)
    }
  }

  /** Whether a keyframe() would be worth its bytes now. */
  get keyframeDue(): boolean {
    const distance = Math.max(KEYFRAME_DISTANCE, this.keyframeSize / KEYFRAME_SHARE)
    return this.size - this.keyframeAt >= distance
  }

  /** Stores the state as it is after the rows written so far, from where a reader may begin. */
  keyframe(snapshot: Snapshot): void {
    this.begin()
    this.payload(KIND.KEYFRAME, snapshot, ({ bytes }) => {
      this.keyframeSize = bytes
    })
  }

  /** The rows from here on belong to other processes than those before. */
  private resyncFrom(snapshot: Snapshot): void {
    this.begin()
    this.payload(KIND.RENEWAL, snapshot)
  }

  /** A reader may begin at the block that follows. */
  private begin(): void {
    this.cut()
    this.keyframeAt = this.size
    this.forms = undefined
  }

  /** Writes the forms of the rows to come, unless they were. */
  private declare(forms: EventBatch['forms']): void {
    if (forms === this.forms && forms.length === this.formCount) return
    this.cut()
    this.forms = forms
    this.formCount = forms.length
    this.payload(KIND.FORMS, packForms(forms))
  }

  /** Writes what has gathered. Rejects with TraceError when it cannot be written. */
  flush(): Promise<void> {
    this.cut()
    return this.settled()
  }

  /**
   * Writes what has gathered, the index and the end. contents: what was written, when somebody counted. Rejects with
   * TraceError when any of it could not be written.
   */
  async close(stats: CaptureStats, contents?: Overview): Promise<void> {
    try {
      await this.flush()
      this.writeIndex()
      await this.settled()
      let endAt = 0
      const { hostname, startSec, startNsec } = this.info
      const { nth } = this
      const origin = { hostname, startSec, startNsec, nth }
      const end = { stats, index: this.index.last, contents, origin, summary: this.summary.value() }
      this.payload(KIND.END, end, ({ offset }) => {
        endAt = offset
      })
      await this.settled()
      this.enqueue(undefined, this.file.raw(trailer(endAt)))
      await this.settled()
    } finally {
      clearTimeout(this.timer)
      await this.output.close()
    }
  }

  /** The block under construction has its first row, of a call that ended at `time`: sets when it is written at the latest. */
  private writeBy(time: number): void {
    const age = this.info.kind === 'live' ? (captureNow(this.info) - time) / 1e6 : 0
    const delay = Math.min(OLDEST, Math.max(LEAST, OLDEST - age))
    this.timer ??= setTimeout(() => this.cut(), delay).unref()
  }

  /** Ends the block under construction. */
  private cut(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.file.rows === 0) return
    const names = this.namesKnown ? packNames(this.names) : undefined
    this.names = new Map()
    this.namesKnown = true
    this.enqueue(KIND.EVENTS, this.file.finish(this.seq++, names))
  }

  private writeIndex(): void {
    const payload = this.index.take()
    if (payload !== undefined) this.payload(KIND.INDEX, payload, ({ offset }) => this.index.written(offset))
  }

  /** Writes a block of plain data. */
  private payload(kind: number, value: unknown, written?: (block: Appended) => void): void {
    this.packed(kind, pack(value), written)
  }

  /** Writes a block of plain data that is packed already. */
  private packed(kind: number, payload: Buffer, written?: (block: Appended) => void): void {
    const seq = kind === KIND.INDEX ? 0 : this.seq++
    this.enqueue(kind, this.file.payload(kind, seq, payload, this.lastNum, this.lastTime), written)
  }

  /** Waits for a block of that kind (undefined: bytes that are none) in its turn; `written` is told where it is. */
  private enqueue(kind: number | undefined, block: Promise<Appended>, written?: (block: Appended) => void): void {
    this.waiting++
    this.tail = this.tail
      .then(async () => {
        const appended = await block
        this.failure ??= this.output.failure(appended)
        if (this.failure !== undefined) return
        this.size = appended.offset + appended.bytes
        written?.(appended)
        if (kind === KIND.EVENTS) this.summary.add(appended.head)
        if (INDEXED.has(kind) && this.index.add(appended.offset, appended.head)) this.writeIndex()
      })
      .catch((e: unknown) => {
        this.failure ??= e
      })
      .finally(() => this.waiting--)
  }

  private async settled(): Promise<void> {
    // what has been written may make more to be written
    while (this.waiting > 0) await this.tail
    if (this.failure !== undefined) throw this.failure
  }
}

/** descriptions of captures of which several files are written, and the definitions in them */
const descriptions = new WeakMap<CaptureInfo, { readonly defs: unknown; readonly packed: Buffer }>()

/** The description of a capture, packed: the same bytes in each of its files. */
function descriptionOf(info: CaptureInfo, defs: readonly (EventDef | undefined)[]): Buffer {
  const known = descriptions.get(info)
  if (known?.defs === defs) return known.packed
  const own = info.has.externalEvents ? packDefs(defs) : undefined
  const packed = pack({ info: packInfo(info), events: packEvents(defs), ...(own !== undefined && { own }) })
  descriptions.set(info, { defs, packed })
  return packed
}
