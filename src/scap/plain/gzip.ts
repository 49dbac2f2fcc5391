// One gzip member by Node's zlib, for hosts where the addon is missing. What can be inflated before a damage is delivered;
// what follows the member is handed back.
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { More, Segment } from '../input.js'

/** Bytes inflated at once. What was inflated in a step that fails is lost, so this is also the most that a damage costs. */
const OUT = 1 << 16
/** Inflated bytes that may wait to be read. */
const AHEAD = 8 << 20

/** Bits of the header's flags. */
const HEADER_CRC = 2
const EXTRA = 4
const NAME = 8
const COMMENT = 16
const HEADER = 10
const TRAILER = 8

class GzipSegment implements Segment {
  rest: Uint8Array = new Uint8Array(0)
  problem: string | undefined
  private readonly inflate: InflateRaw = createInflateRaw({ chunkSize: OUT })
  private readonly ready: Buffer[] = []
  private waiting = 0
  private size = 0
  private crc = 0
  private fed = 0
  private last: Uint8Array = new Uint8Array(0)
  private started = false
  private ended = false
  private wake: (() => void) | undefined

  constructor(
    private readonly first: Uint8Array,
    private readonly more: More,
  ) {
    this.inflate.on('data', (b: Buffer) => {
      this.ready.push(b)
      this.waiting += b.length
      if (this.waiting > AHEAD) this.inflate.pause()
      this.wake?.()
    })
    this.inflate.on('end', () => this.finish(undefined))
    this.inflate.on('error', (e) => this.finish(e.message))
  }

  private feed(bytes: Uint8Array): void {
    this.last = bytes
    this.fed += bytes.length
    this.inflate.write(bytes, (e) => {
      if (e == null && !this.ended) void this.next()
    })
  }

  /** A stream that has ended says so as soon as it is given a byte too many, at the latest one of its trailer. */
  private async next(): Promise<void> {
    try {
      const bytes = await this.more()
      if (bytes.length > 0) this.feed(bytes)
      else setImmediate(() => this.finish(CUT))
    } catch (e) {
      this.finish((e as Error).message)
    }
  }

  private finish(error: string | undefined): void {
    if (this.ended) return
    this.ended = true
    if (error !== undefined) this.problem = error === CUT ? CUT : `the gzip data is damaged (${error})`
    else {
      const unused = this.fed - this.inflate.bytesWritten
      this.rest = this.last.subarray(this.last.length - Math.min(unused, this.last.length))
    }
    this.wake?.()
  }

  async read(to: Uint8Array, at: number): Promise<number> {
    if (!this.started) {
      this.started = true
      const body = await this.header()
      if (body === undefined) this.finish(undefined)
      else this.feed(body)
    }
    while (this.ready.length === 0) {
      if (this.ended) return this.trailer()
      this.inflate.resume()
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.wake = undefined
    }
    return this.take(to, at)
  }

  private take(to: Uint8Array, at: number): number {
    let n = 0
    while (this.ready.length > 0 && at + n < to.length) {
      const b = this.ready[0] as Buffer
      const part = b.length <= to.length - at - n ? b : b.subarray(0, to.length - at - n)
      to.set(part, at + n)
      n += part.length
      if (part.length === b.length) this.ready.shift()
      else this.ready[0] = b.subarray(part.length)
    }
    this.crc = crc32(to.subarray(at, at + n), this.crc)
    this.size = (this.size + n) >>> 0
    this.waiting -= n
    if (this.waiting <= AHEAD >> 1) this.inflate.resume()
    return n
  }

  /** Passes over the member's header; undefined when it is none. */
  private async header(): Promise<Uint8Array | undefined> {
    let bytes = this.first
    const has = async (n: number): Promise<boolean> => {
      while (bytes.length < n) {
        const more = await this.more()
        if (more.length === 0) {
          this.problem = CUT
          return false
        }
        bytes = Buffer.concat([bytes, more])
      }
      return true
    }
    if (!(await has(HEADER))) return undefined
    if (bytes[2] !== 8) {
      this.problem = 'the gzip data uses an unknown compression method'
      return undefined
    }
    const flags = bytes[3] as number
    let at = HEADER
    if (flags & EXTRA) {
      if (!(await has(at + 2))) return undefined
      at += 2 + ((bytes[at] as number) | ((bytes[at + 1] as number) << 8))
    }
    for (const text of [NAME, COMMENT]) {
      if ((flags & text) === 0) continue
      do if (!(await has(at + 1))) return undefined
      while (bytes[at++] !== 0)
    }
    if (flags & HEADER_CRC) at += 2
    if (!(await has(at))) return undefined
    return bytes.subarray(at)
  }

  /** Checks the member's end against what was inflated. */
  private async trailer(): Promise<0> {
    if (this.problem !== undefined) return 0
    while (this.rest.length < TRAILER) {
      const more = await this.more()
      if (more.length === 0) {
        this.problem = CUT
        return 0
      }
      this.rest = Buffer.concat([this.rest, more])
    }
    const view = new DataView(this.rest.buffer, this.rest.byteOffset, TRAILER)
    this.rest = this.rest.subarray(TRAILER)
    if (view.getUint32(0, true) !== this.crc || view.getUint32(4, true) !== this.size)
      this.problem = 'the gzip data does not match its checksum'
    return 0
  }

  close(): void {
    this.ended = true
    this.inflate.destroy()
  }
}

const CUT = 'the gzip data ends in the middle'

/** Inflates the member that begins with `first`. */
export function plainGzip(first: Uint8Array, more: More): Segment {
  return new GzipSegment(first, more)
}
