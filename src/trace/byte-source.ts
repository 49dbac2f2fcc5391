// Where an input has its bytes from: what several files that are joined, one file, a part of one and a pipe have in common, and the latter three.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'

const readFrom = promisify(read)
const closeFd = promisify(close)
export const STDIN = 0

export interface ByteSource {
  /** Reads at most so many bytes at an offset (a pipe: the next ones); 0 at the end. Throws the system's error. */
  read(into: Buffer, at: number, most: number, offset: number): Promise<number>
  /** offset at which the bytes end that belong with those at an offset: of one file */
  endBehind(offset: number): number
  close(): Promise<void>
}

/** A part of a file, as if it were all of it. */
export class FilePart implements ByteSource {
  constructor(
    private readonly fd: number,
    private readonly part: { readonly offset: number; readonly bytes: number },
  ) {}

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    return (await readFrom(this.fd, into, at, most, this.part.offset + offset)).bytesRead
  }

  endBehind(): number {
    return this.part.bytes
  }

  async close(): Promise<void> {
    await closeFd(this.fd)
  }
}

/** A file, or a pipe. */
export class OneFile implements ByteSource {
  constructor(
    private readonly fd: number,
    private readonly isPipe: boolean,
  ) {}

  async read(into: Buffer, at: number, most: number, offset: number): Promise<number> {
    return (await readFrom(this.fd, into, at, most, this.isPipe ? null : offset)).bytesRead
  }

  endBehind(): number {
    return Number.POSITIVE_INFINITY
  }

  async close(): Promise<void> {
    if (this.fd !== STDIN) await closeFd(this.fd)
  }
}
