// Copies the contents of a trace in memory to a file, block by block and unchanged, along with what is added until the
// copy is finished.
import type { EventDef } from '../schema/types.js'
import type { CaptureInfo, CaptureStats } from '../source/source.js'
import { statsSince } from '../source/stats.js'
import { codec } from './codec.js'
import { blockHeader } from './format.js'
import type { Hold, MemoryTrace, RetainedBlock } from './memory-trace.js'
import type { Output } from './output.js'
import { TraceWriter } from './writer.js'

/** Describes the capture that is copied. */
export interface DumpSource {
  readonly info: CaptureInfo
  /** definitions of the rows, if the source has its own */
  readonly defs?: readonly (EventDef | undefined)[] | undefined
  /** statistics of the run so far */
  readonly stats: () => CaptureStats
}

export class TraceDump {
  /** offset in the memory at which the copy ends, once known */
  private end = Number.POSITIVE_INFINITY
  /** statistics of the copied rows, and the batch time (ns) of the last one, once known */
  private stats: CaptureStats | undefined
  private last: number | undefined
  /** bytes of the file so far */
  bytes = 0

  private constructor(
    private readonly memory: MemoryTrace,
    private readonly hold: Hold,
    private readonly writer: TraceWriter,
    private readonly source: DumpSource,
  ) {}

  /** Starts a copy of the held blocks to an open output, which is closed at its end. Throws TraceError. */
  static async start(memory: MemoryTrace, hold: Hold, output: Output, source: DumpSource): Promise<TraceDump> {
    const { keyframe } = hold
    const first = await firstState(memory, hold).catch(async (e: unknown) => {
      await output.close()
      throw e
    })
    const writer = await TraceWriter.start(output, { info: source.info, defs: source.defs, run: memory.run, ...first })
    memory.advance(hold, endOf(keyframe))
    return new TraceDump(memory, hold, writer, source)
  }

  /** seconds of capture time in the copy */
  get seconds(): number {
    return ((this.last ?? this.memory.lastTime) - this.hold.from) / 1e9
  }

  /** Copies until finish() is called, then completes the file and releases the hold. Rejects with TraceError. */
  async run(): Promise<void> {
    const { memory, writer, hold } = this
    try {
      while (hold.next < this.end) {
        const blocks = memory.blocksFrom(hold.next)
        if (blocks.length === 0) await memory.next()
        for (const block of blocks) {
          if (block.offset >= this.end) break
          await writer.copy(await memory.read(block))
          this.bytes = writer.size
          memory.advance(hold, endOf(block))
        }
      }
    } finally {
      memory.release(hold)
      await writer.close(statsSince(hold.stats, this.stats ?? this.source.stats()))
      this.bytes = writer.size
    }
  }

  /**
   * Ends the copy: it excludes everything that the memory accepts from now on. end: offset in the memory at which it
   * ends at the latest.
   */
  async finish(end?: number): Promise<void> {
    const { memory } = this
    this.stats = this.source.stats()
    this.last = memory.lastTime
    // errors of the memory are reported by its writer
    await memory.flush().catch(() => undefined)
    this.end = end ?? memory.end
    memory.wake()
  }
}

/** The packed state at the start of the held blocks, and the number of the block after it. */
async function firstState(memory: MemoryTrace, { keyframe }: Hold): Promise<{ existing: Buffer; seq: number }> {
  const bytes = await memory.read(keyframe)
  const existing = await codec().decodePayload(bytes)
  return { existing, seq: (blockHeader(bytes)?.seq ?? 0) + 1 }
}

function endOf({ offset, bytes }: RetainedBlock): number {
  return offset + bytes
}
