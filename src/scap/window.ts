// A window over the input: the bytes that are being looked at, in one buffer that slides along. What lies before the current
// position is gone after the next fill, except what the pending enter events carry along.
import type { Input } from './input.js'

/** Bytes that are read at once. */
const STEP = 4 << 20
/** A block larger than this is not believed. */
export const BLOCK_LIMIT = 256 << 20

/** What has to stay when the window slides on. */
export interface Carrier {
  size(): number
  carry(from: Uint8Array, to: Uint8Array): number
}

export class Window {
  bytes = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  /** the current position, and the end of what has been read */
  at = 0
  end = 0
  /** offset in the (uncompressed) input of bytes[0] */
  private base = 0
  private spare = new Uint8Array(0)
  /** the input has no more bytes than those in the window */
  ended = false

  constructor(
    private readonly input: Input,
    private readonly carrier: Carrier,
  ) {}

  /** Bytes that can be looked at without waiting. */
  get left(): number {
    return this.end - this.at
  }

  /** Offset of the current position in the uncompressed input. */
  get offset(): number {
    return this.base + this.at
  }

  /** Makes at least n bytes available from the current position on; false when the input ends before. */
  async need(n: number): Promise<boolean> {
    if (this.left >= n) return true
    if (this.ended) return false
    this.slide(n)
    while (this.left < n) {
      const got = await this.input.read(this.bytes, this.end)
      if (got === 0) {
        this.ended = true
        return false
      }
      this.end += got
      if (this.end === this.bytes.length && this.left < n) this.slide(n)
    }
    return true
  }

  /** Passes over n bytes, however many; false when the input ends before. */
  async skip(n: number): Promise<boolean> {
    let rest = n
    while (rest > 0) {
      const step = Math.min(rest, STEP)
      if (!(await this.need(step))) {
        this.at = this.end
        return false
      }
      this.at += step
      rest -= step
    }
    return true
  }

  /** Moves what is left to the front of a buffer that has room for the next step, or for as much of n as is sure to come. */
  private slide(n: number): void {
    const rest = this.left
    // A claimed length is trusted only as far as bytes have really come: the buffer doubles while they do.
    const room = Math.max(STEP, Math.min(n, 2 * rest))
    const size = this.carrier.size() + rest + room
    const to = this.spare.length >= size ? this.spare : new Uint8Array(size + (size >> 2))
    const kept = this.carrier.carry(this.bytes, to)
    to.set(this.bytes.subarray(this.at, this.end), kept)
    this.base += this.at - kept
    this.spare = this.bytes.length <= 8 * STEP ? this.bytes : new Uint8Array(0)
    this.bytes = to
    this.view = new DataView(to.buffer)
    this.at = kept
    this.end = kept + rest
  }
}
