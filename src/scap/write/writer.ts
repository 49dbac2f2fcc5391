// Writes .scap files: a section with what existed, then the events of the rows, in order.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Thread } from '../../model/thread.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS, LAYOUTS } from '../../schema/events/index.js'
import type { Belonging } from '../../source/belonging.js'
import type { Waiting } from '../../source/files.js'
import { WriteError } from '../../source/reason.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import { WrittenFile } from '../../source/written-file.js'
import { accountEvents } from './accounts.js'
import { birthBlock } from './births.js'
import { EventPrograms } from './events.js'
import { ASKED, REPORT_SIZE, type ScapEvents, scapEvents, type Written } from './native.js'
import type { ScapSchema } from './schemas.js'
import { section, startOf } from './section.js'

/** bytes being written before write() asks its caller to wait */
const MOST_WAITING = 16 << 20
/** bits of all parameters */
const ALL = 0xffffffff

/** What is written, and how its rows come. */
export interface ScapCapture {
  readonly info: CaptureInfo
  readonly tables?: CaptureSource['tables']
  /** rows have libs' values already: they come from a .scap file, maybe by way of a trace */
  readonly portable: boolean
  /** each direction of a call is a row of its own, in an order that is kept */
  readonly bothDirections: boolean
  /** the file is compressed, as one is whose name ends in .gz */
  readonly packed: boolean
  /** the version of libs whose declarations the file follows; the oldest unless another one is chosen */
  readonly schema?: ScapSchema | undefined
}

export class ScapWriter {
  private readonly programs: EventPrograms
  private readonly events: ScapEvents
  private readonly report = new Float64Array(REPORT_SIZE)
  private output: WrittenFile | undefined
  private scouting = false
  private closed = false
  /** rows were written since the last flush(): they say how far the capture is, which may be behind the present */
  private busy = false
  /** beginnings of threads in the batch that is written next */
  private births: { readonly time: number; readonly block: Buffer }[] = []
  /** forms of rows, and how many of them were told of */
  private forms: EventBatch['forms'] = []
  private told = 0

  private constructor(
    private readonly path: string,
    private readonly capture: ScapCapture,
  ) {
    const { defs, layouts } = capture.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    const rows = { native: !capture.portable, arch: capture.info.arch }
    this.programs = new EventPrograms(defs, layouts, rows, capture.schema)
    this.events = scapEvents(path, startOf(capture.info), !capture.bothDirections)
  }

  /** Prepares for a file; nothing is opened yet. Throws WriteError. */
  static for(path: string, capture: ScapCapture): ScapWriter {
    return new ScapWriter(path, capture)
  }

  /**
   * Begins the file with what existed; it is its owner's only unless `belonging` says otherwise. The reader of a FIFO is waited for. Throws WriteError when it cannot be written.
   */
  async open(snapshot: Snapshot, waiting: Waiting = {}, belonging?: Belonging): Promise<void> {
    if (this.scouting) this.events.begin()
    this.scouting = false
    const packed = this.capture.packed || /\.gz$/i.test(this.path)
    this.output = await WrittenFile.open(this.path, packed, waiting, belonging)
    this.begin(snapshot)
    await this.output.drained()
  }

  /** Whether events are written in the order of their rows, which need not be scouted. */
  get keepsOrder(): boolean {
    return this.capture.bothDirections
  }

  /** The write that waits for its reader, or for one to open the file, as a number that grows with what was taken; 0: none does. */
  get awaited(): number {
    const { output } = this
    return output === undefined ? 1 : output.awaited
  }

