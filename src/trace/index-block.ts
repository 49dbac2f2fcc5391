// The index: where the blocks are and what their summaries say. Written in pieces, so that a capture of any length keeps
// only the last piece in memory; each piece names the one before it, the end block the last.
/** One event or keyframe block. */
export interface IndexEntry {
  readonly offset: number
  /** the block's header and summary, as in the file */
  readonly head: Buffer
  /** it is what exists where one of several files begins, of which there is no head: none of the index's own */
  readonly begins?: true
}

/** A piece is written when it has so many entries, or they so many bytes: where many processes come and go a summary has many. */
export const PIECE = 2048
const PIECE_BYTES = 512 << 10

export class IndexWriter {
  private entries: IndexEntry[] = []
  /** of the entries' heads */
  private bytes = 0
  private previous = -1

  /** Notes a block; true when the piece should be written. */
  add(offset: number, head: Buffer): boolean {
    this.entries.push({ offset, head })
    this.bytes += head.length
    return this.entries.length >= PIECE || this.bytes >= PIECE_BYTES
  }

  /** The piece's payload; undefined when there is nothing new. The next one is taken once it is known where this one is. */
  take(): unknown {
    if (this.entries.length === 0) return undefined
    const payload = { previous: this.previous, blocks: this.entries.map((e) => [e.offset, e.head]) }
    this.entries = []
    this.bytes = 0
    return payload
  }

  /** The piece that was taken begins there. */
  written(offset: number): void {
    this.previous = offset
  }

  /** Offset of the last piece, -1 when there is none. */
  get last(): number {
    return this.previous
  }
}

/** A piece as read; malformed entries are left out. */
export function pieceOf(value: unknown): { previous: number; blocks: IndexEntry[] } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { previous, blocks } = value as { previous?: unknown; blocks?: unknown }
  if (!Number.isSafeInteger(previous) || !Array.isArray(blocks)) return undefined
  const list: IndexEntry[] = []
  for (const b of blocks) {
    const [offset, head] = Array.isArray(b) ? b : []
    if (Number.isSafeInteger(offset) && offset >= 0 && head instanceof Uint8Array)
      list.push({ offset, head: Buffer.from(head.buffer, head.byteOffset, head.length) })
  }
  return { previous: previous as number, blocks: list }
}
