// A compressed segment: gzip members or zstd frames in a row, up to the first bytes that are neither or the end of the input.
import { isGzip, isZstd } from './magic.js'
import { scapAddon, type Unpacker } from './native.js'
import type { More, Segment } from './segment.js'

type Kind = 'gzip' | 'zstd'

/** Bytes that tell whether another member or frame follows. */
const MAGIC = 4
/** zlib's words for a member whose end does not fit what was inflated. */
const CHECKSUM = new Set(['incorrect data check', 'incorrect length check'])

class PackedSegment implements Segment {
  problem: string | undefined
  /** a member has begun and not ended */
  private inside = true

  constructor(
    private readonly kind: Kind,
    private readonly unpacker: Unpacker,
    public rest: Uint8Array,
    private readonly more: More,
  ) {}

  async read(to: Uint8Array, at: number): Promise<number> {
    while (this.problem === undefined) {
      if (!this.inside && !(await this.another())) return 0
      if (this.rest.length === 0) this.rest = await this.more()
      const cut = this.rest.length === 0
      const done = await this.unpacker.run(this.rest, to.subarray(at))
      this.rest = this.rest.subarray(done.read)
      this.inside = !done.ended
      if (done.error !== undefined) this.problem = problemOf(this.kind, done.error)
      if (done.written > 0) return done.written
      if (cut && this.inside) this.problem ??= `the ${this.kind} data ends in the middle`
    }
    return 0
  }

  /** Whether the next bytes are of the same kind. */
  private async another(): Promise<boolean> {
    while (this.rest.length < MAGIC) {
      const more = await this.more()
      if (more.length === 0) break
      this.rest = Buffer.concat([this.rest, more])
    }
    return kindOf(this.rest) === this.kind
  }

  close(): void {}
}

function problemOf(kind: Kind, error: string): string {
  if (CHECKSUM.has(error)) return `the ${kind} data does not match its checksum`
  return `the ${kind} data is damaged (${error})`
}

function kindOf(first: Uint8Array): Kind | undefined {
  return isGzip(first) ? 'gzip' : isZstd(first) ? 'zstd' : undefined
}

/** The compressed segment that begins with `first`; undefined when that is not compressed. */
export function packedSegment(first: Uint8Array, more: More): Segment | undefined {
  const kind = kindOf(first)
  if (kind === undefined) return undefined
  const { Unpacker } = scapAddon()
  return new PackedSegment(kind, new Unpacker(kind), first, more)
}
