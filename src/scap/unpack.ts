// Reads a compressed segment: a sequence of gzip members or zstd frames, up to the first bytes that are neither, or the
// end of the input.
import { isGzip, isZstd } from './magic.js'
import { scapAddon, type Unpacker } from './native.js'

type Kind = 'gzip' | 'zstd'

/** Size of the magic number that identifies the next member or frame. */
const MAGIC = 4
/** zlib's messages for a member whose trailer does not match the inflated data. */
const CHECKSUM = new Set(['incorrect data check', 'incorrect length check'])

/** A compressed segment that is being read. */
export interface Segment {
  /** Reads uncompressed bytes into `to` from `at` on; 0 when the segment has ended. */
  read(to: Uint8Array, at: number): Promise<number>
  /** after the end: bytes from `more` that follow the segment */
  readonly rest: Uint8Array
  /** damage to the segment, once it has ended */
  readonly problem: string | undefined
  close(): void
}

/** Returns the next compressed bytes, an empty array at the end. */
type More = () => Promise<Uint8Array>

class PackedSegment implements Segment {
  problem: string | undefined
  /** a member has started and not ended */
  private inside = true

  constructor(
    private readonly kind: Kind,
    private readonly unpacker: Unpacker,
    public rest: Uint8Array,
    private readonly more: More,
  ) {}

  async read(to: Uint8Array, at: number): Promise<number> {
    while (this.problem === undefined) {
      if (!this.inside && !(await this.hasNextMember())) return 0
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

  /** Whether the next bytes belong to the same kind of data. */
  private async hasNextMember(): Promise<boolean> {
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

/** The compressed segment that starts with `first`; undefined if these bytes are not compressed. */
export function packedSegment(first: Uint8Array, more: More): Segment | undefined {
  const kind = kindOf(first)
  if (kind === undefined) return undefined
  const { Unpacker } = scapAddon()
  return new PackedSegment(kind, new Unpacker(kind), first, more)
}
