// Bytes of a trace, from a file or a pipe, through one window that grows only as far as bytes really come.
import type { Stats } from 'node:fs'
import { openToRead } from '../source/files.js'
import type { OpenOptions } from '../source/kind.js'
import { reason, systemCode } from '../source/reason.js'
import { type ByteSource, OneFile, STDIN } from './byte-source.js'
import { TraceError } from './error.js'
import { type JoinedFile, JoinedFiles } from './joined-files.js'

const LEAST_WINDOW = 64 << 10

export class Input {
  /** offset of the next byte in the input */
  position = 0
  /** where the file ends that the next byte is of, as far as it is one of several */
  private limit: number
  private window = Buffer.allocUnsafeSlow(LEAST_WINDOW)
  private from = 0
  private to = 0
  private ended = false

  private constructor(
    readonly path: string,
    private readonly bytes: ByteSource,
    /** bytes of the file, undefined for pipes */
    readonly size: number | undefined,
    /** bytes read beyond those that are wanted */
    private readonly readAhead: number,
    /** the files, where there are several */
    readonly joined?: JoinedFiles,
    /** offset in the file of the input's first byte */
    private readonly base = 0,
  ) {
    this.limit = bytes.endBehind(0)
  }

  /** Opens a path ('-': standard input) or a part of it, or goes on with what is already open. Throws TraceError. */
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

  /** Opens files to be read one behind the other. Throws TraceError when the first cannot be. */
  static join(files: readonly JoinedFile[], readAhead: number): Input {
    const [{ path }] = files as [JoinedFile]
    try {
      const joined = new JoinedFiles(files)
      return new Input(path, joined, joined.size, readAhead, joined)
    } catch (e) {
      throw new TraceError('EOPEN', path, `${path} cannot be read: ${reason(e)}`, e)
    }
  }

  /** A file, and a place in it, for a message. */
  placeOf(offset: number): { file: string; offset: number } {
    return this.joined?.placeOf(offset) ?? { file: this.path, offset: this.base + offset }
  }

  /** The next `bytes` bytes without consuming them, fewer only at the end of the file; valid until the next call. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.to - this.from < bytes && !this.ended) await this.fill(bytes)
    return this.window.subarray(this.from, Math.min(this.to, this.from + bytes))
  }

  /** Consumes bytes, seen or not. */
  async skip(bytes: number): Promise<void> {
    const seen = Math.min(bytes, this.to - this.from)
    this.from += seen
    this.position += seen
    let left = bytes - seen
    if (left === 0) return
    if (this.size !== undefined) {
      this.seek(Math.min(this.position + left, this.limit))
      return
    }
    while (left > 0 && !this.ended) {
      const some = await this.peek(Math.min(left, LEAST_WINDOW))
      this.from += some.length
      this.position += some.length
      left -= some.length
    }
  }

  /** Goes to an offset of a file (not for pipes). */
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

  /** Reads once more; the window doubles when it is full, so hostile sizes cost nothing until their bytes are there. */
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
