// The part of a file that matters, from its index: reading begins at the last keyframe before it and ends behind it.
import type { BlockTest, ProcessesBySummary } from '../source/read-request.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { blockSummary } from './block-summary.js'
import { BLOCK_HEADER, type BlockHeader, blockHeader, FILE_HEADER, KIND, TRAILER, trailerEnd } from './format.js'
import { type IndexEntry, pieceOf } from './index-block.js'
import type { Input } from './input.js'
import type { Part } from './joined-files.js'
import { valueIn } from './payload.js'
import { ProcessResolver } from './process-resolver.js'
import { addSkipped, noneSkipped, type SkippedRows, skippedIn } from './skipped-rows.js'

const NONE = Buffer.alloc(0)

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
  readonly seams: Index['seams']
  /** what the end block holds */
  readonly end: unknown
}

/** The index of a file, or of several that are joined. */
export interface Index {
  readonly entries: readonly IndexEntry[]
  /** by the offset behind a file's last block of the index: where the first one of the next file is, and its number */
  readonly seams: ReadonlyMap<number, { readonly to: number; readonly seq: number }>
  /** what the end block holds */
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
  for (const entry of index.entries) {
    const { offset } = entry
    const header = headerOf(entry)
    if (header === undefined) return undefined
    if (header === 'state') {
      if (any) continue
      keyframe = offset
      head = addSkipped(head, since)
      since = noneSkipped()
      followed?.begin()
      continue
    }
    if (header.kind !== KIND.EVENTS) {
      followed?.other(offset, header, header.kind === KIND.RESYNC)
      continue
    }
    const summary = blockSummary(header, entry.head.subarray(BLOCK_HEADER))
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
  const { seams, end } = index
  return { from, to, refused, head: from === undefined ? noneSkipped() : head, tail, followed, seams, end }
}

/** A block's header, or 'state' where what exists is told, which the rows before have led to; undefined when it is damaged. */
function headerOf({ head, begins }: IndexEntry): BlockHeader | 'state' | undefined {
  if (begins === true) return 'state'
  const header = blockHeader(head)
  return header?.kind === KIND.KEYFRAME ? 'state' : header
}

/** The index, in file order; undefined when there is none, or a damaged one. The input is left anywhere. */
export async function indexOf(input: Input): Promise<Index | undefined> {
  if (input.joined !== undefined) return joinedIndex(input, input.joined.parts)
  const { size } = input
  if (size === undefined || size < TRAILER) return undefined
  input.seek(size - TRAILER)
  const endAt = trailerEnd(await input.peek(TRAILER))
  if (endAt === undefined || endAt >= size) return undefined
  input.seek(endAt)
  // one trace behind another has offsets of its own
  if (endAt + (blockHeader(await input.peek(BLOCK_HEADER))?.total ?? 0) + TRAILER !== size) return undefined
  const end = await payloadAt(input, endAt, KIND.END)
  const entries = await entriesOf(input, 0, indexIn(end), endAt)
  return entries && { entries, seams: new Map(), end }
}

/** Offset of the last piece of the index, as an end block has it: -1 when there is none, undefined when it does not tell. */
export function indexIn(end: unknown): number | undefined {
  const at = typeof end === 'object' && end !== null ? (end as { index?: unknown }).index : undefined
  return typeof at === 'number' && Number.isSafeInteger(at) ? at : undefined
}

/** What the index of a file says that begins at `from`, in file order; last: see indexIn(); end: nothing of it lies there or behind. */
async function entriesOf(
  input: Input,
  from: number,
  last: number | undefined,
  end: number,
): Promise<IndexEntry[] | undefined> {
  const pieces: IndexEntry[][] = []
  let at = last
  for (let below = end; at !== -1; ) {
    // each piece lies before the one that names it, so a hostile chain ends
    if (at === undefined || at < 0 || at >= below) return undefined
    const piece = pieceOf(await payloadAt(input, from + at, KIND.INDEX))
    if (piece === undefined) return undefined
    pieces.push(piece.blocks)
    below = at
    at = piece.previous
  }
  const entries = pieces.reverse().flat()
  // who goes by them goes on, and stays in the file
  if (entries.some(({ offset }, i) => offset <= (entries[i - 1]?.offset ?? 0) || offset >= end)) return undefined
  return from === 0 ? entries : entries.map((e) => ({ ...e, offset: e.offset + from }))
}

/** The index of all files that are joined; undefined when one has none, or a damaged one. */
async function joinedIndex(input: Input, parts: readonly Part[]): Promise<Index | undefined> {
  const entries: IndexEntry[] = []
  const seams = new Map<number, { to: number; seq: number }>()
  input.seek(FILE_HEADER)
  const description = blockHeader(await input.peek(BLOCK_HEADER))
  if (description?.kind !== KIND.META) return undefined
  /** behind the last block */
  let behind: number | undefined
  for (const { file, from, to } of parts) {
    const own = await entriesOf(input, from, file.index, file.size)
    if (own === undefined) return undefined
    // what exists where a file begins, is told behind the description, which all have in common
    if (from > 0) entries.push({ offset: from + FILE_HEADER + description.total, head: NONE, begins: true })
    if (own.length === 0) continue
    const ends = endsOf(own)
    if (ends === undefined || ends.behind > to) return undefined
    if (behind !== undefined) seams.set(behind, ends.first)
    behind = ends.behind
    for (const e of own) entries.push(e)
  }
  return { entries, seams, end: undefined }
}

/** Where the first block of a file's index is, and its number, and the offset behind the last one; undefined when one is damaged. */
function endsOf(entries: readonly IndexEntry[]): { first: { to: number; seq: number }; behind: number } | undefined {
  const [first, last] = [entries[0], entries.at(-1)] as [IndexEntry, IndexEntry]
  const [begin, end] = [blockHeader(first.head), blockHeader(last.head)]
  if (begin === undefined || end === undefined) return undefined
  return { first: { to: first.offset, seq: begin.seq }, behind: last.offset + end.total }
}

/** What a block says that tells what exists from there on; undefined when it is damaged. */
export function resyncAt(input: Input, offset: number): Promise<unknown> {
  return payloadAt(input, offset, KIND.RESYNC)
}

async function payloadAt(input: Input, offset: number, kind: number): Promise<unknown> {
  input.seek(offset)
  const header = blockHeader(await input.peek(BLOCK_HEADER))
  if (header?.kind !== kind) return undefined
  return valueIn(await input.peek(header.total))
}
