// Copies what a trace in memory keeps, and what it takes until the copy is to end, to a file: block by block, as they are.
import type { EventDef } from '../schema/types.js'
import type { CaptureInfo, CaptureStats } from '../source/source.js'
import type { WrittenBlock } from './block-writer.js'
import { codec } from './codec.js'
import { blockHeader } from './format.js'
import type { Hold, MemoryTrace } from './memory-trace.js'
import type { Output } from './output.js'
import { TraceWriter } from './writer.js'

export class TraceDump {
  private ending = false
  /** bytes of the file so far */
  bytes = 0

  private constructor(
    private readonly memory: MemoryTrace,
    private readonly writer: TraceWriter,
    private readonly hold: Hold,
  ) {}

  /**
   * Begins a copy of all that is kept, in an open output, which is closed at its end. defs: definitions of the rows where the
   * source has its own. Throws TraceError.
   */
  static async begin(
    memory: MemoryTrace,
    output: Output,
    info: CaptureInfo,
    defs?: readonly (EventDef | undefined)[],
  ): Promise<TraceDump> {
    const { keyframe } = memory.oldest
    const hold = memory.hold(keyframe.offset)
    try {
      const existing = await codec().decodePayload(await memory.read(keyframe))
      const seq = (blockHeader(keyframe.head)?.seq ?? 0) + 1
      const writer = await TraceWriter.begin(output, { info, existing, defs, seq })
      memory.passed(hold, endOf(keyframe))
      return new TraceDump(memory, writer, hold)
    } catch (e) {
      memory.release(hold)
      throw e
    }
  }

  /** Copies until finish() was called, then completes the file. stats: of what is in it. Rejects with TraceError. */
  async run(stats: () => CaptureStats): Promise<void> {
    const { memory, writer, hold } = this
    try {
      for (;;) {
        const { ending } = this
        const blocks = memory.blocksFrom(hold.next)
        for (const block of blocks) {
          await writer.copy(block, await memory.read(block))
          this.bytes = writer.size
          memory.passed(hold, endOf(block))
        }
        if (blocks.length > 0) continue
        if (ending) break
        await memory.next()
      }
    } finally {
      memory.release(hold)
      await writer.close(stats())
      this.bytes = writer.size
    }
  }

  /** Nothing comes into the file that the memory takes from now on. */
  async finish(): Promise<void> {
    await this.memory.flush()
    this.ending = true
    this.memory.wake()
  }
}

function endOf({ offset, bytes }: WrittenBlock): number {
  return offset + bytes
}
