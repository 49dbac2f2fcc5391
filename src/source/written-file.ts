// Output for other tools: a private file, a pipe or standard output, optionally compressed with gzip.
import { close, write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, createGzip, type Gzip } from 'node:zlib'
import type { Belonging } from './belonging.js'
import { type Completion, type Opener, openToReplace, unwritable, type Waiting } from './files.js'
import { reason, systemCode, WriteError } from './reason.js'

const writeFd = promisify(write)

const STDOUT = 1

/** Bytes per write to anything but a file: the call returns when the reader has taken them, which shows progress. */
const PIECE = 64 << 10
/** ms until a write to a full pipe is retried */
const FULL = 5
/** Bytes of a buffer; larger than any block. */
const BUFFER_BYTES = 1 << 20
/** Fewer bytes are copied, so that small writes waiting for a slow reader do not occupy a buffer each. */
const WORTH_KEEPING = BUFFER_BYTES / 8
/** Number of buffers retained for reuse. */
const MOST_SPARE = 16

export class WrittenFile {
  /** bytes being compressed or written */
  waiting = 0
  /** bytes written */
  private size = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** callbacks of drained() calls that wait for `waiting` to decrease */
  private readonly drainWaiters: (() => void)[] = []
  private readonly gzip: Gzip | undefined
  private readonly spare: Buffer[] = []

  private constructor(
    readonly path: string,
    private readonly fd: number,
    /** a file, not a pipe or a device */
    readonly regular: boolean,
    packed: boolean,
    /** an incomplete file can be read */
    private readonly readable = true,
    private readonly completion?: Completion,
  ) {
    if (!packed) return
    this.gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 256 << 10 })
    this.gzip.on('data', (bytes: Buffer) => this.enqueue(bytes))
  }

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only unless `belonging` specifies otherwise; an
   * existing file gets the same permissions and is emptied. What other users may have placed in a folder like /tmp is refused. Waits for the
   * reader of a FIFO. packed: compress the output; readable: an incomplete file can be read; opener: opens the path. Throws WriteError.
   */
  static async open(
    path: string,
    packed: boolean,
    waiting: Waiting,
    belonging?: Belonging,
    { readable = true, opener = openToReplace }: { readonly readable?: boolean; readonly opener?: Opener } = {},
  ): Promise<WrittenFile> {
    if (path === '-') return new WrittenFile('standard output', STDOUT, false, packed)
    try {
      const { fd, regular, completion } = await opener(path, waiting, belonging)
      return new WrittenFile(path, fd, regular, packed, readable, completion)
    } catch (e) {
      throw new WriteError(unwritable(path, e), e)
    }
  }

  /** Identifies the write that waits for its reader, as a number that grows with the bytes taken; 0: no write waits, as with files. */
  get awaited(): number {
    return this.regular || this.waiting === 0 ? 0 : 1 + this.size
  }

  /** A buffer for output, large enough for any block; its content is undefined. */
  buffer(): Buffer {
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
  }

  /** Writes the first bytes of a buffer from buffer() and takes it back. Throws the WriteError of earlier writes. */
  writeFrom(buffer: Buffer, length: number): void {
    const bytes = buffer.subarray(0, length)
    if (length >= WORTH_KEEPING) this.write(bytes, () => this.giveBack(buffer))
    else {
      const copy = Buffer.from(bytes)
      this.giveBack(buffer)
      this.write(copy)
    }
  }

  /** Writes bytes, which must not change until `done` is called. Throws the WriteError of earlier writes. */
  write(bytes: Buffer, done?: () => void): void {
    if (this.failure !== undefined) throw this.failure
    if (bytes.length === 0) done?.()
    else if (this.gzip === undefined) this.enqueue(bytes, done)
    else {
      this.waiting += bytes.length
      this.gzip.write(bytes, () => {
        done?.()
        this.completed(bytes.length)
      })
    }
  }

  /** Waits until at most `left` bytes are still to be written. Rejects with WriteError. */
  async drained(left = 0): Promise<void> {
    while (this.waiting > left && this.failure === undefined)
      await new Promise<void>((resolve) => this.drainWaiters.push(resolve))
    if (this.failure !== undefined) throw this.failure
  }

  /** Whether completing this file replaces an existing one. */
  get replaces(): boolean {
    return this.completion?.replaces === true
  }

  /** Closes a file that is not complete: one that would get its name at the end is removed; others retain what was written. */
  async abandon(): Promise<void> {
    if (this.completion !== undefined) this.failure ??= new WriteError(`${this.path} is not complete`)
    await this.close().catch(() => undefined)
  }

  /** Completes the file. Rejects with WriteError if any of it could not be written. */
  async close(): Promise<void> {
    const { gzip } = this
    try {
      if (gzip !== undefined) await new Promise<void>((resolve) => gzip.once('end', resolve).end())
      await this.drained()
      await this.commit()
    } catch (e) {
      await this.completion?.discard().catch(() => undefined)
      throw e
    } finally {
      if (this.fd !== STDOUT) await promisify(close)(this.fd)
    }
  }

  /** Gives a file its final name. */
  private async commit(): Promise<void> {
    try {
      await this.completion?.commit()
    } catch (e) {
      throw e instanceof WriteError ? e : new WriteError(unwritable(this.path, e), e)
    }
  }

  private giveBack(buffer: Buffer): void {
    if (this.spare.length < MOST_SPARE) this.spare.push(buffer)
  }

  /** Queues bytes after all others. */
  private enqueue(bytes: Buffer, done?: () => void): void {
    this.waiting += bytes.length
    this.tail = this.tail.then(async () => {
      try {
        for (let at = 0; at < bytes.length && this.failure === undefined; ) {
          const written = await this.writeOnce(bytes, at)
          at += written
          this.size += written
        }
      } catch (e) {
        const rest = this.regular && this.size > 0 ? this.incompleteNote() : ''
        this.failure ??= new WriteError(`${this.path} cannot be written any further: ${reason(e)}${rest}`, e)
      } finally {
        done?.()
        this.completed(bytes.length)
      }
    })
  }

  private incompleteNote(): string {
    if (this.completion !== undefined) return '; the incomplete file is removed'
    if (!this.readable) return '; the incomplete file cannot be read'
    return `; the first ${this.size} bytes can be read`
  }

  /** Records that so many bytes are done, and wakes waiting callers. */
  private completed(bytes: number): void {
    this.waiting -= bytes
    for (const settle of this.drainWaiters.splice(0)) settle()
  }

  /** Writes once; waits while a pipe is full. */
  private async writeOnce(bytes: Buffer, at: number): Promise<number> {
    const remaining = bytes.length - at
    for (;;) {
      try {
        return (await writeFd(this.fd, bytes, at, this.regular ? remaining : Math.min(remaining, PIECE), null))
          .bytesWritten
      } catch (e) {
        if (systemCode(e) !== 'EAGAIN') throw e
        await sleep(FULL)
      }
    }
  }
}
