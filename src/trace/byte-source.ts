// Where an input reads its bytes: one file, a range of a file, or a pipe. The interface is shared with joined files.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'

const readFrom = promisify(read)
const closeFd = promisify(close)
export const STDIN = 0
const WHOLE_FILE = { offset: 0, bytes: Number.POSITIVE_INFINITY }

export interface ByteSource {
  /** Reads at most `most` bytes at an offset (of a pipe: the next ones); 0 at the end. Throws the system's error. */
  read(into: Buffer, at: number, most: number, offset: number): Promise<number>
  /** end offset of the file that contains an offset */
  endBehind(offset: number): number
  close(): Promise<void>
}

/** A file, a range of a file that is read as if it were the whole file, or a pipe. */
export class OneFile implements ByteSource {
  constructor(
    private readonly fd: number,
    private readonly isPipe: boolean,
    private readonly range: { readonly offset: number; readonly bytes: number } = WHOLE_FILE,
    /** the file is closed by its owner */
    private readonly borrowed = false,
  ) {}

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    return (await readFrom(this.fd, into, at, most, this.isPipe ? null : this.range.offset + offset)).bytesRead
  }

  endBehind(): number {
    return this.range.bytes
  }

  async close(): Promise<void> {
    if (this.fd !== STDIN && !this.borrowed) await closeFd(this.fd)
  }
}
