// Writes .scap files: a section with the state at the start, then the events of the rows, in order.

import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Thread } from '../../model/thread.js'
import { startOf } from '../../model/time.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { EVENTS, LAYOUTS } from '../../schema/events/index.js'
import type { Belonging } from '../../source/belonging.js'
import type { Waiting } from '../../source/files.js'
import { WriteError } from '../../source/reason.js'
import type { CaptureInfo, CaptureSource } from '../../source/source.js'
import { captureNow } from '../../source/source.js'
import { WrittenFile } from '../../source/written-file.js'
import { birthBlock } from './births.js'
import { EventPrograms } from './events.js'
import { NEEDS, REPORT_SIZE, type RowProgram, type ScapEvents, scapEvents } from './native.js'
import type { ScapSchema } from './schemas.js'
import { accountEvents, section } from './section.js'

/** bytes being written above which write() makes its caller wait */
const MAX_WAITING = 16 << 20
/** bits of all parameters */
const ALL = 0xffffffff

/** The capture that is written. */
export interface ScapCapture {
  readonly info: CaptureInfo
  readonly tables?: CaptureSource['tables']
  /** rows already have libs' values: they come from a .scap file, directly or through a trace */
  readonly portable: boolean
  /** each direction of a call is a separate row, and the order of rows is preserved */
  readonly bothDirections: boolean
  /** the file is compressed, even if its name does not end in .gz */
  readonly packed: boolean
  /** the version of libs whose declarations the file follows; by default the oldest */
  readonly schema?: ScapSchema | undefined
}

export class ScapWriter {
  private readonly programs: EventPrograms
  private readonly events: ScapEvents
  private readonly report = new Float64Array(REPORT_SIZE)
  private output: WrittenFile | undefined
  private scouting = false
  private closed = false
  /**
   * Rows were written since the last flush(). They determine the capture's current time, which may be behind the real
   * time.
   */
  private busy = false
  /** events for starts of threads in the batch that is written next */
  private births: { readonly time: number; readonly block: Buffer }[] = []
  /** forms of rows, and how many of them were given to the addon */
  private forms: EventBatch['forms'] = []
  private formsGiven = 0

  private constructor(
    private readonly path: string,
    private readonly capture: ScapCapture,
  ) {
    const { defs, layouts } = capture.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    const rows = { native: !capture.portable, arch: capture.info.arch }
    this.programs = new EventPrograms(defs, layouts, rows, capture.schema)
    this.events = scapEvents(path, startOf(capture.info), !capture.bothDirections)
  }

  /** Prepares writing a file; nothing is opened yet. Throws WriteError. */
  static for(path: string, capture: ScapCapture): ScapWriter {
    return new ScapWriter(path, capture)
  }

  /**
   * Starts the file with the state at the start. It is readable by its owner only unless `belonging` specifies otherwise. Opening
   * a FIFO waits for its reader. Throws WriteError if it cannot be written.
   */
  async open(snapshot: Snapshot, waiting: Waiting = {}, belonging?: Belonging): Promise<void> {
    if (this.scouting) this.events.begin()
    this.scouting = false
    const packed = this.capture.packed || /\.gz$/i.test(this.path)
    this.output = await WrittenFile.open(this.path, packed, waiting, belonging)
    this.writeSection(snapshot)
    await this.output.drained()
  }

  /** Whether events are written in the order of their rows; scouting is then unnecessary. */
  get keepsOrder(): boolean {
    return this.capture.bothDirections
  }

  /**
   * Identifies the write that waits for a reader, or for one to open the FIFO, by a number that grows with the bytes
   * written; 0: none waits.
   */
  get awaited(): number {
    const { output } = this
    return output === undefined ? 1 : output.awaited
  }

