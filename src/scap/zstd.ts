// A zstd segment: whole frames up to the first that is none, or to the end of the input.

import { ScapError } from './error.js'
import type { More, Segment } from './input.js'
import { isZstd } from './magic.js'
import { scapAddon, type ZstdStream } from './native.js'

/** Bytes of a frame's magic number, which tell whether another one follows. */
const MAGIC = 4

class ZstdSegment implements Segment {
  problem: string | undefined
  private readonly stream: ZstdStream
  /** a frame has begun and not ended */
  private inside = false
  private started = false

  constructor(
    public rest: Uint8Array,
    private readonly more: More,
  ) {
    const addon = scapAddon()
    if (addon === undefined)
      throw new ScapError(
        'zstd data needs the native addon, which is not built or does not load here: decompress the file first (zstd -d)',
      )
    this.stream = new addon.ZstdStream()
  }

  async read(to: Uint8Array, at: number): Promise<number> {
    for (;;) {
      if (this.problem !== undefined) return 0
      if (!this.inside && this.started && !(await this.another())) return 0
      if (this.rest.length === 0) this.rest = await this.more()
      this.started = true
      const done = await this.stream.run(this.rest, to.subarray(at))
      const stuck = done.read === 0 && done.written === 0 && !done.ended
      this.rest = this.rest.subarray(done.read)
      this.inside = !done.ended
      if (done.error !== undefined) this.problem = `the zstd data is damaged (${done.error})`
      else if (stuck && this.rest.length === 0) this.problem = 'the zstd data ends in the middle'
      if (done.written > 0) return done.written
    }
  }

  /** Whether the next bytes are a frame, too. */
  private async another(): Promise<boolean> {
    while (this.rest.length < MAGIC) {
      const more = await this.more()
      if (more.length === 0) break
      this.rest = Buffer.concat([this.rest, more])
    }
    return isZstd(this.rest)
  }

  close(): void {}
}

/** Decompresses from `first` on. */
export function zstdSegment(first: Uint8Array, more: More): Segment {
  return new ZstdSegment(first, more)
}
