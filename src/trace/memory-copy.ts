// Reads the contents of a trace in memory while it grows: a copy of it in memory is read like a file.
import { close } from 'node:fs'
import { promisify } from 'node:util'
import type { OpenOptions } from '../source/kind.js'
import { native } from '../source/native.js'
import { reason } from '../source/reason.js'
import { TraceError } from './error.js'
import type { MemorySegment, MemoryTrace } from './memory-trace.js'
import { Output } from './output.js'
import { TraceSource } from './reader.js'
import { type DumpSource, TraceDump } from './trace-dump.js'

/** The first and the last segment to copy. By default everything is copied. */
export interface SegmentRange {
  readonly first?: MemorySegment | undefined
  readonly last?: MemorySegment | undefined
}

/** The contents of a trace in memory at one time. It can be read several times. */
export class MemoryCopy {
  private constructor(
    private readonly fd: number,
    private readonly bytes: number,
  ) {}

  /**
   * Copies the retained segments, or a range of them. The memory may accept and drop data meanwhile. Rejects with
   * TraceError, also if the first segment is no longer retained.
   */
  static async create(memory: MemoryTrace, source: DumpSource, range: SegmentRange = {}): Promise<MemoryCopy> {
    const fd = newMemory()
    try {
      return new MemoryCopy(fd, await copyRange(memory, fd, source, range))
    } catch (e) {
      await promisify(close)(fd)
      throw e
    }
  }

  /** A reader of the copy, to be closed before the copy. Rejects with TraceError. */
  open(relevant?: OpenOptions['relevant']): Promise<TraceSource> {
    return this.source(relevant, true)
  }

  /** The only reader of the copy; closing it closes the copy too. Rejects with TraceError. */
  openOnce(relevant?: OpenOptions['relevant']): Promise<TraceSource> {
    return this.source(relevant, false)
  }

  close(): Promise<void> {
    return promisify(close)(this.fd)
  }

  private source(relevant: OpenOptions['relevant'], lent: boolean): Promise<TraceSource> {
    const opened = { fd: this.fd, first: Buffer.alloc(0), lent }
    return TraceSource.open('memory', { relevant, opened, part: { offset: 0, bytes: this.bytes } })
  }
}

/** Copies a range to a file; returns the number of bytes. */
async function copyRange(
  memory: MemoryTrace,
  fd: number,
  source: DumpSource,
  { first, last }: SegmentRange,
): Promise<number> {
  await memory.flush()
  const hold = memory.hold(first)
  try {
    const dump = await TraceDump.start(memory, hold, Output.forFd('memory', fd, true), source)
    await dump.finish(last?.end)
    await dump.run()
    return dump.bytes
  } finally {
    memory.release(hold)
  }
}

function newMemory(): number {
  try {
    return native().memoryFile()
  } catch (e) {
    throw new TraceError('EREAD', 'memory', `the data in memory cannot be read: ${reason(e)}`, e)
  }
}
