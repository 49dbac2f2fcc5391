// Where a file for other tools is written: a private file, a pipe or standard output, gzip-compressed where that is wanted.
import { close, write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, createGzip, type Gzip } from 'node:zlib'
import type { Belonging } from './belonging.js'
import { type Ending, type Opener, openToReplace, unwritable, type Waiting } from './files.js'
import { reason, systemCode } from './reason.js'
import { WriteError } from './write-error.js'

const writeFd = promisify(write)

const STDOUT = 1

/** Bytes that are written at once into what is no file: the call returns when its reader has taken them, and so tells of progress. */
const PIECE = 64 << 10
/** ms until a pipe that was full is looked at again */
const FULL = 5
/** Bytes of a buffer; larger than any block. */
const BUFFER_BYTES = 1 << 20
/** Fewer bytes are copied: else small writes that wait for a slow reader would keep a buffer each. */
const WORTH_KEEPING = BUFFER_BYTES / 8
/** Buffers that are kept to be used again. */
const MOST_SPARE = 16

export class WrittenFile {
  /** bytes that are being compressed or written */
  waiting = 0
  /** bytes that were written */
  private size = 0
  private tail: Promise<void> = Promise.resolve()
  private failure: unknown = undefined
  /** who waits for less to be waiting */
  private readonly settling: (() => void)[] = []
  private readonly gzip: Gzip | undefined
  private readonly spare: Buffer[] = []

  private constructor(
    readonly path: string,
    private readonly fd: number,
    /** it is a file, not a pipe or a device */
    readonly regular: boolean,
    packed: boolean,
    /** it can be read without its end */
    private readonly readable = true,
    private readonly ending?: Ending,
  ) {
    if (!packed) return
    this.gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: 256 << 10 })
    this.gzip.on('data', (bytes: Buffer) => this.put(bytes))
  }

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only unless `belonging` says otherwise, an existing one becomes so and is emptied. What others
   * may have laid out in a folder like /tmp is refused, and the reader of a FIFO is waited for. packed: what is written is compressed;
   * readable: what was written can be read where the end is missing; opener: opens the path, where that is not as ever. Throws WriteError.
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
      const { fd, regular, ending } = await opener(path, waiting, belonging)
      return new WrittenFile(path, fd, regular, packed, readable, ending)
    } catch (e) {
      throw new WriteError(unwritable(path, e), e)
    }
  }

  /** The write that waits for its reader, as a number that grows with what was taken; 0: none does, as with files. */
  get awaited(): number {
    return this.regular || this.waiting === 0 ? 0 : 1 + this.size
  }

  /** A buffer for bytes to be written, large enough for any block; what is in it means nothing. */
  buffer(): Buffer {
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
  }

  /** Takes back what buffer() gave, to write its first bytes. Throws the WriteError of earlier ones. */
  writeFrom(buffer: Buffer, length: number): void {
    const bytes = buffer.subarray(0, length)
    if (length >= WORTH_KEEPING) this.write(bytes, () => this.giveBack(buffer))
    else {
      const copy = Buffer.from(bytes)
      this.giveBack(buffer)
      this.write(copy)
    }
  }

  /** Writes bytes, which stay as they are until `done`. Throws the WriteError of earlier ones. */
  write(bytes: Buffer, done?: () => void): void {
    if (this.failure !== undefined) throw this.failure
    if (bytes.length === 0) done?.()
    else if (this.gzip === undefined) this.put(bytes, done)
    else {
      this.waiting += bytes.length
      this.gzip.write(bytes, () => {
        done?.()
        this.less(bytes.length)
      })
    }
  }

  /** Waits until no more than `left` bytes are being written. Rejects with WriteError. */
  async settled(left = 0): Promise<void> {
    while (this.waiting > left && this.failure === undefined)
      await new Promise<void>((resolve) => this.settling.push(resolve))
    if (this.failure !== undefined) throw this.failure
  }

  /** Whether a file that is there loses its name to this one at the end. */
  get replaces(): boolean {
    return this.ending?.replaces === true
  }

  /** Closes a file that is not complete: one that gets its name at its end is removed instead, others keep what was written. */
  async abandon(): Promise<void> {
    if (this.ending !== undefined) this.failure ??= new WriteError(`${this.path} is not complete`)
    await this.close().catch(() => undefined)
  }

  /** Ends the file. Rejects with WriteError where any of it could not be written. */
  async close(): Promise<void> {
    const { gzip } = this
    try {
      if (gzip !== undefined) await new Promise<void>((resolve) => gzip.once('end', resolve).end())
      await this.settled()
      await this.keep()
    } catch (e) {
      await this.ending?.drop().catch(() => undefined)
      throw e
    } finally {
      if (this.fd !== STDOUT) await promisify(close)(this.fd)
    }
  }

  /** Gives a file its name that had another one. */
  private async keep(): Promise<void> {
    try {
      await this.ending?.keep()
    } catch (e) {
      throw e instanceof WriteError ? e : new WriteError(unwritable(this.path, e), e)
    }
  }

  private giveBack(buffer: Buffer): void {
    if (this.spare.length < MOST_SPARE) this.spare.push(buffer)
  }

  /** Writes bytes behind all others. */
  private put(bytes: Buffer, done?: () => void): void {
    this.waiting += bytes.length
    this.tail = this.tail.then(async () => {
      try {
        for (let at = 0; at < bytes.length && this.failure === undefined; ) {
          const written = await this.some(bytes, at)
          at += written
          this.size += written
        }
      } catch (e) {
        const kept = this.regular && this.size > 0 ? this.whatIsKept() : ''
        this.failure ??= new WriteError(`${this.path} cannot be written any further: ${reason(e)}${kept}`, e)
      } finally {
        done?.()
        this.less(bytes.length)
      }
    })
  }

  private whatIsKept(): string {
    if (this.ending !== undefined) return '; what was written before is removed, as it cannot be read without its end'
    if (!this.readable) return '; what was written before cannot be read, as the end of the file tells where things are'
    return `; the ${this.size} bytes before are kept and can be read`
  }

  /** So many bytes are waiting no more. */
  private less(bytes: number): void {
    this.waiting -= bytes
    for (const settle of this.settling.splice(0)) settle()
  }

  /** Writes once; waits for a pipe that is full. */
  private async some(bytes: Buffer, at: number): Promise<number> {
    const left = bytes.length - at
    for (;;) {
      try {
        return (await writeFd(this.fd, bytes, at, this.regular ? left : Math.min(left, PIECE), null)).bytesWritten
      } catch (e) {
        if (systemCode(e) !== 'EAGAIN') throw e
        await sleep(FULL)
      }
    }
  }
}
