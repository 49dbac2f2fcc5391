// Copies what a trace in memory keeps, and what it takes until the copy is to end, to a file: block by block, as they are.
import type { EventDef } from '../schema/types.js'
import type { CaptureInfo, CaptureStats } from '../source/source.js'
import { statsSince } from '../source/stats.js'
import { codec } from './codec.js'
import { blockHeader } from './format.js'
import type { Hold, KeptBlock, MemoryTrace } from './memory-trace.js'
import type { Output } from './output.js'
import { TraceWriter } from './writer.js'

/** What a copy is made of. */
export interface Dumped {
  readonly info: CaptureInfo
  /** definitions of the rows where the source has its own */
  readonly defs?: readonly (EventDef | undefined)[] | undefined
  /** of the run so far */
  readonly stats: () => CaptureStats
}

export class TraceDump {
  /** offset in the memory at which it ends, once that is known */
  private end = Number.POSITIVE_INFINITY
  /** of what is in it, and the batch time (ns) of its last row, once that is known */
  private stats: CaptureStats | undefined
  private last: number | undefined
  /** bytes of the file so far */
  bytes = 0

  private constructor(
    private readonly memory: MemoryTrace,
    private readonly hold: Hold,
    private readonly writer: TraceWriter,
    private readonly of: Dumped,
  ) {}

  /** Begins a copy of what is held in an open output, which is closed at its end. Throws TraceError. */
  static async begin(memory: MemoryTrace, hold: Hold, output: Output, of: Dumped): Promise<TraceDump> {
    const { keyframe } = hold
    const start = await begun(memory, hold).catch(async (e: unknown) => {
      await output.close()
      throw e
    })
    const writer = await TraceWriter.begin(output, { info: of.info, defs: of.defs, run: memory.run, ...start })
    memory.passed(hold, endOf(keyframe))
    return new TraceDump(memory, hold, writer, of)
  }

  /** s of capture time in it */
  get seconds(): number {
    return ((this.last ?? this.memory.lastTime) - this.hold.from) / 1e9
  }

  /** Copies until finish() was called, then completes the file and holds nothing any more. Rejects with TraceError. */
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
          memory.passed(hold, endOf(block))
        }
      }
    } finally {
      memory.release(hold)
      await writer.close(statsSince(hold.stats, this.stats ?? this.of.stats()))
      this.bytes = writer.size
    }
  }

  /**
   * Nothing comes into the file that the memory takes from now on; what it could not keep does not, either. end: offset
   * in the memory behind which nothing is wanted.
   */
  async finish(end?: number): Promise<void> {
    const { memory } = this
    this.stats = this.of.stats()
    this.last = memory.lastTime
    // who reads the memory tells what is wrong with it
    await memory.flush().catch(() => undefined)
    this.end = end ?? memory.end
    memory.wake()
  }
}

/** What exists at the beginning of what is held, packed, and the number of the block that follows. */
async function begun(memory: MemoryTrace, { keyframe }: Hold): Promise<{ existing: Buffer; seq: number }> {
  const bytes = await memory.read(keyframe)
  const existing = await codec().decodePayload(bytes)
  return { existing, seq: (blockHeader(bytes)?.seq ?? 0) + 1 }
}

function endOf({ offset, bytes }: KeptBlock): number {
  return offset + bytes
}
