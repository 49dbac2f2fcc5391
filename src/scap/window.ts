// A window over the input: the bytes that are being looked at. Two buffers take turns: while one is looked at, the next
// bytes are read into the other, behind room for what is left of the first.
import type { Input } from './input.js'
import { isGzip, isZstd } from './magic.js'

/** Bytes that are read at once. */
const STEP = 8 << 20
/** Room for what is left of the other buffer: most often a part of one block. */
const ROOM = 128 << 10
/** A block larger than this is not believed. */
export const BLOCK_LIMIT = 256 << 20

export class Window {
  bytes = new Uint8Array(ROOM + STEP)
  view = new DataView(this.bytes.buffer)
  /** the current position, and the end of what has been read */
  at = ROOM
  end = ROOM
  /** offset in the (uncompressed) input of bytes[0] */
  private base = -ROOM
  private spare = new Uint8Array(ROOM + STEP)
  /** the number of bytes that are being read into the spare buffer */
  private coming: Promise<number> | undefined
  private ended = false

  constructor(private readonly input: Input) {}

  /** Bytes that can be looked at without waiting. */
  get left(): number {
    return this.end - this.at
  }

  /** Offset in the uncompressed input of a place in the window. */
  offsetOf(at: number): number {
    return this.base + at
  }

  /** Makes at least n bytes available from the current position on; false when the input ends before. */
  async need(n: number): Promise<boolean> {
    while (this.left < n) {
      if (this.ended) return false
      const got = await (this.coming ?? this.read())
      this.coming = undefined
      if (got === 0) this.ended = true
      else {
        this.append(got)
        if (this.input.isFile) this.coming = this.read()
      }
    }
    return true
  }

  /** Where plain blocks end and a compressed segment begins: gives what is left back to the input. False when it is none. */
  async unpack(): Promise<boolean> {
    const offset = this.offsetOf(this.at)
    const rest = this.bytes.subarray(this.at, this.end)
    if (!(isGzip(rest) || isZstd(rest)) || !this.input.isPlain(offset)) return false
    const more = await (this.coming ?? 0)
    this.coming = undefined
    this.input.takeBack(Buffer.concat([rest, this.spare.subarray(ROOM, ROOM + more)]), offset)
    this.end = this.at
    this.ended = false
    return true
  }

  /** Resolves when nothing is being read any more. */
  async settle(): Promise<void> {
    await this.coming?.catch(() => undefined)
  }

  /** Reads into the spare buffer: of a file as much as it holds, of a pipe what is there. */
  private read(): Promise<number> {
    const reading = this.fill(this.spare)
    reading.catch(() => undefined)
    return reading
  }

  private async fill(to: Uint8Array): Promise<number> {
    let at = ROOM
    do {
      const got = await this.input.read(to, at)
      if (got === 0) break
      at += got
    } while (this.input.isFile && at < to.length)
    return at - ROOM
  }

  /** Puts n bytes of the spare buffer behind what is left. */
  private append(n: number): void {
    const rest = this.left
    if (rest <= ROOM) {
      const to = this.spare
      to.set(this.bytes.subarray(this.at, this.end), ROOM - rest)
      this.spare = this.bytes.length === to.length ? this.bytes : new Uint8Array(to.length)
      this.move(to, ROOM - rest)
    } else if (this.bytes.length - this.end < n) {
      // A claimed length is trusted only as far as bytes have really come: the buffer doubles while they do.
      const to = new Uint8Array(2 * (rest + n))
      to.set(this.bytes.subarray(this.at, this.end))
      to.set(this.spare.subarray(ROOM, ROOM + n), rest)
      this.move(to, 0)
    } else this.bytes.set(this.spare.subarray(ROOM, ROOM + n), this.end)
    this.end = this.at + rest + n
  }

  /** What is left lies at `at` of another buffer now. */
  private move(to: Uint8Array<ArrayBuffer>, at: number): void {
    this.base += this.at - at
    this.bytes = to
    this.view = new DataView(to.buffer)
    this.at = at
  }
}
