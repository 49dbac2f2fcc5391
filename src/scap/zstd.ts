// A zstd segment: whole frames up to the end of the input, by Node's own zstd where it has one, else by the addon's.
import * as zlib from 'node:zlib'
import type { More, Segment } from './input.js'

/** What Node has from 22.15 on. */
interface Stream extends NodeJS.ReadWriteStream {
  destroy(): void
}
const create = (zlib as { createZstdDecompress?: () => Stream }).createZstdDecompress

class ZstdSegment implements Segment {
  readonly rest = new Uint8Array(0)
  problem: string | undefined
  private readonly stream: Stream | undefined
  private readonly output: AsyncIterator<Uint8Array> | undefined
  private ready: Uint8Array = new Uint8Array(0)

  constructor(
    private readonly first: Uint8Array,
    private readonly more: More,
  ) {
    this.stream = create?.()
    this.output = this.stream?.[Symbol.asyncIterator]() as AsyncIterator<Uint8Array> | undefined
    if (this.stream !== undefined) void this.pump(this.stream)
  }

  private async pump(stream: Stream): Promise<void> {
    try {
      for (let bytes = this.first; bytes.length > 0; bytes = await this.more())
        if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve))
      stream.end()
    } catch (e) {
      this.problem = (e as Error).message
      stream.end()
    }
  }

  async read(to: Uint8Array, at: number): Promise<number> {
    if (this.output === undefined) {
      this.problem = `this Node.js (${process.version}) cannot read zstd: decompress the file first (zstd -d), or use Node.js 22.15 or newer`
      return 0
    }
    try {
      while (this.ready.length === 0) {
        const { value, done } = await this.output.next()
        if (done === true) return 0
        this.ready = value
      }
    } catch (e) {
      this.problem = `the zstd data is damaged (${(e as Error).message})`
      return 0
    }
    const n = Math.min(this.ready.length, to.length - at)
    to.set(this.ready.subarray(0, n), at)
    this.ready = this.ready.subarray(n)
    return n
  }

  close(): void {
    this.stream?.destroy()
  }
}

/** Decompresses from `first` on. */
export function zstdSegment(first: Uint8Array, more: More): Segment {
  return new ZstdSegment(first, more)
}
