// What happens with the events that passed: lines of text or JSON, a summary, a trace file.
import { ByteWriter } from '../../format/bytes/byte-writer.js'
import type { Summary } from '../../format/summary.js'
import type { Template } from '../../format/template/template.js'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { EVENTS } from '../../schema/events/index.js'
import { KEEP, type Sink } from '../../sink.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { ContentsCounter, type TraceWriter } from '../../trace/index.js'
import { RowNames } from '../../trace/row-names.js'
import type { Output } from '../output/stdout.js'

/** Bytes of lines that go out in one piece. */
const CHUNK = 256 * 1024

/** Prints a line for each event. A chunk is written while the next one is made. */
export class LineSink implements Sink {
  private bytes = new ByteWriter(CHUNK + 65536)
  /** what the chunk that is being written lies in */
  private other = new ByteWriter(CHUNK + 65536)
  private writing: Promise<void> | void = undefined
  private readonly room: number

  constructor(
    private readonly template: Template,
    private readonly out: Output,
    unbuffered: boolean,
  ) {
    this.room = unbuffered ? 1 : CHUNK
  }

  show(e: Event): void {
    this.template.append(this.bytes, e)
  }

  get full(): boolean {
    return this.bytes.length >= this.room
  }

  async flush(): Promise<void> {
    if (this.bytes.length === 0) return
    await this.writing
    this.writing = this.out.write(this.bytes.view())
    // a failure is told to whoever writes the next chunk, or ends
    this.writing?.catch(() => undefined)
    const full = this.bytes
    this.bytes = this.other
    this.bytes.clear()
    this.other = full
  }

  async end(): Promise<void> {
    await this.writing
  }
}

/** Counts events for -S; prints nothing itself. */
export class SummarySink implements Sink {
  constructor(private readonly summary: Summary) {}

  show(e: Event): void {
    this.summary.add(e)
  }
}

/** Writes events to a trace file, with the state that reading them back needs. */
export class TraceSink implements Sink {
  private readonly names = new RowNames()
  /** the capture's first event is kept whatever the filter says: relative times count from it */
  private begun: boolean
  private readonly contents: ContentsCounter

  constructor(
    private readonly writer: TraceWriter,
    private readonly state: State,
    source: CaptureSource,
    /** of the run so far */
    private readonly stats: () => CaptureStats,
    /** it goes on where another file ended */
    goesOn = false,
  ) {
    this.begun = goesOn
    this.contents = new ContentsCounter(source.tables?.defs ?? EVENTS, source.info.has)
  }

  show(e: Event): void {
    this.contents.add(e)
    this.names.note(e)
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    if (!this.begun && keep[0] === KEEP.DROP) keep[0] = KEEP.HIDDEN
    this.begun = true
    this.contents.span(batch, keep, from, to)
    await this.writer.write(batch, keep, this.names.take(), from, to)
    if (this.writer.keyframeDue) this.writer.keyframe(this.state.snapshot())
  }

  get blocked(): boolean {
    return this.writer.blocked
  }

  async end(): Promise<void> {
    await this.writer.close(this.stats(), this.contents.contents())
  }
}
