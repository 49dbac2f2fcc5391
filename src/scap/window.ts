// A window over the input. Two buffers take turns: while one is processed, the next bytes are read into the other one,
// with headroom for the unprocessed rest of the first.
import type { Input } from './input.js'
import { isGzip, isZstd } from './magic.js'

/** Bytes per read. */
const STEP = 8 << 20
/** Headroom for the rest of the other buffer, usually part of one block. */
const HEADROOM = 128 << 10
/** Larger lengths of blocks are treated as damage. */
export const BLOCK_LIMIT = 256 << 20

export class Window {
  bytes = new Uint8Array(HEADROOM + STEP)
  view = new DataView(this.bytes.buffer)
  /** the current position, and the end of the bytes that were read */
  at = HEADROOM
  end = HEADROOM
  /** offset in the (uncompressed) input of bytes[0] */
  private base = -HEADROOM
  private spare = new Uint8Array(HEADROOM + STEP)
  /** fulfilled with the number of bytes read into the spare buffer */
  private pendingRead: Promise<number> | undefined
  private ended = false

  constructor(private readonly input: Input) {}

  /** Number of bytes that are available without waiting. */
  get left(): number {
    return this.end - this.at
  }

  /** Offset in the uncompressed input of a position in the window. */
  offsetOf(at: number): number {
    return this.base + at
  }

  /** Makes at least n bytes available from the current position on; false if the input ends before. */
  async need(n: number): Promise<boolean> {
    while (this.left < n) {
      if (this.ended) return false
      const got = await (this.pendingRead ?? this.read())
      this.pendingRead = undefined
      if (got === 0) this.ended = true
      else {
        this.append(got)
        if (this.input.isFile) this.pendingRead = this.read()
      }
    }
    return true
  }

  /**
   * Called where a plain segment may end: if a compressed one starts, returns the rest to the input. False if none
   * starts.
   */
  async unpack(): Promise<boolean> {
    const offset = this.offsetOf(this.at)
    const rest = this.bytes.subarray(this.at, this.end)
    if (!(isGzip(rest) || isZstd(rest)) || !this.input.isPlain(offset)) return false
    const more = await (this.pendingRead ?? 0)
    this.pendingRead = undefined
    this.input.returnBytes(Buffer.concat([rest, this.spare.subarray(HEADROOM, HEADROOM + more)]), offset)
    this.end = this.at
    this.ended = false
    return true
  }

  /** Fulfilled when no read is in progress. */
  async settle(): Promise<void> {
    await this.pendingRead?.catch(() => undefined)
  }

  /** Reads into the spare buffer: from a file until it is full, from a pipe what is available. */
  private read(): Promise<number> {
    const reading = this.fill(this.spare)
    reading.catch(() => undefined)
    return reading
  }

  private async fill(to: Uint8Array): Promise<number> {
    let at = HEADROOM
    do {
      const got = await this.input.read(to, at)
      if (got === 0) break
      at += got
    } while (this.input.isFile && at < to.length)
    return at - HEADROOM
  }

  /** Appends n bytes of the spare buffer to the rest. */
  private append(n: number): void {
    const rest = this.left
    if (rest <= HEADROOM) {
      const to = this.spare
      to.set(this.bytes.subarray(this.at, this.end), HEADROOM - rest)
      this.spare = this.bytes.length === to.length ? this.bytes : new Uint8Array(to.length)
      this.move(to, HEADROOM - rest)
    } else if (this.bytes.length - this.end < n) {
      // the buffer grows only as bytes arrive, so a hostile length allocates nothing
      const to = new Uint8Array(2 * (rest + n))
      to.set(this.bytes.subarray(this.at, this.end))
      to.set(this.spare.subarray(HEADROOM, HEADROOM + n), rest)
      this.move(to, 0)
    } else this.bytes.set(this.spare.subarray(HEADROOM, HEADROOM + n), this.end)
    this.end = this.at + rest + n
  }

  /** Switches to a buffer in which the rest starts at `at`. */
  private move(to: Uint8Array<ArrayBuffer>, at: number): void {
    this.base += this.at - at
    this.bytes = to
    this.view = new DataView(to.buffer)
    this.at = at
  }
}
