// Where a trace is written: a private file or a pipe. Whole blocks or nothing, so that what is there stays readable.
import { close, constants, fchmodSync, fstatSync, ftruncateSync, openSync, statSync, write } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { reason, systemCode, TraceError } from './error.js'

const writeTo = promisify(write)
const STDOUT = 1

export class Output {
  /** bytes written, all of them whole blocks */
  size = 0
  private constructor(
    readonly path: string,
    private readonly fd: number,
    private readonly regular: boolean,
  ) {}

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only, an existing one becomes so
   * and is emptied. In a folder like /tmp a symbolic link, or a file of somebody else, is refused. Throws TraceError.
   */
  static open(path: string): Output {
    if (path === '-') return new Output('standard output', STDOUT, false)
    const refuse = (why: string, cause?: unknown) =>
      new TraceError('EWRITE', path, `${path} cannot be written: ${why}`, cause)
    let fd: number
    try {
      const shared = everybodys(dirname(path))
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOCTTY | (shared ? constants.O_NOFOLLOW : 0)
      fd = openSync(path, flags, 0o600)
      const found = fstatSync(fd)
      if (found.isFile()) {
        if (shared && process.getuid !== undefined && found.uid !== process.getuid())
          throw refuse('it belongs to somebody else and lies in a folder that everybody may write to')
        fchmodSync(fd, 0o600)
        ftruncateSync(fd, 0)
      }
      return new Output(path, fd, found.isFile())
    } catch (e) {
      if (e instanceof TraceError) throw e
      throw refuse(systemCode(e) === 'ENOENT' ? 'there is no such folder' : reason(e), e)
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
    try {
      const at = this.regular ? this.size + from : null
      return (await writeTo(this.fd, bytes, from, bytes.length - from, at)).bytesWritten
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

/** Whether a folder is one that everybody may put files into. */
function everybodys(dir: string): boolean {
  const { mode } = statSync(dir)
  return (mode & 0o1000) !== 0 && (mode & 0o002) !== 0
}
