// Standard output: the only place that writes to it. Chunks are written one at a time, so that a slow reader slows the
// pipeline down instead of filling memory, and signals are handled in the meantime.
import { fstatSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { CliError, EXIT } from '../errors/exit.js'

const writeAsync = promisify(write)

/** The reader of standard output has closed it: the run ends quietly. */
export class ReaderGone extends Error {}

export class Output {
  /** a file or device never blocks: writing it from another thread would only take longer */
  private readonly direct: boolean
  private closed = false
  /** number of writes that can block */
  private writes = 0
  /** the number of the write that waits for the reader; 0: none waits */
  waiting = 0

  constructor(private readonly fd = 1) {
    this.direct = isFile(fd)
  }

  /**
   * Writes all of `bytes`, which must not change until the promise is fulfilled.
   * Throws ReaderGone if the reader has closed the pipe, CliError (output) on other errors.
   */
  write(bytes: Uint8Array): Promise<void> | void {
    if (bytes.length === 0 || this.closed) return
    return this.direct ? this.writeDirect(bytes) : this.writeWaiting(bytes)
  }

  /** Writes text. Throws the errors of write(). */
  async text(s: string): Promise<void> {
    await this.write(Buffer.from(s))
  }

  private writeDirect(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at)
    } catch (e) {
      throw this.failed(e)
    }
  }

  private async writeWaiting(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      this.waiting = ++this.writes
      try {
        at += (await writeAsync(this.fd, bytes, at)).bytesWritten
      } catch (e) {
        // another process has made this pipe non-blocking, and it is full
        if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw this.failed(e)
        this.writes--
        await new Promise((done) => setTimeout(done, 5))
      }
    }
    this.waiting = 0
  }

  private failed(e: unknown): Error {
    this.closed = true
    const code = (e as NodeJS.ErrnoException).code
    if (code === 'EPIPE') return new ReaderGone()
    const why =
      code === 'ENOSPC'
        ? 'there is no space left on its disk'
        : code === 'EBADF'
          ? 'it is closed'
          : `${(e as Error).message}`
    return new CliError(EXIT.output, `standard output cannot be written: ${why}`)
  }
}

function isFile(fd: number): boolean {
  try {
    const s = fstatSync(fd)
    return s.isFile() || (s.isCharacterDevice() && !isTerminalDevice(s.rdev))
  } catch {
    return true
  }
}

// /dev/null, /dev/full and the like have major number 1
function isTerminalDevice(rdev: number): boolean {
  return ((rdev >> 8) & 0xfff) !== 1
}
