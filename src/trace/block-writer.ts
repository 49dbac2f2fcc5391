// Builds blocks of rows and appends them. Batches are copied into the open block. Blocks are compressed and written in
// order, on threads of their own, within a second of their first call.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { type BatchNs, batchNs } from '../model/time.js'
import type { CaptureInfo } from '../source/source.js'
import { captureNow } from '../source/source.js'
import { type Names, packNames } from './block-summary.js'
import { type Appended, codec, type TraceFile } from './codec.js'
import { packForms } from './external-events.js'
import { KIND } from './format.js'
import type { Output } from './output.js'
import { pack } from './pack.js'
import { packSnapshot } from './pack-snapshot.js'

/**
 * ms after which an incomplete block is written: since its first call happened, and at least since that call arrived
 * here
 */
const MAX_AGE = 600
const MIN_DELAY = 100
/** blocks being compressed or written above which write() makes its caller wait */
const MAX_WAITING = 3
/**
 * Threads that compress rows read from files, which arrive at full speed. A live capture needs only one, and its
 * memory.
 */
const FILE_THREADS = 3

/** An appended block. */
export interface WrittenBlock {
  readonly kind: number
  /** its start in the file, and its length in bytes */
  readonly offset: number
  readonly bytes: number
  /** its header and summary */
  readonly head: Buffer
}

/** Accepts rows and writes them in blocks. */
export interface RowWriter {
  /**
   * Copies the rows [from, to) of a batch; the batch may be reused at once.
   * keep: per row 0 drop, 1 keep, 2 keep hidden; without it all rows are kept. names: the process names (proc.name) of the
   * visible rows, with their processes; without them the block cannot be skipped by name. A promise means: wait for it
   * before the next write. Throws, or rejects with, the TraceError of an earlier block that could not be written.
   */
  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from?: number, to?: number): Promise<void> | undefined
  /** Whether a keyframe() is worth its bytes now. */
  readonly keyframeDue: boolean
  /** Stores the state after the rows written so far. A reader may start there. */
  keyframe(snapshot: Snapshot): void
}

export class BlockWriter {
  private readonly file: TraceFile
  /** bytes so far, in complete blocks */
  size = 0
  /** start of the last block at which a reader may start */
  keyframeAt = 0
  private names = new Map<string, Set<number>>()
  private namesKnown = true
  private native = true
  /** blocks being compressed or written */
  waiting = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** the forms that were written, and their number; written again after each block at which a reader may start */
  private forms: EventBatch['forms'] | undefined
  private formCount = 0
  private lastNum = 0
  /** batch time (ns) of the last row */
  lastTime = batchNs(0)
  /** writes the open block at its time limit */
  private timer: NodeJS.Timeout | undefined

  /** seq: number of the first block; onBlock: called with each block after it is written, in order. */
  constructor(
    private readonly output: Pick<Output, 'fd' | 'regular' | 'failure'>,
    private readonly info: CaptureInfo,
    private seq: number,
    private readonly onBlock: (block: WrittenBlock) => void,
  ) {
    this.file = new (codec().TraceFile)(output.fd, output.regular, info.kind === 'live' ? 1 : FILE_THREADS)
  }

  /** Bytes written so far, including those of blocks in progress. */
  get taken(): number {
    return this.file.written
  }