  /** Rows that there is no event for, and bytes of arguments that no event has room for. */
  get leftOut(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.events.leftOut, bytes: this.events.cut }
  }

  /**
   * Looks through rows before the file is opened, all that will be written, in the same order: which calls begin so long before
   * their end that they would have to be waited for. Without it the beginnings of such calls stand later than their time says.
   */
  scout(batch: EventBatch, keep: Uint8Array | undefined): void {
    this.scouting = true
    if (batch.resync !== undefined) this.events.renew()
    this.add(batch, keep, true)
  }

  /** Adds the beginning of a thread, of which the row under the cursor tells; its batch is written afterwards. */
  birth(e: Event, t: Thread): void {
    this.births.push({ time: e.time, block: birthBlock(e, t, startOf(this.capture.info)) })
  }

  /**
   * Takes over the rows of a batch, which may be reused at once; keep: see Keep of sinks. A promise means: wait for it before
   * writing more. Throws, or rejects with, the WriteError of earlier rows.
   */
  write(batch: EventBatch, keep: Uint8Array): Promise<void> | undefined {
    const output = this.output as WrittenFile
    if (batch.resync !== undefined) {
      this.take(output, true)
      this.events.renew()
      this.begin(batch.resync)
    }
    for (const { time, block } of this.births.splice(0)) this.events.insert(time, block)
    this.add(batch, keep, false)
    this.busy ||= batch.count > 0
    this.take(output, false)
    return output.waiting > MOST_WAITING ? output.drained(MOST_WAITING / 2) : undefined
  }

  /** Writes what nothing can come before any more, also where a live capture is quiet. */
  flush(): void {
    const { output, events } = this
    const { info } = this.capture
    if (output === undefined || this.closed || info.kind !== 'live') return
    if (!this.busy) events.passed(captureNow(info))
    this.busy = false
    this.take(output, false)
  }

  /** Writes the rest and ends the file. Rejects with WriteError when any of it could not be written. */
  async close(): Promise<void> {
    const { output } = this
    if (output === undefined || this.closed) return
    this.closed = true
    try {
      this.take(output, true)
    } finally {
      await output.close()
    }
  }

  /** Writes what nothing can come before any more, or everything. */
  private take(output: WrittenFile, all: boolean): void {
    for (;;) {
      const buffer = output.buffer()
      const bytes = this.events.take(buffer, all)
      output.writeFrom(buffer, bytes < 0 ? ~bytes : bytes)
      if (bytes >= 0) return
    }
  }

  private begin(snapshot: Snapshot): void {
    const { info } = this.capture
    this.output?.write(Buffer.concat([section(info, snapshot), accountEvents(snapshot, startOf(info))]))
  }

  /** Which parameters were recorded; rows may hold more, which the event at the other end of their call told. */
  private giveForms(forms: EventBatch['forms']): void {
    if (forms !== this.forms) this.told = 0
    this.forms = forms
    for (; this.told < forms.length; this.told++) {
      const { index, generic, recordedAs } = forms[this.told] ?? {}
      const params = generic ? undefined : index?.reduce((bits, p) => (p < 0 ? bits : bits | (1 << p)), 0)
      this.events.giveForm(this.told, (params ?? ALL) >>> 0, generic === true || recordedAs !== undefined)
    }
  }

  /** What rows of a code, or of a form, become. */
  private made(id: number, forms: EventBatch['forms']): Written {
    const form = id < CODE_LIMIT ? undefined : forms[id - CODE_LIMIT]
    return form === undefined ? this.programs.row(id) : this.programs.formed(form)
  }

  /** Throws WriteError for rows that are none. */
  private add(batch: EventBatch, keep: Uint8Array | undefined, scout: boolean): void {
    if (batch.form !== undefined) this.giveForms(batch.forms)
    try {
      for (let row = 0; row < batch.count; ) row = this.addFrom(row, batch, keep, scout)
    } catch (e) {
      const why = 'the capture that it is made of is damaged'
      throw new WriteError(`${this.path} cannot be written any further: ${why} (${(e as Error).message})`, e)
    }
  }

  /** Adds rows from `row` on, and answers where something is asked; the row to go on with. */
  private addFrom(row: number, batch: EventBatch, keep: Uint8Array | undefined, scout: boolean): number {
    const { events, programs, report } = this
    const { buffer, capacity, arenaBytes, count, form, argEnd } = batch
    const next = events.add(buffer, capacity, arenaBytes, row, count, keep, form, scout, report, argEnd)
    const [kind, what = 0, low = 0, high = 0] = report
    if (kind === ASKED.ROW) events.giveRow(what, ...this.made(what, batch.forms))
    else if (kind === ASKED.VALUE) events.giveValue(what, low, high, programs.values.portable(what, low, high))
    return next
  }
}
