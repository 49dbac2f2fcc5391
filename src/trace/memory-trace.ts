// A trace in memory that retains its newest rows, compressed as in a file. It consists of segments that start with a
// keyframe each, so that every segment can be read without the ones before. The oldest segment is dropped as a whole.

import { randomBytes } from 'node:crypto'
import { close, read } from 'node:fs'
import { getSystemErrorName, promisify } from 'node:util'
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
import { native } from '../source/native.js'
import { reason } from '../source/reason.js'
import type { CaptureInfo, CaptureStats } from '../source/source.js'
import type { Names } from './block-summary.js'
import { BlockWriter, type RowWriter, type WrittenBlock } from './block-writer.js'
import { TraceError } from './error.js'
import { KIND } from './format.js'
import { KeyframeSchedule } from './keyframe-schedule.js'
import { Output } from './output.js'
import { PREFACE_BLOCKS } from './writer.js'

const readAt = promisify(read)
/** Data held for a reader may reach this multiple of the memory's size before writing waits for the reader. */
const HELD_RATIO = 1.5

export interface MemoryBounds {
  /** maximum number of retained bytes */
  readonly bytes: number
  /** ns of capture time to retain; undefined: as much as the bytes allow */
  readonly time?: number | undefined
}

/** A retained block. Its head is not cached: it is a large share of small blocks, of which there are many. */
export type RetainedBlock = Omit<WrittenBlock, 'head'>

interface SegmentBlocks {
  /** its blocks, starting with the keyframe */
  readonly blocks: RetainedBlock[]
  /** batch time (ns) of the last row before it */
  readonly from: BatchNs
  /** statistics of the run up to its start */
  readonly stats: CaptureStats
}

/** A retained segment that can be read on its own. */
export interface MemorySegment {
  /** batch time (ns) of the last row before it */
  readonly from: BatchNs
  /** offset of its first block, and the offset after its last block, undefined while it is being written */
  readonly offset: number
  readonly end: number | undefined
}

/** Retains the current contents and everything added later, until it is released. */
export interface Hold {
  /** the keyframe at its start */
  readonly keyframe: RetainedBlock
  /** batch time (ns) of the last row before it, and statistics of the run up to there */
  readonly from: BatchNs
  readonly stats: CaptureStats
  /** offset in the memory: blocks before it are no longer needed */
  next: number
}

export class MemoryTrace implements RowWriter {
  /**
   * identifies this memory in the files copied from it: their blocks have the same numbers wherever each file starts
   */
  readonly run = randomBytes(16).toString('hex')
  private readonly blocks: BlockWriter
  /** oldest first; the last one is being written */
  private retained: SegmentBlocks[] = []
  /** segments whose keyframe is not written yet */
  private readonly pending: Omit<SegmentBlocks, 'blocks'>[] = []
  private readonly holds = new Set<Hold>()
  /** callbacks waiting for the next block, or for a hold to advance */
  private waiters: (() => void)[] = []
  private readonly keyframes: KeyframeSchedule
  /** offset up to which memory was released */
  private freed = 0
  /** data older than requested is retained while it fits */
  retainsOld = false
  /** memory could not be released: no more data can be accepted */
  private failure: TraceError | undefined

  private constructor(
    private readonly fd: number,
    info: CaptureInfo,
    private readonly bounds: MemoryBounds,
    private readonly stats: () => CaptureStats,
  ) {
    this.keyframes = new KeyframeSchedule(bounds)
    this.blocks = new BlockWriter(memoryOutput(fd), info, PREFACE_BLOCKS, (block) => this.addBlock(block))
  }

  /** stats: statistics of the run so far. Throws TraceError if the system does not provide such memory. */
  static open(info: CaptureInfo, bounds: MemoryBounds, stats: () => CaptureStats): MemoryTrace {
    let fd: number
    try {
      fd = native().memoryFile()
    } catch (e) {
      throw new TraceError('EWRITE', 'memory', `cannot reserve memory: ${reason(e)}`, e)
    }
    return new MemoryTrace(fd, info, bounds, stats)
  }

  /** number of retained bytes */
  get bytes(): number {
    return this.blocks.size - this.freed
  }

  /** ns of capture time to retain; undefined: as much as the bytes allow */
  get requestedTime(): number | undefined {
    return this.bounds.time
  }

  /** batch time (ns) from which everything is retained */
  get since(): BatchNs {
    return this.retained[0]?.from ?? this.lastTime
  }

  /** batch time (ns) of the last row */
  get lastTime(): BatchNs {
    return this.blocks.lastTime
  }

