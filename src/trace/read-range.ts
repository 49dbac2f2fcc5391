// Determines the relevant range of a file from its index. Reading starts at the last keyframe before the first relevant
// block, and ends after the last one.
import type { BlockTest, ProcessesBySummary } from '../source/read-request.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { blockSummary } from './block-summary.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader, FILE_HEADER, KIND, TRAILER, trailerEnd } from './format.js'
import { type IndexEntry, pieceOf } from './index-block.js'
import type { Input } from './input.js'
import type { FileExtent } from './joined-files.js'
import { valueIn } from './pack.js'
import { ProcessResolver } from './process-resolver.js'
import { addSkipped, noneSkipped, type SkippedRows, skippedIn } from './skipped-rows.js'

const NONE = Buffer.alloc(0)

export interface ReadRange {
  /** offset of the keyframe to start at; undefined: start at the beginning */
  readonly from: number | undefined
  /** offset after the last relevant block */
  readonly to: number
  /** event types in irrelevant blocks, as in BlockSummary */
  readonly prunedTypes: Uint8Array
  /** rows of the blocks before and after the range */
  readonly head: SkippedRows
  readonly tail: SkippedRows
  /** finds what can be skipped in the range; only for queries about certain processes */
  readonly resolver: ProcessResolver | undefined
  readonly seams: Index['seams']
  /** the value of the end block */
  readonly end: unknown
}

/** The index of a file, or of several that are joined. */
interface Index {
  readonly entries: readonly IndexEntry[]
  /** by end offset of a file's last indexed block: offset and number of the next file's first one */
  readonly seams: ReadonlyMap<number, { readonly to: number; readonly seq: number }>
  /** the value of the end block */
  readonly end: unknown
}

/** The range of a file that must be read. Undefined if the index is damaged: everything must be read. */
export function readRangeOf(
  index: Index,
  blocks: BlockTest,
  processes: ProcessesBySummary | undefined,
): ReadRange | undefined {
  const prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  const resolver = processes && new ProcessResolver(processes)
  let keyframe: number | undefined
  let from: number | undefined
  let to = 0
  let hasRelevant = false
  let head = noneSkipped()
  let pending = noneSkipped()
  for (const entry of index.entries) {
    const { offset } = entry
    const header = headerOf(entry)
    if (header === undefined) return undefined
    if (header === 'state') {
      if (hasRelevant) continue
      keyframe = offset
      head = addSkipped(head, pending)
      pending = noneSkipped()
      resolver?.reset()
      continue
    }
    if (header.kind !== KIND.EVENTS) {
      resolver?.addOther(offset, header, header.kind === KIND.RESYNC)
      continue
    }
    const summary = blockSummary(header, entry.head.subarray(BLOCK_HEADER))
    const isRelevant = summary === undefined || blocks(summary)
    resolver?.add(offset, header, summary, isRelevant)
    if (!isRelevant) {
      addTypes(prunedTypes, summary)
      pending = addSkipped(pending, skippedIn(header, summary.state?.shownRows))
      continue
    }
    if (!hasRelevant) from = keyframe
    hasRelevant = true
    to = offset + header.total
    pending = noneSkipped()
  }
  // without a relevant block, all blocks belong to the tail
  const tail = hasRelevant ? pending : addSkipped(head, pending)
  const { seams, end } = index
  return { from, to, prunedTypes, head: from === undefined ? noneSkipped() : head, tail, resolver, seams, end }
}

/** A block's header; 'state' for a snapshot of the state after the preceding rows; undefined if it is damaged. */
function headerOf({ head, startsFile }: IndexEntry): BlockHeader | 'state' | undefined {
  if (startsFile === true) return 'state'
  const header = blockHeader(head)
  return header?.kind === KIND.KEYFRAME ? 'state' : header
}

