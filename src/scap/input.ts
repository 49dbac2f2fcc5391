// The uncompressed bytes of a file or of standard input. A file is a sequence of segments: plain, gzip or zstd, in any
// order, as written by `cat`.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'
import { openToRead } from '../source/files.js'
import { packedSegment, type Segment } from './unpack.js'

const CHUNK = 1 << 21
const STDIN = 0
/**
 * Limit of compressed segments after plain ones. Each one copies the bytes that were read ahead; the limit bounds the
 * cost of a hostile file.
 */
const MAX_RETURNS = 1000
/** ms to wait if a non-blocking pipe has no data */
const QUIET_MS = 5

const readFd = promisify(read)
const closeFd = promisify(close)

export class Input {
  /** bytes of the (compressed) input consumed so far, and in total (0 for a pipe) */
  consumed = 0
  /** problem of the compressed data, at which the input ends */
  problem: string | undefined
  private segment: Segment | undefined
  /** bytes delivered; start of the plain segment that they end in; how often bytes were returned */
  private delivered = 0
  private returns = 0
  private plainFrom = Number.POSITIVE_INFINITY
  private readonly chunks: readonly [Uint8Array, Uint8Array] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)]
  private turn: 0 | 1 = 0
  private detected = false
  private ended = false

  private constructor(
    private readonly fd: number,
    private waiting: Uint8Array,
    readonly total: number,
  ) {}

  /** Opens a file, or takes over a descriptor that some bytes were already read from. Throws as openToRead. */
  static async open(path: string, opened?: { readonly fd: number; readonly first: Uint8Array }): Promise<Input> {
    if (opened !== undefined) return new Input(opened.fd, opened.first, 0)
    if (path === '-') return new Input(STDIN, new Uint8Array(0), 0)
    const { fd, stat } = await openToRead(path)
    return new Input(fd, new Uint8Array(0), stat.isFile() ? stat.size : 0)
  }

  /** Whether it is a file, so that reading ahead never waits for a writer. */
  get isFile(): boolean {
    return this.total > 0
  }

  /** Whether the uncompressed bytes from this offset on are the input's own bytes. */
  isPlain(offset: number): boolean {
    return this.segment === undefined && offset >= this.plainFrom && this.returns < MAX_RETURNS
  }

  /** Returns delivered plain bytes, from that offset to the last: a compressed segment starts with them. */
  returnBytes(bytes: Uint8Array, offset: number): void {
    this.waiting = bytes
    this.returns++
    this.delivered = offset
    this.detected = false
    this.ended = false
  }

  /** Reads the next bytes into `to` from `at` on; returns their number, 0 at the end. */
  async read(to: Uint8Array, at: number): Promise<number> {
    const n = await this.uncompressed(to, at)
    this.delivered += n
    return n
  }

  private async uncompressed(to: Uint8Array, at: number): Promise<number> {
    for (;;) {
      if (this.ended) return 0
      if (!this.detected) await this.detectSegment()
      if (this.segment === undefined) {
        const n = await this.plain(to, at)
        if (n === 0) this.ended = true
        return n
      }
      const n = await this.segment.read(to, at)
      if (n > 0) return n
      this.problem = this.segment.problem
      this.waiting = this.segment.rest
      this.segment.close()
      this.segment = undefined
      this.detected = false
      if (this.problem !== undefined) this.ended = true
    }
  }

  /** Determines the type of the next segment by its first bytes. */
  private async detectSegment(): Promise<void> {
    while (this.waiting.length < 4) {
      const more = await this.chunk()
      if (more.length === 0) break
      this.waiting = Buffer.concat([this.waiting, more])
    }
    this.detected = true
    this.segment = packedSegment(this.waiting, () => this.chunk())
    if (this.segment !== undefined) this.waiting = new Uint8Array(0)
    else this.plainFrom = this.delivered
  }

  private async plain(to: Uint8Array, at: number): Promise<number> {
    if (this.waiting.length > 0) {
      const n = Math.min(this.waiting.length, to.length - at)
      to.set(this.waiting.subarray(0, n), at)
      this.waiting = this.waiting.subarray(n)
      return n
    }
    return this.fill(to, at, to.length - at)
  }

  /** The next bytes of the input itself, in a buffer that is valid until the call after the next. */
  private async chunk(): Promise<Uint8Array> {
    const buffer = this.chunks[this.turn]
    this.turn = this.turn === 0 ? 1 : 0
    const n = await this.fill(buffer, 0, CHUNK)
    return buffer.subarray(0, n)
  }

  private async fill(to: Uint8Array, at: number, length: number): Promise<number> {
    for (;;) {
      try {
        const n = (await readFd(this.fd, to, at, length, null)).bytesRead
        this.consumed += n
        return n
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw e
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
      }
    }
  }

  async close(): Promise<void> {
    this.ended = true
    this.segment?.close()
    this.segment = undefined
    if (this.fd !== STDIN) await closeFd(this.fd)
  }
}
