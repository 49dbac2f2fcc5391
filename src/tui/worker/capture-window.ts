// What the UI keeps of a capture of this machine: the newest calls, compressed in memory, to be read again like a file.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Sink } from '../../run/sink.js'
import type { ReadRequest } from '../../source/read-request.js'
import type { CaptureSource } from '../../source/source.js'
import { MemoryCopy, type SegmentRange } from '../../trace/memory-copy.js'
import { type MemoryBounds, type MemorySegment, MemoryTrace } from '../../trace/memory-trace.js'
import { RowNames } from '../../trace/row-names.js'
import type { LiveCapture } from './live-capture.js'

export class CaptureWindow implements Sink {
  /** number of the last event that is in it */
  last = 0
  private readonly names = new RowNames()
  private failed = false
  /** copies that are being made of it */
  private readonly copies = new Set<Promise<unknown>>()
  private warnedCrowded = false
  private closed = false

  private constructor(
    readonly capture: LiveCapture,
    private readonly memory: MemoryTrace,
    /** the calls in it have data */
    readonly hasData: boolean,
    private readonly tell: (text: string) => void,
  ) {}

  /** One for a capture that begins; undefined where the system gives no memory, which is told. */
  static open(
    capture: LiveCapture,
    bounds: MemoryBounds,
    hasData: boolean,
    tell: (text: string) => void,
  ): CaptureWindow | undefined {
    try {
      return new CaptureWindow(
        capture,
        MemoryTrace.open(capture.info, bounds, () => capture.stats()),
        hasData,
        tell,
      )
    } catch (e) {
      tell((e as Error).message)
      return undefined
    }
  }

  begin(): void {
    this.memory.keyframe(this.capture.state.snapshot())
  }

  show(e: Event): void {
    this.last = e.num
    this.names.note(e)
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number): Promise<void> {
    if (this.failed) return
    const { memory, capture } = this
    try {
      await memory.write(batch, keep, this.names.take(), from, to)
      if (memory.keyframeDue) memory.keyframe(capture.state.snapshot())
    } catch (e) {
      this.failed = true
      this.tell(`the last calls are kept no more: ${(e as Error).message}`)
    }
    if (this.warnedCrowded || memory.oversizedKeyframe === undefined) return
    this.warnedCrowded = true
    this.tell('what exists on this machine takes most of the memory for the last calls: a larger --last keeps more')
  }

  /** Whether it takes what comes. */
  get isRecording(): boolean {
    return !this.failed
  }

  /** CLOCK_BOOTTIME (ns) now, and from which on it has everything */
  get now(): number {
    return this.capture.now() + this.capture.info.startBoot
  }

  get start(): number {
    return this.memory.since + this.capture.info.startBoot
  }

  /** ns up to now that are in it */
  get retained(): number {
    return Math.max(0, this.now - this.start)
  }

  /** bytes of memory that it takes */
  get bytes(): number {
    return this.memory.bytes
  }

  /** What is in it at this moment, in parts that stand alone, oldest first. Rejects with TraceError. */
  async segments(): Promise<readonly MemorySegment[]> {
    if (this.closed) return []
    await this.memory.flush()
    return this.memory.segments
  }

  /** Whether a part is still in it. */
  has({ offset }: MemorySegment): boolean {
    return !this.closed && this.memory.segments.some((p) => p.offset === offset)
  }

  /** Reads what is in it at this moment, or what is wanted of that. Rejects with TraceError. */
  async open(wanted: SegmentRange, { relevant }: ReadRequest): Promise<CaptureSource> {
    return (await this.copy(wanted)).openOnce(relevant)
  }

  /** A copy of what is in it at this moment, or of what is wanted of that. Rejects with TraceError. */
  async copy(wanted: SegmentRange = {}): Promise<MemoryCopy> {
    if (this.closed) throw new Error('it is kept no more')
    const { capture, memory } = this
    const copy = MemoryCopy.create(memory, { info: capture.info, stats: () => capture.stats() }, wanted)
    const done = copy.catch(() => undefined).finally(() => this.copies.delete(done))
    this.copies.add(done)
    return copy
  }

  /** Gives its memory back, once nobody copies from it. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.copies)
    await this.memory.close()
  }
}
