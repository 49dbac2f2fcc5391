// Reads what a trace in memory keeps, while more comes: a copy of it in memory of its own, which is read like a file.
import { close } from 'node:fs'
import { promisify } from 'node:util'
import type { OpenOptions } from '../source/kind.js'
import { native } from '../source/native.js'
import { reason } from '../source/reason.js'
import { TraceError } from './error.js'
import type { MemoryTrace, Part } from './memory-trace.js'
import { Output } from './output.js'
import { TraceSource } from './reader.js'
import { type Dumped, TraceDump } from './trace-dump.js'

/** Which parts of it, up to the last one. */
export interface Wanted {
  readonly first?: Part | undefined
  readonly last?: Part | undefined
}

/** What a trace in memory kept at one moment. It may be read several times. */
export class KeptCopy {
  private constructor(
    private readonly fd: number,
    private readonly bytes: number,
  ) {}

  /**
   * Copies what is kept at this moment, or a part of it, up to the end of another one. The memory may take and give up what it likes
   * meanwhile. Rejects with TraceError, also when the part is kept no more.
   */
  static async of(memory: MemoryTrace, of: Dumped, wanted: Wanted = {}): Promise<KeptCopy> {
    const fd = newMemory()
    try {
      return new KeptCopy(fd, await copied(memory, fd, of, wanted))
    } catch (e) {
      await promisify(close)(fd)
      throw e
    }
  }

  /** A reading of it, to be closed before the copy is. Rejects with TraceError. */
  open(relevant?: OpenOptions['relevant']): Promise<TraceSource> {
    return this.source(relevant, true)
  }

  /** The only reading of it, which closes the copy with itself. Rejects with TraceError. */
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

/** Copies what is wanted to a file; returns its bytes. */
async function copied(memory: MemoryTrace, fd: number, of: Dumped, { first, last }: Wanted): Promise<number> {
  await memory.flush()
  const hold = memory.hold(first)
  try {
    const dump = await TraceDump.begin(memory, hold, Output.of('memory', fd, true), of)
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
    throw new TraceError('EREAD', 'memory', `what is kept in memory cannot be read: ${reason(e)}`, e)
  }
}
