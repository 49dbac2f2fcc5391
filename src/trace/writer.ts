// Writes traces: batches are copied into the block under construction, blocks are compressed on worker threads and
// appended in order, at least once a second.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef } from '../schema/types.js'
import type { Waiting } from '../source/files.js'
import type { CaptureInfo, CaptureStats, Overview } from '../source/source.js'
import { type Names, packNames } from './block-summary.js'
import { type BlockBuilder, codec } from './codec.js'
import { packEvents } from './events-table.js'
import { packDefs, packForms } from './foreign.js'
import { blockHeader, fileHeader, KIND, trailer } from './format.js'
import { IndexWriter } from './index-block.js'
import { Output } from './output.js'
import { pack } from './pack.js'

/** ms between looks at what waits, and the age at which it is written */
const TICK = 250
const OLDEST = 600
/** blocks being compressed or written before write() asks its caller to wait */
const MOST_WAITING = 3
/** keyframes take at most this part of the file, and come no closer than this many bytes */
const KEYFRAME_SHARE = 0.04
const KEYFRAME_DISTANCE = 2 << 20

export class TraceWriter {
  private readonly builder: BlockBuilder = new (codec().BlockBuilder)()
  private readonly index = new IndexWriter()
  private names = new Map<string, Set<number>>()
  private namesKnown = true
  private native = true
  /** when the first row of the block under construction came, ms */
  private since = 0
  private seq = 0
  private waiting = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** the forms that were written, and how many of them; again after each block where reading may begin */
  private forms: EventBatch['forms'] | undefined
  private formCount = 0
  private keyframeAt = 0
  private keyframeSize: number
  private lastNum = 0
  private lastTime = 0
  private readonly timer: NodeJS.Timeout

  private constructor(
    private readonly output: Output,
    snapshotBytes: number,
  ) {
    this.keyframeSize = snapshotBytes
    this.timer = setInterval(() => this.tick(), TICK)
    this.timer.unref()
  }

  /**
   * Begins a trace at a path, or on standard output ('-'). Throws TraceError (EWRITE) when it cannot be written.
   * The file is readable by its owner only. defs: definitions of the rows that will come, when the source has its own.
   * waiting: for the reader of a FIFO.
   */
  static async open(
    path: string,
    info: CaptureInfo,
    snapshot: Snapshot,
    defs: readonly (EventDef | undefined)[] = EVENTS,
    waiting: Waiting = {},
  ): Promise<TraceWriter> {
    const output = await Output.open(path, waiting)
    try {
      const c = codec()
      const own = info.origin === undefined ? undefined : packDefs(defs)
      const meta = { info, events: packEvents(defs), ...(own !== undefined && { own }) }
      await output.append(fileHeader())
      await output.append(await c.encodePayload(KIND.META, 0, pack(meta), 0, 0))
      const first = await c.encodePayload(KIND.SNAPSHOT, 1, pack(snapshot), 0, 0)
      await output.append(first)
      const writer = new TraceWriter(output, first.length)
      writer.seq = 2
      writer.keyframeAt = output.size
      return writer
    } catch (e) {
      await output.close()
      throw e
    }
  }

  /** Whether whoever reads what is written takes no more of it at present. */
  get blocked(): boolean {
    return this.output.blocked
  }

  /** Bytes in the file. */
  get size(): number {
    return this.output.size
  }

  /**
   * Takes over the rows of a batch; the batch may be reused at once.
   * keep: per row 0 drop, 1 keep, 2 keep hidden; all are kept when left out. names: the process names (proc.name) of the
   * rows to be shown, with their processes; when left out the block cannot be skipped by name. A promise means: wait for it before writing more.
   * Throws, or rejects with, the TraceError of an earlier block that could not be written.
   */
  write(batch: EventBatch, keep?: Uint8Array, names?: Names): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    if (batch.count === 0) return undefined
    if (batch.renewed !== undefined) this.renew(batch.renewed)
    if (this.native !== batch.native) this.cut()
    this.native = batch.native
    if (batch.form !== undefined) this.declare(batch.forms)
    for (let row = 0; row < batch.count; ) {
      if (this.builder.rows === 0) this.since = performance.now()
      const { buffer, capacity, arenaBytes, count, native, form, argEnd } = batch
      row = this.builder.append(buffer, capacity, arenaBytes, row, count, keep, native, form, argEnd)
      if (names === undefined) this.namesKnown = false
      else this.note(names)
      if (this.builder.full) this.cut()
    }
    this.lastNum = batch.num[batch.count - 1] as number
    this.lastTime = batch.time[batch.count - 1] as number
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
    return this.output.size - this.keyframeAt >= distance
  }

  /** Stores the state as it is after the rows written so far, from where a reader may begin. */
  keyframe(snapshot: Snapshot): void {
    this.cut()
    this.keyframeAt = this.output.size
    this.forms = undefined
    const block = codec().encodePayload(KIND.KEYFRAME, this.seq++, pack(snapshot), this.lastNum, this.lastTime)
    block.then(
      (b) => (this.keyframeSize = b.length),
      () => undefined,
    )
    this.enqueue(block)
  }

  /** The rows from here on belong to other processes than those before. */
  private renew(snapshot: Snapshot): void {
    this.cut()
    this.keyframeAt = this.output.size
    this.forms = undefined
    this.enqueue(codec().encodePayload(KIND.RENEWAL, this.seq++, pack(snapshot), this.lastNum, this.lastTime))
  }

  /** Writes the forms of the rows to come, unless they were. */
  private declare(forms: EventBatch['forms']): void {
    if (forms === this.forms && forms.length === this.formCount) return
    this.cut()
    this.forms = forms
    this.formCount = forms.length
    this.enqueue(codec().encodePayload(KIND.FORMS, this.seq++, pack(packForms(forms)), this.lastNum, this.lastTime))
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
    clearInterval(this.timer)
    try {
      await this.flush()
      await this.writeIndex()
      const end = { stats, index: this.index.last, contents }
      const endAt = this.output.size
      await this.output.append(
        await codec().encodePayload(KIND.END, this.seq++, pack(end), this.lastNum, this.lastTime),
      )
      await this.output.append(trailer(endAt))
    } finally {
      await this.output.close()
    }
  }

  private tick(): void {
    if (this.builder.rows > 0 && performance.now() - this.since >= OLDEST) this.cut()
  }

  /** Ends the block under construction. */
  private cut(): void {
    if (this.builder.rows === 0) return
    const names = this.namesKnown ? packNames(this.names) : undefined
    this.names = new Map()
    this.namesKnown = true
    this.enqueue(this.builder.finish(this.seq++, names))
  }

  private enqueue(block: Promise<Buffer>): void {
    this.waiting++
    block.catch(() => undefined)
    this.tail = this.tail
      .then(async () => {
        if (this.failure === undefined) await this.append(await block)
      })
      .catch((e: unknown) => {
        this.failure ??= e
      })
      .finally(() => this.waiting--)
  }

  private async append(block: Buffer): Promise<void> {
    const offset = this.output.size
    await this.output.append(block)
    const header = blockHeader(block)
    if (header !== undefined && this.index.add(offset, block, header)) await this.writeIndex()
  }

  private async writeIndex(): Promise<void> {
    const payload = this.index.take(this.output.size)
    if (payload !== undefined)
      await this.output.append(await codec().encodePayload(KIND.INDEX, 0, pack(payload), this.lastNum, this.lastTime))
  }

  private async settled(): Promise<void> {
    await this.tail
    if (this.failure !== undefined) throw this.failure
  }
}
