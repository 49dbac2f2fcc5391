// Where a trace is written: a private file or a pipe. Whole blocks or nothing, so that what is there stays readable.
import { close, fchmodSync, ftruncateSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { openToWrite, type Waiting } from '../source/files.js'
import { reason, systemCode, TraceError } from './error.js'

const writeTo = promisify(write)
const STDOUT = 1

export class Output {
  /** bytes written, all of them whole blocks */
  size = 0
  /** whoever reads has left it no room */
  blocked = false

  private constructor(
    readonly path: string,
    private readonly fd: number,
    private readonly regular: boolean,
  ) {}

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only, an existing one becomes so
   * and is emptied. What others may have laid out in a folder like /tmp is refused, and the reader of a FIFO is waited for.
   * Throws TraceError.
   */
  static async open(path: string, waiting: Waiting = {}): Promise<Output> {
    if (path === '-') return new Output('standard output', STDOUT, false)
    try {
      const { fd, stat } = await openToWrite(path, waiting)
      if (stat.isFile()) {
        fchmodSync(fd, 0o600)
        ftruncateSync(fd, 0)
      }
      return new Output(path, fd, stat.isFile())
    } catch (e) {
      const why = systemCode(e) === 'ENOENT' ? 'there is no such folder' : reason(e)
      throw new TraceError('EWRITE', path, `${path} cannot be written: ${why}`, e)
    }
  }

  /** Appends bytes; when that fails, takes back what of them was written (files) and throws TraceError. */
  async append(bytes: Buffer): Promise<void> {
    let done = 0
    try {
      while (done < bytes.length) done += await this.some(bytes, done)
      this.size += bytes.length
    } catch (e) {
      if (this.regular) ftruncateSync(this.fd, this.size)
      const kept = this.regular && this.size > 0 ? `; the ${this.size} bytes before are kept and can be read` : ''
      throw new TraceError('EWRITE', this.path, `${this.path} cannot be written any further: ${reason(e)}${kept}`, e)
    }
  }

  private async some(bytes: Buffer, from: number): Promise<number> {
    const at = this.regular ? this.size + from : null
    this.blocked = !this.regular
    try {
      const { bytesWritten } = await writeTo(this.fd, bytes, from, bytes.length - from, at)
      this.blocked = false
      return bytesWritten
    } catch (e) {
      if (systemCode(e) !== 'EAGAIN') throw e
      await new Promise((resolve) => setTimeout(resolve, 2))
      return 0
    }
  }

  async close(): Promise<void> {
    if (this.fd !== STDOUT) await promisify(close)(this.fd)
  }
}
