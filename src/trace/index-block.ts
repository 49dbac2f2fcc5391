// The index: offsets and summaries of the blocks. It is written in pieces, so that only the current piece is in memory
// however long the capture is. Each piece has the offset of the previous one, the end block that of the last.
/** One event or keyframe block. */
export interface IndexEntry {
  readonly offset: number
  /** the block's header and summary, as in the file */
  readonly head: Buffer
  /** set for the start of a joined file, whose entry is not part of an index and has no head */
  readonly startsFile?: true
}

/** A piece is written when it has this many entries, or bytes: with many short-lived processes, summaries are large. */
const PIECE_ENTRIES = 2048
const PIECE_BYTES = 512 << 10

export class IndexWriter {
  private entries: IndexEntry[] = []
  /** total size of the entries' heads */
  private bytes = 0
  private previous = -1

  /** Adds a block; returns true when the piece should be written. */
  add(offset: number, head: Buffer): boolean {
    this.entries.push({ offset, head })
    this.bytes += head.length
    return this.entries.length >= PIECE_ENTRIES || this.bytes >= PIECE_BYTES
  }

  /** The piece's payload; undefined if there is no new entry. Take the next one only after written() was called. */
  take(): unknown {
    if (this.entries.length === 0) return undefined
    const payload = { previous: this.previous, blocks: this.entries.map((e) => [e.offset, e.head]) }
    this.entries = []
    this.bytes = 0
    return payload
  }

  /** Sets the offset at which the last taken piece was written. */
  written(offset: number): void {
    this.previous = offset
  }

  /** Offset of the last piece, -1 if there is none. */
  get last(): number {
    return this.previous
  }
}

/** Validates an unpacked piece and drops malformed entries. */
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
