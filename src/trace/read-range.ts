// The part of a file that matters, from its index: reading begins at the last keyframe before it and ends behind it.
import type { BlockTest, ProcessesBySummary } from '../source/read-plan.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { blockSummary } from './block-summary.js'
import { codec } from './codec.js'
import { BLOCK_HEADER, blockHeader, KIND, TRAILER, trailerEnd } from './format.js'
import { type IndexEntry, pieceOf } from './index-block.js'
import type { Input } from './input.js'
import { unpack } from './pack.js'
import { ProcessResolver } from './process-resolver.js'
import { addSkipped, noneSkipped, type SkippedRows, skippedIn } from './skipped-rows.js'

export interface ReadRange {
  /** offset of the keyframe to begin with; undefined: begin at the beginning */
  readonly from: number | undefined
  /** offset at which nothing more matters */
  readonly to: number
  /** event types in blocks that do not matter, as in BlockSummary */
  readonly refused: Uint8Array
  /** blocks before and behind the span */
  readonly head: SkippedRows
  readonly tail: SkippedRows
  /** what is left out inside of it, where the query is about certain processes only */
  readonly followed: ProcessResolver | undefined
  /** what the end block holds */
  readonly end: unknown
}

/** The index of a file, and what its end block holds. */
export interface Index {
  readonly entries: readonly IndexEntry[]
  readonly end: unknown
}

/** What must be read of a file; undefined when its index is damaged, and then everything is. */
export function readRangeOf(
  index: Index,
  blocks: BlockTest,
  processes: ProcessesBySummary | undefined,
): ReadRange | undefined {
  const refused = new Uint8Array(TYPE_BITMAP_BYTES)
  const followed = processes && new ProcessResolver(processes)
  let keyframe: number | undefined
  let from: number | undefined
  let to = 0
  let any = false
  let head = noneSkipped()
  let since = noneSkipped()
  for (const { offset, head: bytes } of index.entries) {
    const header = blockHeader(bytes)
    if (header === undefined) return undefined
    if (header.kind === KIND.KEYFRAME && !any) {
      keyframe = offset
      head = addSkipped(head, since)
      since = noneSkipped()
      followed?.begin()
    }
    if (header.kind === KIND.RENEWAL || header.kind === KIND.FORMS)
      followed?.other(offset, header, header.kind === KIND.RENEWAL)
    if (header.kind !== KIND.EVENTS) continue
    const summary = blockSummary(header, bytes.subarray(BLOCK_HEADER))
    const matters = summary === undefined || blocks(summary)
    followed?.add(offset, header, summary, matters)
    if (!matters) {
      addTypes(refused, summary)
      since = addSkipped(since, skippedIn(header, summary.state?.shownRows))
      continue
    }
    if (!any) from = keyframe
    any = true
    to = offset + header.total
    since = noneSkipped()
  }
  // without any block that matters all of them are the tail
  const tail = any ? since : addSkipped(head, since)
  return { from, to, refused, head: any && from !== undefined ? head : noneSkipped(), tail, followed, end: index.end }
}

/** The index, in file order; undefined when there is none, or a damaged one. The input is left anywhere. */
export async function indexOf(input: Input): Promise<Index | undefined> {
  const { size } = input
  if (size === undefined || size < TRAILER) return undefined
  input.seek(size - TRAILER)
  const endAt = trailerEnd(await input.peek(TRAILER))
  if (endAt === undefined || endAt >= size) return undefined
  input.seek(endAt)
  // one trace behind another has offsets of its own
  if (endAt + (blockHeader(await input.peek(BLOCK_HEADER))?.total ?? 0) + TRAILER !== size) return undefined
  const end = await payloadAt(input, endAt, KIND.END)
  let at = typeof end === 'object' && end !== null ? (end as { index?: unknown }).index : undefined
  const pieces: IndexEntry[][] = []
  for (let below = endAt; at !== -1; ) {
    // each piece lies before the one that names it, so a hostile chain ends
    if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0 || at >= below) return undefined
    const piece = pieceOf(await payloadAt(input, at, KIND.INDEX))
    if (piece === undefined) return undefined
    pieces.push(piece.blocks)
    below = at
    at = piece.previous
  }
  return { entries: pieces.reverse().flat(), end }
}

/** What a block says that tells what exists from there on; undefined when it is damaged. */
export function resyncAt(input: Input, offset: number): Promise<unknown> {
  return payloadAt(input, offset, KIND.RENEWAL)
}

async function payloadAt(input: Input, offset: number, kind: number): Promise<unknown> {
  input.seek(offset)
  const header = blockHeader(await input.peek(BLOCK_HEADER))
  if (header?.kind !== kind) return undefined
  return valueIn(await input.peek(header.total))
}

/** The value of a block of metadata, undefined when it is damaged. */
export async function valueIn(block: Buffer): Promise<unknown> {
  try {
    return unpack(await codec().decodePayload(block))
  } catch {
    return undefined
  }
}
