// The bytes of a file or of stdin, uncompressed. A file is a row of segments: plain, gzip or zstd, in any order, as `cat`
// puts them together.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'
import { openToRead } from '../source/files.js'
import type { Segment } from './segment.js'
import { packedSegment } from './unpack.js'

const CHUNK = 1 << 21
const STDIN = 0
/** Compressed segments behind plain ones; each costs a copy of what was read ahead, which a hostile file must not multiply. */
const MOST_TAKEN_BACK = 1000
/** Wait for a pipe that does not block and has nothing. */
const QUIET_MS = 5

const readFd = promisify(read)
const closeFd = promisify(close)

export class Input {
  /** bytes of the (compressed) input consumed so far, and in all (0 for a pipe) */
  consumed = 0
  /** problem of the compressed data; the input ends there */
  problem: string | undefined
  private segment: Segment | undefined
  /** bytes handed out, where the plain segment began that reaches up to there, and how often bytes were taken back */
  private delivered = 0
  private takenBack = 0
  private plainFrom = Number.POSITIVE_INFINITY
  private readonly chunks: readonly [Uint8Array, Uint8Array] = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)]
  private turn: 0 | 1 = 0
  private decided = false
  private ended = false

  private constructor(
    private readonly fd: number,
    private waiting: Uint8Array,
    readonly total: number,
  ) {}

  /** Opens a file, or takes over a descriptor of which some bytes were read. Throws as openToRead. */
  static async open(path: string, opened?: { readonly fd: number; readonly first: Uint8Array }): Promise<Input> {
    if (opened !== undefined) return new Input(opened.fd, opened.first, 0)
    if (path === '-') return new Input(STDIN, new Uint8Array(0), 0)
    const { fd, stat } = await openToRead(path)
    return new Input(fd, new Uint8Array(0), stat.isFile() ? stat.size : 0)
  }

  /** It is a file, whose bytes come at once: reading ahead never waits for somebody to write. */
  get isFile(): boolean {
    return this.total > 0
  }

  /** Whether the bytes from this offset of the uncompressed data on are the input's own. */
  isPlain(offset: number): boolean {
    return this.segment === undefined && offset >= this.plainFrom && this.takenBack < MOST_TAKEN_BACK
  }

  /** Takes back plain bytes, all that were handed out from that offset on: another segment begins with them. */
  takeBack(bytes: Uint8Array, offset: number): void {
    this.waiting = bytes
    this.takenBack++
    this.delivered = offset
    this.decided = false
    this.ended = false
  }

  /** Puts the next bytes into `to` from `at` on; returns their number, 0 at the end. */
  async read(to: Uint8Array, at: number): Promise<number> {
    const n = await this.uncompressed(to, at)
    this.delivered += n
    return n
  }

  private async uncompressed(to: Uint8Array, at: number): Promise<number> {
    for (;;) {
      if (this.ended) return 0
      if (!this.decided) await this.decide()
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
      this.decided = false
      if (this.problem !== undefined) this.ended = true
    }
  }

  /** Looks at the next segment's first bytes. */
  private async decide(): Promise<void> {
    while (this.waiting.length < 4) {
      const more = await this.chunk()
      if (more.length === 0) break
      this.waiting = Buffer.concat([this.waiting, more])
    }
    this.decided = true
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

  /** The next bytes of the input itself, in a buffer that stays valid until the next call but one. */
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
