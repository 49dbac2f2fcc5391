// A trace in memory: of what comes in it keeps the newest, compressed as in a file. It goes in segments, each of which begins
// with a keyframe, so that what is kept stands alone; the oldest goes as a whole.
import { randomBytes } from 'node:crypto'
import { close, read } from 'node:fs'
import { getSystemErrorName, promisify } from 'node:util'
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { native } from '../source/native.js'
import { reason } from '../source/reason.js'
import type { CaptureInfo, CaptureStats } from '../source/source.js'
import type { Names } from './block-summary.js'
import { BlockWriter, type RowWriter, type WrittenBlock } from './block-writer.js'
import { TraceError } from './error.js'
import { KIND } from './format.js'
import { Output } from './output.js'
import { PREFACE_BLOCKS } from './writer.js'

const readAt = promisify(read)
/** segments that fill the memory, or the time: so much at most is given up at once */
const SEGMENTS = 16
/** a segment is this many times as large as its keyframe, so that keyframes do not take much of the memory */
const KEYFRAME_SHARE = 8
/** ns between two keyframes where little happens, at least: so much more than was wanted may be kept */
const SPARSE = 2.5e9
/** a keyframe of more than this part of the memory is too large for it */
const CROWDED = 4
/** what is held for a reader may take this many times the memory before writing waits for him */
const HELD = 1.5

export interface MemoryBounds {
  /** bytes that are kept at most */
  readonly bytes: number
  /** ns of capture time that are wanted; undefined: as much as the bytes hold */
  readonly time?: number | undefined
}

/** A block that is kept. Its head is in its bytes only: of small blocks, of which there are many, it is a large part. */
export type KeptBlock = Omit<WrittenBlock, 'head'>

interface Segment {
  /** its blocks, the keyframe first */
  readonly blocks: KeptBlock[]
  /** batch time (ns) of the last row before it */
  readonly from: number
  /** of the run up to there */
  readonly stats: CaptureStats
}

/** A part of what is kept, which stands alone. */
export interface Part {
  /** batch time (ns) of the last row before it */
  readonly from: number
  /** offsets of its first block, and behind its last one; undefined while it is being written */
  readonly offset: number
  readonly end: number | undefined
}

/** All that is kept at one moment, and what comes after it, until it is released. */
export interface Hold {
  /** with which it begins */
  readonly keyframe: KeptBlock
  /** batch time (ns) of the last row before it, and the numbers of the run up to there */
  readonly from: number
  readonly stats: CaptureStats
  /** offset in the memory: blocks before it are not needed any more */
  next: number
}

export class MemoryTrace implements RowWriter {
  /** identifies this memory in the files that are copied from it, whose blocks have the same numbers wherever they begin */
  readonly run = randomBytes(16).toString('hex')
  private readonly blocks: BlockWriter
  /** oldest first; the last is being written */
  private segments: Segment[] = []
  /** those whose keyframes are not written yet */
  private readonly begun: Omit<Segment, 'blocks'>[] = []
  private readonly holds = new Set<Hold>()
  /** who waits for the next block, or for a hold to move on */
  private waiters: (() => void)[] = []
  /** of the last keyframe, and where it ends: the segment has nothing else up to there */
  private keyframeBytes = 0
  private filledFrom = Number.POSITIVE_INFINITY
  private begunAt = Number.NEGATIVE_INFINITY
  /** the memory before this is given back */
  private freed = 0
  /** what is older than was wanted stays, as far as there is room */
  keepsOld = false
  /** memory that could not be given back: more must not be taken */
  private failure: TraceError | undefined

  private constructor(
    private readonly fd: number,
    info: CaptureInfo,
    private readonly bounds: MemoryBounds,
    private readonly stats: () => CaptureStats,
  ) {
    this.blocks = new BlockWriter(memoryOutput(fd), info, PREFACE_BLOCKS, (block) => this.take(block))
  }

  /** stats: of the run so far. Throws TraceError where the system gives no such memory. */
  static open(info: CaptureInfo, bounds: MemoryBounds, stats: () => CaptureStats): MemoryTrace {
    let fd: number
    try {
      fd = native().memoryFile()
    } catch (e) {
      throw new TraceError('EWRITE', 'memory', `nothing can be kept in memory: ${reason(e)}`, e)
    }
    return new MemoryTrace(fd, info, bounds, stats)
  }

  /** bytes that are kept */
  get bytes(): number {
    return this.blocks.size - this.freed
  }

  /** ns of capture time that are wanted; undefined: as much as there is room for */
  get wanted(): number | undefined {
    return this.bounds.time
  }

  /** batch time (ns) from which on everything is kept */
  get since(): number {
    return this.segments[0]?.from ?? this.lastTime
  }

