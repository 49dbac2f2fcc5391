// Reads the bytes of a trace, from a file or a pipe, through a buffer that grows only as bytes arrive.
import type { Stats } from 'node:fs'
import { openToRead } from '../source/files.js'
import type { OpenOptions } from '../source/kind.js'
import { reason, systemCode } from '../source/reason.js'
import { type ByteSource, OneFile, STDIN } from './byte-source.js'
import { TraceError } from './error.js'
import { type JoinedFile, JoinedFiles } from './joined-files.js'

const MIN_WINDOW = 64 << 10

export class Input {
  /** offset of the next byte in the input */
  position = 0
  /** end of the file that contains the next byte */
  private limit: number
  private window = Buffer.allocUnsafeSlow(MIN_WINDOW)
  private from = 0
  private to = 0
  private ended = false

  private constructor(
    readonly path: string,
    private readonly bytes: ByteSource,
    /** size of the file in bytes, undefined for pipes */
    readonly size: number | undefined,
    /** number of bytes to read ahead of the requested ones */
    private readonly readAhead: number,
    /** the files, if there are several */
    readonly joined?: JoinedFiles,
    /** offset of the input's first byte in the file */
    private readonly base = 0,
  ) {
    this.limit = bytes.endBehind(0)
  }

  /** Opens a path ('-': standard input) or a range of it, or takes over an open file. Throws TraceError. */
  static async open(
    path: string,
    readAhead: number,
    { opened, part }: Pick<OpenOptions, 'opened' | 'part'> = {},
  ): Promise<Input> {
    let fd = opened?.fd ?? STDIN
    try {
      let file: Stats | undefined
      if (path !== '-' && opened === undefined) ({ fd, stat: file } = await openToRead(path))
      const name = path === '-' ? 'standard input' : path
      const size = part?.bytes ?? (file?.isFile() ? file.size : undefined)
      const bytes = new OneFile(fd, size === undefined, part, opened?.lent)
      const input = new Input(name, bytes, size, readAhead, undefined, part?.offset)
      if (opened !== undefined) input.to = opened.first.copy(input.window)
      return input
    } catch (e) {
      throw new TraceError('EOPEN', path, `${path} cannot be read: ${reason(e)}`, e)
    }
  }

  /** Opens files that are read one after another. Throws TraceError if the first one cannot be opened. */
  static join(files: readonly JoinedFile[], readAhead: number): Input {
    const [{ path }] = files as [JoinedFile]
    try {
      const joined = new JoinedFiles(files)
      return new Input(path, joined, joined.size, readAhead, joined)
    } catch (e) {
      throw new TraceError('EOPEN', path, `${path} cannot be read: ${reason(e)}`, e)
    }
  }

  /** The file that contains an offset, and the offset in that file, for messages. */
  placeOf(offset: number): { file: string; offset: number } {
    return this.joined?.placeOf(offset) ?? { file: this.path, offset: this.base + offset }
  }

  /** The next `bytes` bytes without consuming them; fewer only at the end of the file. Valid until the next call. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.to - this.from < bytes && !this.ended) await this.fill(bytes)
    return this.window.subarray(this.from, Math.min(this.to, this.from + bytes))
  }

  /** Whether so many more bytes are in the file. They are read only if it was shorter when it was opened. */
  async holds(bytes: number): Promise<boolean> {
    if (this.size !== undefined && this.position + bytes <= Math.min(this.size, this.limit)) return true
    return (await this.peek(bytes)).length === bytes
  }

  /** Consumes bytes, whether they were read or not. */
  async skip(bytes: number): Promise<void> {
    const buffered = Math.min(bytes, this.to - this.from)
    this.from += buffered
    this.position += buffered
    let remaining = bytes - buffered
    if (remaining === 0) return
    if (this.size !== undefined) {
      this.seek(Math.min(this.position + remaining, this.limit))
      return
    }
    while (remaining > 0 && !this.ended) {
      const some = await this.peek(Math.min(remaining, MIN_WINDOW))
      this.from += some.length
      this.position += some.length
      remaining -= some.length
    }
  }

  /** Moves to an offset (not for pipes). */
  seek(offset: number): void {
    this.from = 0
    this.to = 0
    this.ended = false
    this.position = offset
    this.limit = this.bytes.endBehind(offset)
  }

  async close(): Promise<void> {
    await this.bytes.close()
  }

  /** Reads once. The buffer doubles when it is full, so a hostile size in a header allocates nothing by itself. */
  private async fill(wanted: number): Promise<void> {
    if (this.from > 0) {
      this.window.copyWithin(0, this.from, this.to)
      this.to -= this.from
      this.from = 0
    }
    if (this.to === this.window.length) {
      const larger = Buffer.allocUnsafeSlow(this.window.length * 2)
      this.window.copy(larger, 0, 0, this.to)
      this.window = larger
    }
    const at = this.position + this.to
    const most = Math.min(this.window.length - this.to, wanted - this.to + this.readAhead, this.limit - at)
    try {
      const bytesRead = most <= 0 ? 0 : await this.bytes.read(this.window, this.to, most, at)
      if (bytesRead === 0) this.ended = true
      this.to += bytesRead
    } catch (e) {
      if (systemCode(e) === 'EAGAIN') {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return
      }
      const { file } = this.placeOf(at)
      throw new TraceError('EREAD', file, `${file} cannot be read any further: ${reason(e)}`, e)
    }
  }
}
