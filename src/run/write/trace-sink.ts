// Writes a trace: the rows that passed, and those that the state depends on when the trace is read.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { EVENTS } from '../../schema/events/index.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { ContentsCounter, type TraceWriter } from '../../trace/index.js'
import { RowNames } from '../../trace/row-names.js'
import { KEEP, type Sink } from '../sink.js'

/** Writes events to a trace file, and the state that reading them requires. */
export class TraceSink implements Sink {
  private readonly names = new RowNames()
  /** the capture's first event is always written, whatever the filter is: relative times count from it */
  private hasFirst: boolean
  private readonly contents: ContentsCounter

  constructor(
    private readonly writer: TraceWriter,
    private readonly state: State,
    source: CaptureSource,
    /** statistics of the run so far */
    private readonly stats: () => CaptureStats,
    /** the file continues where another one ended */
    continues = false,
  ) {
    this.hasFirst = continues
    this.contents = new ContentsCounter(source.tables?.defs ?? EVENTS)
  }

  show(e: Event): void {
    this.contents.add(e)
    this.names.note(e)
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    if (!this.hasFirst && keep[0] === KEEP.DROP) keep[0] = KEEP.HIDDEN
    this.hasFirst = true
    await this.writer.write(batch, keep, this.names.take(), from, to)
    if (this.writer.keyframeDue) this.writer.keyframe(this.state.snapshot())
  }

  get awaited(): number {
    return this.writer.awaited
  }

  async end(): Promise<void> {
    await this.writer.close(this.stats(), this.contents.contents())
  }
}