  /** Number of rows without an event, and of bytes of arguments that no event can contain. */
  get omitted(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.events.leftOut, bytes: this.events.cut }
  }

  /**
   * Scouts rows before the file is opened: all that will be written, in the same order. It finds calls that start so long before
   * their end that the events in between could not be buffered. Without scouting, the enter events of such calls are
   * written late.
   */
  scout(batch: EventBatch, keep: Uint8Array | undefined): void {
    this.scouting = true
    if (batch.resync !== undefined) this.events.renew()
    this.add(batch, keep, true)
  }

  /** Adds the start of the thread whose row is under the cursor. Write its batch afterwards. */
  birth(e: Event, t: Thread): void {
    this.births.push({ time: e.time, block: birthBlock(e, t, startOf(this.capture.info)) })
  }

  /**
   * Converts the rows of a batch, which may be reused at once; keep: a value of KEEP for each row. A promise means: wait for it
   * before the next write. Throws, or rejects with, the WriteError of earlier rows.
   */
  write(batch: EventBatch, keep: Uint8Array): Promise<void> | undefined {
    const output = this.output as WrittenFile
    if (batch.resync !== undefined) {
      this.take(output, true)
      this.events.renew()
      this.writeSection(batch.resync)
    }
    for (const { time, block } of this.births.splice(0)) this.events.insert(time, block)
    this.add(batch, keep, false)
    this.busy ||= batch.count > 0
    this.take(output, false)
    return output.waiting > MAX_WAITING ? output.drained(MAX_WAITING / 2) : undefined
  }

  /** Writes events that no other can precede, also while a live capture has no events. */
  flush(): void {
    const { output, events } = this
    const { info } = this.capture
    if (output === undefined || this.closed || info.kind !== 'live') return
    if (!this.busy) events.passed(captureNow(info))
    this.busy = false
    this.take(output, false)
  }

  /** Writes the rest and ends the file. Rejects with WriteError if any of it could not be written. */
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

  /** Writes events that no other can precede, or all. */
  private take(output: WrittenFile, all: boolean): void {
    for (;;) {
      const buffer = output.buffer()
      const bytes = this.events.take(buffer, all)
      output.writeFrom(buffer, bytes < 0 ? ~bytes : bytes)
      if (bytes >= 0) return
    }
  }

  private writeSection(snapshot: Snapshot): void {
    const { info } = this.capture
    this.output?.write(Buffer.concat([section(info, snapshot), accountEvents(snapshot, startOf(info))]))
  }

  /** Sets which parameters were recorded. Rows may contain more, from the other event of their call. */
  private giveForms(forms: EventBatch['forms']): void {
    if (forms !== this.forms) this.formsGiven = 0
    this.forms = forms
    for (; this.formsGiven < forms.length; this.formsGiven++) {
      const { index, generic, recordedAs } = forms[this.formsGiven] ?? {}
      const params = generic ? undefined : index?.reduce((bits, p) => (p < 0 ? bits : bits | (1 << p)), 0)
      this.events.giveForm(this.formsGiven, (params ?? ALL) >>> 0, generic === true || recordedAs !== undefined)
    }
  }

  /** The program for rows of a code, or of a form. */
  private programFor(id: number, forms: EventBatch['forms']): RowProgram {
    const form = id < CODE_LIMIT ? undefined : forms[id - CODE_LIMIT]
    return form === undefined ? this.programs.row(id) : this.programs.formed(form)
  }

  /** Throws WriteError for malformed rows. */
  private add(batch: EventBatch, keep: Uint8Array | undefined, scout: boolean): void {
    if (batch.form !== undefined) this.giveForms(batch.forms)
    try {
      for (let row = 0; row < batch.count; ) row = this.addFrom(row, batch, keep, scout)
    } catch (e) {
      const why = 'the source capture is damaged'
      throw new WriteError(`${this.path} cannot be written any further: ${why} (${(e as Error).message})`, e)
    }
  }

  /** Adds rows from `row` on, and gives the addon what it needs. Returns the row to continue with. */
  private addFrom(row: number, batch: EventBatch, keep: Uint8Array | undefined, scout: boolean): number {
    const { events, programs, report } = this
    const { buffer, capacity, arenaBytes, count, form, argEnd } = batch
    const next = events.add(buffer, capacity, arenaBytes, row, count, keep, form, scout, report, argEnd)
    const [kind, id = 0, low = 0, high = 0] = report
    if (kind === NEEDS.ROW) events.giveRow(id, ...this.programFor(id, batch.forms))
    else if (kind === NEEDS.VALUE) events.giveValue(id, low, high, programs.values.portable(id, low, high))
    return next
  }
}