/** The index in file order; undefined if it is missing or damaged. Leaves the input at any position. */
export async function indexOf(input: Input): Promise<Index | undefined> {
  if (input.joined !== undefined) return joinedIndex(input, input.joined.extents)
  const { size } = input
  if (size === undefined || size < TRAILER) return undefined
  input.seek(size - TRAILER)
  const endAt = trailerEnd(await input.peek(TRAILER))
  if (endAt === undefined || endAt >= size) return undefined
  input.seek(endAt)
  // offsets of an appended trace count from its own start
  if (endAt + (blockHeader(await input.peek(BLOCK_HEADER))?.total ?? 0) + TRAILER !== size) return undefined
  const end = await payloadAt(input, endAt, KIND.END)
  const entries = await entriesOf(input, 0, indexIn(end), endAt)
  return entries && { entries, seams: new Map(), end }
}

/**
 * Offset of the last piece of the index, according to an end block: -1 if there is none, undefined if it is not
 * recorded.
 */
export function indexIn(end: unknown): number | undefined {
  const at = typeof end === 'object' && end !== null ? (end as { index?: unknown }).index : undefined
  return typeof at === 'number' && Number.isSafeInteger(at) ? at : undefined
}

/**
 * The index entries of the file that starts at `from`, in file order. last: see indexIn(). end: offset that all entries
 * and pieces precede.
 */
async function entriesOf(
  input: Input,
  from: number,
  last: number | undefined,
  end: number,
): Promise<IndexEntry[] | undefined> {
  const pieces: IndexEntry[][] = []
  let at = last
  for (let below = end; at !== -1; ) {
    // each piece precedes the one that refers to it, so a hostile chain ends
    if (at === undefined || at < 0 || at >= below) return undefined
    const piece = pieceOf(await payloadAt(input, from + at, KIND.INDEX))
    if (piece === undefined) return undefined
    pieces.push(piece.blocks)
    below = at
    at = piece.previous
  }
  const entries = pieces.reverse().flat()
  // Offsets must increase and stay within the file, so that readers that follow them always advance.
  if (entries.some(({ offset }, i) => offset <= (entries[i - 1]?.offset ?? 0) || offset >= end)) return undefined
  return from === 0 ? entries : entries.map((e) => ({ ...e, offset: e.offset + from }))
}

/** The index of all joined files; undefined if that of one is missing or damaged. */
async function joinedIndex(input: Input, extents: readonly FileExtent[]): Promise<Index | undefined> {
  const entries: IndexEntry[] = []
  const seams = new Map<number, { to: number; seq: number }>()
  input.seek(FILE_HEADER)
  const description = blockHeader(await input.peek(BLOCK_HEADER))
  if (description?.kind !== KIND.META) return undefined
  /** end offset of the last block */
  let lastEnd: number | undefined
  for (const { file, from, to } of extents) {
    const own = await entriesOf(input, from, file.index, file.size)
    if (own === undefined) return undefined
    // the state at the start of a file follows the description, which all files share
    if (from > 0) entries.push({ offset: from + FILE_HEADER + description.total, head: NONE, startsFile: true })
    if (own.length === 0) continue
    const bounds = indexBounds(own)
    if (bounds === undefined || bounds.end > to) return undefined
    if (lastEnd !== undefined) seams.set(lastEnd, bounds.first)
    lastEnd = bounds.end
    for (const e of own) entries.push(e)
  }
  return { entries, seams, end: undefined }
}

/**
 * Offset and number of the first block in a file's index, and the end offset of the last one; undefined if one is
 * damaged.
 */
function indexBounds(entries: readonly IndexEntry[]): { first: { to: number; seq: number }; end: number } | undefined {
  const [first, last] = [entries[0], entries.at(-1)] as [IndexEntry, IndexEntry]
  const [firstHeader, lastHeader] = [blockHeader(first.head), blockHeader(last.head)]
  if (firstHeader === undefined || lastHeader === undefined) return undefined
  return { first: { to: first.offset, seq: firstHeader.seq }, end: last.offset + lastHeader.total }
}

/** The snapshot in a resync block, as unpacked; undefined if it is damaged. */
export function resyncAt(input: Input, offset: number): Promise<unknown> {
  return payloadAt(input, offset, KIND.RESYNC)
}

async function payloadAt(input: Input, offset: number, kind: number): Promise<unknown> {
  input.seek(offset)
  const header = blockHeader(await input.peek(BLOCK_HEADER))
  if (header?.kind !== kind) return undefined
  return valueIn(await input.peek(header.total))
}