  /** batch time (ns) of the last row */
  get lastTime(): number {
    return this.blocks.lastTime
  }

  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from = 0, to = batch.count): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    return this.blocks.write(batch, keep, names, from, to) ?? this.settledHolds()
  }

  get keyframeDue(): boolean {
    const { bytes, time = Number.POSITIVE_INFINITY } = this.bounds
    const grown = this.blocks.size - this.filledFrom
    const worthIt = this.keyframeBytes * KEYFRAME_SHARE
    if (grown >= Math.max(bytes / SEGMENTS, Math.min(worthIt, bytes / 2))) return true
    const age = this.lastTime - this.begunAt
    // where little happens, too, what is much older than was wanted goes
    return (age >= time / SEGMENTS && grown >= worthIt) || (age >= Math.max(time / 2, SPARSE) && grown > 0)
  }

  /** bytes of the last keyframe where they are so many that little else has room beside it; undefined where they are not */
  get crowdedBy(): number | undefined {
    return this.keyframeBytes > this.bounds.bytes / CROWDED ? this.keyframeBytes : undefined
  }

  keyframe(snapshot: Snapshot): void {
    this.begunAt = this.lastTime
    this.begun.push({ from: this.lastTime, stats: this.stats() })
    this.filledFrom = Number.POSITIVE_INFINITY
    this.blocks.keyframe(snapshot, ({ offset, bytes }) => {
      this.keyframeBytes = bytes
      this.filledFrom = offset + bytes
    })
    this.trim()
  }

  /** Ends the block under construction; fulfilled once it is kept, whatever comes meanwhile. Rejects with TraceError. */
  async flush(): Promise<void> {
    this.blocks.cut()
    await this.blocks.written()
  }

  /** offset behind the last block that is kept */
  get end(): number {
    return this.blocks.size
  }

  /** What is kept in parts, each of which stands alone, oldest first. */
  get parts(): Part[] {
    return this.segments.map(({ from, blocks }, i) => ({
      from,
      offset: (blocks[0] as KeptBlock).offset,
      end: this.segments[i + 1]?.blocks[0]?.offset,
    }))
  }

  /**
   * Keeps everything until release(), or what comes from a part on. Throws TraceError before the first keyframe is written, and
   * when the part is kept no more.
   */
  hold(part?: Part): Hold {
    const segment =
      part === undefined ? this.segments[0] : this.segments.find((s) => s.blocks[0]?.offset === part.offset)
    if (segment === undefined) {
      const why = part === undefined ? 'nothing is kept in memory yet' : 'it is kept in memory no more'
      throw new TraceError('EREAD', 'memory', why)
    }
    const { blocks, from, stats } = segment
    const [keyframe] = blocks as [KeptBlock]
    const hold = { keyframe, from, stats, next: keyframe.offset }
    this.holds.add(hold)
    return hold
  }

  release(hold: Hold): void {
    this.holds.delete(hold)
    this.trim()
    this.wake()
  }

  /** The blocks from an offset on that are kept so far. */
  blocksFrom(offset: number): KeptBlock[] {
    return this.segments.flatMap((s) => s.blocks).filter((b) => b.offset >= offset)
  }

  /** Moves a hold on; what lies before may go. */
  passed(hold: Hold, next: number): void {
    hold.next = next
    this.wake()
  }

  /** The bytes of a block. Throws TraceError when they are not those that were kept. */
  async read({ offset, bytes }: KeptBlock): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(bytes)
    const { bytesRead } = await readAt(this.fd, buffer, 0, bytes, offset)
    if (bytesRead !== bytes) throw new TraceError('EREAD', 'memory', 'what was kept in memory cannot be read')
    return buffer
  }

  /** Fulfilled when a block more is kept, or somebody calls wake(). */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  wake(): void {
    const waiters = this.waiters
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  /** Gives all memory back. */
  async close(): Promise<void> {
    this.blocks.stop()
    await this.blocks.settled().catch(() => undefined)
    await promisify(close)(this.fd)
  }

  private take({ kind, offset, bytes }: WrittenBlock): void {
    const block = { kind, offset, bytes }
    const begun = kind === KIND.KEYFRAME ? this.begun.shift() : undefined
    if (begun !== undefined) this.segments.push({ ...begun, blocks: [block] })
    else this.segments.at(-1)?.blocks.push(block)
    this.trim()
    this.wake()
  }

  /** Gives up the oldest segments that are not wanted and held by nobody. */
  private trim(): void {
    const { bytes, time } = this.bounds
    while (this.segments.length > 1) {
      const second = this.segments[1] as Segment
      const tooMuch = this.bytes > bytes
      const tooOld = !this.keepsOld && time !== undefined && second.from <= this.lastTime - time
      if (!tooMuch && !tooOld) break
      const end = (second.blocks[0] as KeptBlock).offset
      if (isHeld(this.holds, end)) break
      const error = native().forgetBytes(this.fd, end)
      if (error !== 0) {
        const why = `memory cannot be given back: ${reason(Object.assign(new Error(), { code: getSystemErrorName(-error) }))}`
        this.failure ??= new TraceError('EWRITE', 'memory', why)
        break
      }
      this.segments.shift()
      this.freed = end
    }
  }

  /** Waits until those who hold more than there is room for have moved on. */
  private settledHolds(): Promise<void> | undefined {
    if (this.holds.size === 0 || this.bytes <= this.bounds.bytes * HELD) return undefined
    return (async () => {
      while (this.holds.size > 0 && this.bytes > this.bounds.bytes * HELD) {
        this.trim()
        if (this.bytes > this.bounds.bytes * HELD) await this.next()
      }
    })()
  }
}

/** The file in memory: what was in it before it failed goes with it. */
function memoryOutput(fd: number): Pick<Output, 'fd' | 'regular' | 'failure'> {
  const file = Output.of('memory', fd)
  return {
    fd,
    regular: true,
    failure: (appended) => {
      const e = file.failure(appended)
      const why = `nothing more can be kept in the file in memory: ${reason(e?.cause)}`
      return e && new TraceError('EWRITE', 'memory', why, e.cause)
    },
  }
}

/** Whether something before an offset is held. */
function isHeld(holds: Iterable<Hold>, end: number): boolean {
  for (const { next } of holds) if (next < end) return true
  return false
}
