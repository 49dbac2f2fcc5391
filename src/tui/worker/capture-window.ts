// The capture window of the UI: the newest events of a capture of this machine, compressed in memory, which can be read
// like a file.

import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { type BootNs, bootOf } from '../../model/time.js'
import type { Sink } from '../../run/sink.js'
import type { ReadRequest } from '../../source/read-request.js'
import type { CaptureSource } from '../../source/source.js'
import { MemoryCopy, type SegmentRange } from '../../trace/memory-copy.js'
import { type MemoryBounds, type MemorySegment, MemoryTrace } from '../../trace/memory-trace.js'
import { RowNames } from '../../trace/row-names.js'
import type { LiveCapture } from './live-capture.js'

export class CaptureWindow implements Sink {
  /** number of the last event in it */
  last = 0
  private readonly names = new RowNames()
  private failed = false
  /** copies in progress */
  private readonly copies = new Set<Promise<unknown>>()
  private warnedCrowded = false
  private closed = false

  private constructor(
    readonly capture: LiveCapture,
    private readonly memory: MemoryTrace,
    /** its calls have data */
    readonly hasData: boolean,
    private readonly report: (text: string) => void,
  ) {}

  /** The window of a capture that starts; undefined, and reported, if memory cannot be allocated. */
  static open(
    capture: LiveCapture,
    bounds: MemoryBounds,
    hasData: boolean,
    report: (text: string) => void,
  ): CaptureWindow | undefined {
    try {
      return new CaptureWindow(
        capture,
        MemoryTrace.open(capture.info, bounds, () => capture.stats()),
        hasData,
        report,
      )
    } catch (e) {
      report((e as Error).message)
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
      this.report(`recent calls are no longer retained: ${(e as Error).message}`)
    }
    if (this.warnedCrowded || memory.oversizedKeyframe === undefined) return
    this.warnedCrowded = true
    this.report('recent calls have little memory left: use a larger --last')
  }

  /** Whether it records new events. */
  get isRecording(): boolean {
    return !this.failed
  }

  /** CLOCK_BOOTTIME (ns) now, and of the start from which it is complete */
  get now(): BootNs {
    return bootOf(this.capture.info, this.capture.now())
  }

  get start(): BootNs {
    return bootOf(this.capture.info, this.memory.since)
  }

  /** length of its contents up to now, in ns */
  get retained(): number {
    return Math.max(0, this.now - this.start)
  }

  /** bytes of memory in use */
  get bytes(): number {
    return this.memory.bytes
  }

  /** Its present contents as segments that can be read independently, oldest first. Rejects with TraceError. */
  async segments(): Promise<readonly MemorySegment[]> {
    if (this.closed) return []
    await this.memory.flush()
    return this.memory.segments
  }

  /** Whether it still contains a segment. */
  has({ offset }: MemorySegment): boolean {
    return !this.closed && this.memory.segments.some((p) => p.offset === offset)
  }

  /** Opens its present contents, or the wanted part of them. Rejects with TraceError. */
  async open(wanted: SegmentRange, { relevant }: ReadRequest): Promise<CaptureSource> {
    return (await this.copy(wanted)).openOnce(relevant)
  }

  /** Copies its present contents, or the wanted part of them. Rejects with TraceError. */
  async copy(wanted: SegmentRange = {}): Promise<MemoryCopy> {
    if (this.closed) throw new Error('it is no longer retained')
    const { capture, memory } = this
    const copy = MemoryCopy.create(memory, { info: capture.info, stats: () => capture.stats() }, wanted)
    const done = copy.catch(() => undefined).finally(() => this.copies.delete(done))
    this.copies.add(done)
    return copy
  }

  /** Frees its memory, once no copy is in progress. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all(this.copies)
    await this.memory.close()
  }
}