  write(batch: EventBatch, keep?: Uint8Array, names?: Names, from = 0, to = batch.count): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure
    return this.blocks.write(batch, keep, names, from, to) ?? this.waitForHolds()
  }

  get keyframeDue(): boolean {
    return this.keyframes.isDue(this.blocks.size, this.lastTime)
  }

  /** size of the last keyframe if it leaves little memory for anything else, else undefined */
  get oversizedKeyframe(): number | undefined {
    return this.keyframes.oversized
  }

  keyframe(snapshot: Snapshot): void {
    this.keyframes.begin(this.lastTime)
    this.pending.push({ from: this.lastTime, stats: this.stats() })
    this.blocks.keyframe(snapshot, (block) => this.keyframes.written(block))
    this.trim()
  }

  /** Closes the open block. Fulfilled once it is retained, whatever is added meanwhile. Rejects with TraceError. */
  async flush(): Promise<void> {
    this.blocks.cut()
    await this.blocks.written()
  }

  /** offset after the last retained block */
  get end(): number {
    return this.blocks.size
  }

  /** The retained segments, oldest first, each of which can be read on its own. */
  get segments(): MemorySegment[] {
    return this.retained.map(({ from, blocks }, i) => ({
      from,
      offset: (blocks[0] as RetainedBlock).offset,
      end: this.retained[i + 1]?.blocks[0]?.offset,
    }))
  }

  /**
   * Retains everything, or everything from a segment on, until release(). Throws TraceError before the first keyframe is
   * written, and if the segment is no longer retained.
   */
  hold(start?: MemorySegment): Hold {
    const segment =
      start === undefined ? this.retained[0] : this.retained.find((s) => s.blocks[0]?.offset === start.offset)
    if (segment === undefined) {
      const why = start === undefined ? 'nothing is in memory yet' : 'it is no longer in memory'
      throw new TraceError('EREAD', 'memory', why)
    }
    const { blocks, from, stats } = segment
    const [keyframe] = blocks as [RetainedBlock]
    const hold = { keyframe, from, stats, next: keyframe.offset }
    this.holds.add(hold)
    return hold
  }

  release(hold: Hold): void {
    this.holds.delete(hold)
    this.trim()
    this.wake()
  }

  /** The retained blocks from an offset on. */
  blocksFrom(offset: number): RetainedBlock[] {
    return this.retained.flatMap((s) => s.blocks).filter((b) => b.offset >= offset)
  }

  /** Advances a hold: the blocks before it may be dropped. */
  advance(hold: Hold, next: number): void {
    hold.next = next
    this.wake()
  }

  /** The bytes of a block. Throws TraceError if they cannot be read completely. */
  async read({ offset, bytes }: RetainedBlock): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(bytes)
    const { bytesRead } = await readAt(this.fd, buffer, 0, bytes, offset)
    if (bytesRead !== bytes) throw new TraceError('EREAD', 'memory', 'data in memory cannot be read')
    return buffer
  }

  /** Fulfilled when another block is retained, or wake() is called. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve))
  }

  wake(): void {
    const waiters = this.waiters
    this.waiters = []
    for (const resolve of waiters) resolve()
  }

  /** Releases all memory. */
  async close(): Promise<void> {
    this.blocks.stop()
    await this.blocks.settled().catch(() => undefined)
    await promisify(close)(this.fd)
  }

  private addBlock({ kind, offset, bytes }: WrittenBlock): void {
    const block = { kind, offset, bytes }
    const pending = kind === KIND.KEYFRAME ? this.pending.shift() : undefined
    if (pending !== undefined) this.retained.push({ ...pending, blocks: [block] })
    else this.retained.at(-1)?.blocks.push(block)
    this.trim()
    this.wake()
  }

  /** Drops the oldest segments that exceed the bounds and are not held. */
  private trim(): void {
    const { bytes, time } = this.bounds
    while (this.retained.length > 1) {
      const second = this.retained[1] as SegmentBlocks
      const tooMuch = this.bytes > bytes
      const tooOld = !this.retainsOld && time !== undefined && second.from <= this.lastTime - time
      if (!tooMuch && !tooOld) break
      const end = (second.blocks[0] as RetainedBlock).offset
      if (isHeld(this.holds, end)) break
      const error = native().forgetBytes(this.fd, end)
      if (error !== 0) {
        const why = `memory cannot be released: ${reason(Object.assign(new Error(), { code: getSystemErrorName(-error) }))}`
        this.failure ??= new TraceError('EWRITE', 'memory', why)
        break
      }
      this.retained.shift()
      this.freed = end
    }
  }

  /** Waits until the holds that exceed the memory have advanced. */
  private waitForHolds(): Promise<void> | undefined {
    if (this.holds.size === 0 || this.bytes <= this.bounds.bytes * HELD_RATIO) return undefined
    return (async () => {
      while (this.holds.size > 0 && this.bytes > this.bounds.bytes * HELD_RATIO) {
        this.trim()
        if (this.bytes > this.bounds.bytes * HELD_RATIO) await this.next()
      }
    })()
  }
}

/**
 * The output to the file in memory. The file is not a user's, so its error does not mention bytes that remain readable.
 */
function memoryOutput(fd: number): Pick<Output, 'fd' | 'regular' | 'failure'> {
  const file = Output.forFd('memory', fd)
  return {
    fd,
    regular: true,
    failure: (appended) => {
      const e = file.failure(appended)
      const why = `no more data can be stored in memory: ${reason(e?.cause)}`
      return e && new TraceError('EWRITE', 'memory', why, e.cause)
    },
  }
}

/** Whether a hold needs blocks before an offset. */
function isHeld(holds: Iterable<Hold>, end: number): boolean {
  for (const { next } of holds) if (next < end) return true
  return false
}
