// Where an input has its bytes from: one file, a part of one or a pipe, and what these have in common with several files that are joined.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'

const readFrom = promisify(read)
const closeFd = promisify(close)
export const STDIN = 0
const WHOLE = { offset: 0, bytes: Number.POSITIVE_INFINITY }

export interface ByteSource {
  /** Reads at most so many bytes at an offset (a pipe: the next ones); 0 at the end. Throws the system's error. */
  read(into: Buffer, at: number, most: number, offset: number): Promise<number>
  /** offset at which the bytes end that belong with those at an offset: of one file */
  endBehind(offset: number): number
  close(): Promise<void>
}

/** A file, a part of one as if it were all of it, or a pipe. */
export class OneFile implements ByteSource {
  constructor(
    private readonly fd: number,
    private readonly isPipe: boolean,
    private readonly part: { readonly offset: number; readonly bytes: number } = WHOLE,
    /** somebody else closes it */
    private readonly lent = false,
  ) {}

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    return (await readFrom(this.fd, into, at, most, this.isPipe ? null : this.part.offset + offset)).bytesRead
  }

  endBehind(): number {
    return this.part.bytes
  }

  async close(): Promise<void> {
    if (this.fd !== STDIN && !this.lent) await closeFd(this.fd)
  }
}