  /** See RowWriter. */
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
    this.lastTime = batch.time[to - 1] as BatchNs
    return this.waiting > MAX_WAITING ? this.settled() : undefined
  }

  /** Adds to the names of the open block. */
  private note(names: Names): void {
    for (const [name, processes] of names) {
      const known = this.names.get(name)
      if (known === undefined) this.names.set(name, new Set(processes))
      else for (const pid of processes) known.add(pid)
    }
  }

  /** See RowWriter; written: called with the block's place in the file. */
  keyframe(snapshot: Snapshot, written?: (block: Appended) => void): void {
    this.startReadPoint()
    this.packed(KIND.KEYFRAME, packSnapshot(snapshot), written)
  }

  /** The rows from here on belong to other processes than those before. */
  private resyncFrom(snapshot: Snapshot): void {
    this.startReadPoint()
    this.packed(KIND.RESYNC, packSnapshot(snapshot))
  }

  /** Makes the next block one at which a reader may start. */
  private startReadPoint(): void {
    this.cut()
    this.keyframeAt = this.size
    this.forms = undefined
  }

  /** Writes the forms of the next rows, unless they are written already. */
  private declare(forms: EventBatch['forms']): void {
    if (forms === this.forms && forms.length === this.formCount) return
    this.cut()
    this.forms = forms
    this.formCount = forms.length
    this.payload(KIND.FORMS, packForms(forms))
  }

  /**
   * Called when the open block got its first row, of a call that ended at `time`: sets the time limit for writing it.
   */
  private writeBy(time: number): void {
    const age = this.info.kind === 'live' ? (captureNow(this.info) - time) / 1e6 : 0
    const delay = Math.min(MAX_AGE, Math.max(MIN_DELAY, MAX_AGE - age))
    this.timer ??= setTimeout(() => this.cut(), delay).unref()
  }

  /** Closes the open block and queues it for writing. */
  cut(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.file.rows === 0) return
    const names = this.namesKnown ? packNames(this.names) : undefined
    this.names = new Map()
    this.namesKnown = true
    this.enqueue(KIND.EVENTS, this.file.finish(this.seq++, names))
  }

  /** Writes a block with a packed value. */
  payload(kind: number, value: unknown, written?: (block: Appended) => void): void {
    this.packed(kind, [pack(value)], written)
  }

  /** Writes a block whose value is packed already, in pieces. */
  packed(kind: number, pieces: Iterable<Buffer>, written?: (block: Appended) => void): void {
    const payload = new (codec().Payload)()
    for (const piece of pieces) payload.add(piece)
    const seq = kind === KIND.INDEX ? 0 : this.seq++
    this.enqueue(kind, this.file.payload(kind, seq, payload, this.lastNum, this.lastTime), written)
  }

  /** Writes bytes that are not a block. */
  raw(bytes: Buffer): void {
    this.enqueue(undefined, this.file.raw(bytes))
  }

  /** Writes a block that another writer built, with its head. Block numbers continue after its number. */
  copy(kind: number, bytes: Buffer, head: Buffer, seq: number): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    this.seq = seq + 1
    const appended = this.file.raw(bytes).then((a) => ({ ...a, head }))
    this.enqueue(kind, appended)
    return this.waiting > MAX_WAITING ? this.settled() : undefined
  }

  /**
   * Waits for a block of that kind (undefined: bytes that are not a block) in its turn, then calls `written` with its
   * place in the file.
   */
  private enqueue(kind: number | undefined, block: Promise<Appended>, written?: (block: Appended) => void): void {
    this.waiting++
    this.tail = this.tail
      .then(async () => {
        const appended = await block
        this.failure ??= this.output.failure(appended)
        if (this.failure !== undefined) return
        this.size = appended.offset + appended.bytes
        written?.(appended)
        if (kind !== undefined) this.onBlock({ kind, ...appended })
      })
      .catch((e: unknown) => {
        this.failure ??= e
      })
      .finally(() => this.waiting--)
  }

  /** Fulfilled once everything queued so far is written. Rejects with TraceError if it cannot be written. */
  async written(): Promise<void> {
    await this.tail
    if (this.failure !== undefined) throw this.failure
  }

  /**
   * Fulfilled once everything is written, including blocks queued by callbacks meanwhile. Rejects with TraceError if it
   * cannot be written.
   */
  async settled(): Promise<void> {
    while (this.waiting > 0) await this.tail
    if (this.failure !== undefined) throw this.failure
  }

  /** Cancels the time limit of the open block. */
  stop(): void {
    clearTimeout(this.timer)
  }
}
