// Makes blocks of rows and appends them: batches are copied into the block under construction; blocks are compressed and written
// in order, on a thread of their own, before a call in them is a second old.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { captureNow } from '../source/now.js'
import type { CaptureInfo } from '../source/source.js'
import { type Names, packNames } from './block-summary.js'
import { type Appended, codec, type TraceFile } from './codec.js'
import { packForms } from './external-events.js'
import { KIND } from './format.js'
import type { Output } from './output.js'
import { pack } from './pack.js'
import { packSnapshot } from './pack-snapshot.js'

/** ms after which a block is written though it is not full: since its first call happened, and since that came here at least */
const OLDEST = 600
const LEAST = 100
/** blocks being compressed or written before write() asks its caller to wait */
const MOST_WAITING = 3
/** Threads that compress what comes from files, as fast as it can be read; a live capture needs but one, and its memory. */
const FILE_THREADS = 3

/** A block that was appended. */
export interface WrittenBlock {
  readonly kind: number
  /** where it begins, and its bytes */
  readonly offset: number
  readonly bytes: number
  /** its header and summary */
  readonly head: Buffer
}

/** Takes rows in, block by block. */
export interface RowWriter {
  /**
   * Takes over the rows [from, to) of a batch; the batch may be reused at once.
   * keep: per row 0 drop, 1 keep, 2 keep hidden; all are kept when left out. names: the process names (proc.name) of the
   * rows to be shown, with their processes; when left out the block cannot be skipped by name. A promise means: wait for it before writing more.
   * Throws, or rejects with, the TraceError of an earlier block that could not be written.
   */
  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from?: number, to?: number): Promise<void> | undefined
  /** Whether a keyframe() would be worth its bytes now. */
  readonly keyframeDue: boolean
  /** Stores the state as it is after the rows written so far, from where a reader may begin. */
  keyframe(snapshot: Snapshot): void
}

export class BlockWriter {
  private readonly file: TraceFile
  /** bytes so far, all of them whole blocks */
  size = 0
  /** where the last block begins from which a reader may begin */
  keyframeAt = 0
  private names = new Map<string, Set<number>>()
  private namesKnown = true
  private native = true
  /** blocks that are being compressed or written */
  waiting = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** the forms that were written, and how many of them; again after each block where reading may begin */
  private forms: EventBatch['forms'] | undefined
  private formCount = 0
  private lastNum = 0
  /** batch time (ns) of the last row */
  lastTime = 0
  /** writes the block under construction when its time has come */
  private timer: NodeJS.Timeout | undefined

  /** seq: number of the first block; onBlock: is told of each block once it is written, in order. */
  constructor(
    private readonly output: Pick<Output, 'fd' | 'regular' | 'failure'>,
    private readonly info: CaptureInfo,
    private seq: number,
    private readonly onBlock: (block: WrittenBlock) => void,
  ) {
    this.file = new (codec().TraceFile)(output.fd, output.regular, info.kind === 'live' ? 1 : FILE_THREADS)
  }

  /** Bytes that were written, those of a block under way too. */
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

  /** See RowWriter; written: is told where it is. */
  keyframe(snapshot: Snapshot, written?: (block: Appended) => void): void {
    this.begin()
    this.packed(KIND.KEYFRAME, packSnapshot(snapshot), written)
  }

  /** The rows from here on belong to other processes than those before. */
  private resyncFrom(snapshot: Snapshot): void {
    this.begin()
    this.packed(KIND.RESYNC, packSnapshot(snapshot))
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

  /** The block under construction has its first row, of a call that ended at `time`: sets when it is written at the latest. */
  private writeBy(time: number): void {
    const age = this.info.kind === 'live' ? (captureNow(this.info) - time) / 1e6 : 0
    const delay = Math.min(OLDEST, Math.max(LEAST, OLDEST - age))
    this.timer ??= setTimeout(() => this.cut(), delay).unref()
  }

  /** Ends the block under construction. */
  cut(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.file.rows === 0) return
    const names = this.namesKnown ? packNames(this.names) : undefined
    this.names = new Map()
    this.namesKnown = true
    this.enqueue(KIND.EVENTS, this.file.finish(this.seq++, names))
  }

  /** Writes a block of plain data. */
  payload(kind: number, value: unknown, written?: (block: Appended) => void): void {
    this.packed(kind, pack(value), written)
  }

  /** Writes a block of plain data that is packed already. */
  packed(kind: number, payload: Buffer, written?: (block: Appended) => void): void {
    const seq = kind === KIND.INDEX ? 0 : this.seq++
    this.enqueue(kind, this.file.payload(kind, seq, payload, this.lastNum, this.lastTime), written)
  }

  /** Writes bytes that are no block. */
  raw(bytes: Buffer): void {
    this.enqueue(undefined, this.file.raw(bytes))
  }

  /** Writes a block that another writer has made, with its head; numbers go on behind its own. */
  copy(kind: number, bytes: Buffer, head: Buffer, seq: number): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    this.seq = seq + 1
    const appended = this.file.raw(bytes).then((a) => ({ ...a, head }))
    this.enqueue(kind, appended)
    return this.waiting > MOST_WAITING ? this.settled() : undefined
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
        if (kind !== undefined) this.onBlock({ kind, ...appended })
      })
      .catch((e: unknown) => {
        this.failure ??= e
      })
      .finally(() => this.waiting--)
  }

  /** Fulfilled once what was given so far is written, whatever comes meanwhile. Rejects with TraceError when it cannot be. */
  async written(): Promise<void> {
    await this.tail
    if (this.failure !== undefined) throw this.failure
  }

  /** Fulfilled once all is written, also what that made to be written. Rejects with TraceError when it cannot be. */
  async settled(): Promise<void> {
    while (this.waiting > 0) await this.tail
    if (this.failure !== undefined) throw this.failure
  }

  /** Nothing more is written by time. */
  stop(): void {
    clearTimeout(this.timer)
  }
}
