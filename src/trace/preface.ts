// Reads the start of a trace: the description, the processes, and, if the trace has an index, where to start reading
// events.

import { type EventBatch, ROW } from '../model/batch.js'
import type { BatchNs } from '../model/time.js'
import type { OpenOptions } from '../source/kind.js'
import type { BlockTest, IdleRows, ProcessesBySummary, Relevant } from '../source/read-request.js'
import type { CaptureInfo } from '../source/source.js'
import type { BlockDecoder } from './block-decoder.js'
import type { Blocks } from './blocks.js'
import { unpackEvents } from './events-table.js'
import { type BlockHeader, FILE_HEADER, KIND } from './format.js'
import type { Input } from './input.js'
import { KNOWN, knownPart } from './known-part.js'
import { infoOf, runOf, snapshotOf } from './metadata.js'
import { OWN_TABLE } from './own-table.js'
import type { ResolvedProcesses } from './process-resolver.js'
import { indexOf, type ReadRange, readRangeOf, resyncAt } from './read-range.js'
import { searchProcesses } from './search.js'
import type { Shared } from './shared.js'
import { noneSkipped } from './skipped-rows.js'

/** the table of events of this ksys */
const EVENTS = knownPart({ key: 'events', ...OWN_TABLE })
/** kinds of blocks that precede the first event */
const PREFACE: ReadonlySet<number> = new Set([KIND.META, KIND.SNAPSHOT, KIND.FORMS])

export interface Preface {
  readonly info: CaptureInfo
  /** the recorder's run that the file is a copy of */
  readonly run: string | undefined
  /** the snapshot at the position where reading starts, as unpacked (see snapshotOf) */
  readonly processes: () => Promise<unknown>
  /** undefined: every block is relevant */
  readonly blocks: BlockTest | undefined
  /** the relevant range of the file, according to its index */
  readonly range: ReadRange | undefined
  /** rows that need not be delivered */
  readonly idle: IdleRows | undefined
  /** the processes whose rows in that range are relevant, and the blocks without any of them */
  readonly resolved: ResolvedProcesses | undefined
  /** batch time (ns) of the capture's first event, if its block may be skipped */
  readonly firstTime: BatchNs | undefined
}

/** Reads what precedes the events, and the index if that saves reading. Leaves the input where reading starts. */
export async function readPreface(
  input: Input,
  blocks: Blocks,
  decoder: BlockDecoder,
  { relevant: relevantTo, stopped = () => false }: OpenOptions,
  shared?: Shared,
): Promise<Preface> {
  const head = await readHead(input, blocks, decoder, relevantTo !== undefined, shared)
  const { info, run, snapshotAt } = head
  if (relevantTo === undefined)
    return { ...head, blocks: undefined, range: undefined, idle: undefined, resolved: undefined, firstTime: undefined }
  const all = relevantTo({ info, tables: decoder.ownTables })
  const { idle } = all
  // rows with another layout have to be converted before their processes are known
  const relevant = idle === undefined || decoder.differs || !info.has.rowProcesses ? { blocks: all.blocks } : all
  // a worker thread decodes the first block while the index is read
  const first = await firstBlock(input, blocks, decoder)
  const jumped =
    input.size === undefined ? undefined : await jump(input, blocks, relevant, { snapshotAt, decoder, stopped })
  const snapshot =
    jumped?.processes ?? (await (snapshotAt === undefined ? head.processes() : payloadAt(input, blocks, snapshotAt)))
  const resolved = jumped?.range && (await resolveProcesses(input, jumped.range, snapshot))
  const batch = await first?.batch
  const firstTime = batch === undefined || batch.count === 0 ? undefined : firstVisibleTime(batch, info)
  const { range } = jumped ?? {}
  const mayBeRelevant = jumped?.blocks ?? relevant.blocks
  return { info, run, processes: async () => snapshot, blocks: mayBeRelevant, range, idle, resolved, firstTime }
}

/** The blocks before the events. */
interface Head {
  readonly info: CaptureInfo
  readonly run: string | undefined
  readonly processes: Preface['processes']
  /** offset of the snapshot, which was skipped because a later keyframe may replace it */
  readonly snapshotAt: number | undefined
}

/** jumps: reading may start at a later keyframe. */
async function readHead(
  input: Input,
  blocks: Blocks,
  decoder: BlockDecoder,
  jumps: boolean,
  shared: Shared | undefined,
): Promise<Head> {
  let described = descriptionOf(undefined)
  let processes: Preface['processes'] = async () => undefined
  let snapshotAt: number | undefined
  for (;;) {
    const header = await blocks.header()
    if (header === undefined || !PREFACE.has(header.kind) || (await blocks.endsHere())) break
    if (header.kind === KIND.SNAPSHOT && jumps && input.size !== undefined) {
      snapshotAt = input.position
      blocks.seq = header.seq + 1
      await blocks.skip(header)
      continue
    }
    if (header.kind === KIND.META) described = await description(input, blocks, header, decoder, shared)
    else if (header.kind === KIND.FORMS) decoder.declareForms(await blocks.payload(header))
    else processes = await blocks.payloadLater(header)
  }
  if (blocks.seq === 0 && !(await blocks.endsHere()))
    blocks.reportDamage(FILE_HEADER, 'its description is missing: times and processes are unknown')
  return { ...described, processes, snapshotAt }
}

/** Consumes the description and passes its event declarations to the decoder. */
async function description(
  input: Input,
  blocks: Blocks,
  header: BlockHeader,
  decoder: BlockDecoder,
  shared: Shared | undefined,
): Promise<Described> {
  const block = shared && Buffer.from(await input.peek(header.total))
  const cached = block && shared?.lookup(block, decoder)
  if (cached !== undefined) {
    blocks.seq = header.seq + 1
    await blocks.skip(header)
    return descriptionOf(cached)
  }
  const value = object(await blocks.payload(header, EVENTS))
  const { events, own } = value
  const result = descriptionOf(value)
  decoder.arch = result.info.arch
  decoder.declare(events === KNOWN && own === undefined ? undefined : unpackEvents(events), own)
  if (block !== undefined && value.info !== undefined) shared?.store(block, value, decoder)
  return result
}

/** The contents of a description. */
type Described = Pick<Preface, 'info' | 'run'>

/** Validates an unpacked description. */
function descriptionOf(value: unknown): Described {
  const { info, run } = object(value)
  return { info: infoOf(info), run: runOf(run) }
}

/**
 * The processes that a query about processes needs; snapshot: the state where reading starts, as unpacked. The input's
 * position is preserved.
 */
async function resolveProcesses(
  input: Input,
  range: ReadRange,
  snapshot: unknown,
): Promise<ResolvedProcesses | undefined> {
  if (range.resolver === undefined || snapshot === undefined) return undefined
  const snapshots: unknown[] = [snapshot]
  const { position } = input
  for (const at of range.resolver.resyncs) snapshots.push(await resyncAt(input, at))
  input.seek(position)
  // the contents of a damaged resync are unknown
  return snapshots.includes(undefined) ? undefined : range.resolver.resolve(snapshots.map(snapshotOf))
}

/**
 * The first block of events, decoded from a copy so that the input can be moved. Damage is reported when the block is
 * read.
 */
async function firstBlock(
  input: Input,
  blocks: Blocks,
  decoder: BlockDecoder,
): Promise<{ batch: Promise<EventBatch | undefined> } | undefined> {
  const header = await blocks.header()
  if (header?.kind !== KIND.EVENTS) return undefined
  const decoded = decoder.decode(decoder.hold(await input.peek(header.total)), header, false)
  return {
    batch: decoded.then(
      (done) => decoder.deliver(done),
      () => undefined,
    ),
  }
}

/** The value of a skipped block. The input's position is preserved. */
async function payloadAt(input: Input, blocks: Blocks, at: number): Promise<unknown> {
  const { position } = input
  const { seq } = blocks
  input.seek(at)
  const header = await blocks.header()
  const value = header && (await blocks.payload(header))
  input.seek(position)
  blocks.seq = seq
  return value
}

/** Parameters of jump(). */
interface JumpContext {
  /** offset of the snapshot at the start of the file */
  readonly snapshotAt: number | undefined
  readonly decoder: BlockDecoder
  readonly stopped: () => boolean
}

/** Where reading starts. */
interface Jump {
  readonly range: ReadRange | undefined
  /** the snapshot in the keyframe at which reading starts, as unpacked */
  readonly processes: unknown
  readonly blocks: BlockTest
}

/** Moves to the last keyframe before the first relevant block, if the index has one, and reads the snapshot in it. */
async function jump(input: Input, blocks: Blocks, relevant: Relevant, context: JumpContext): Promise<Jump> {
  const start = input.position
  const { range, blocks: narrowed } = await narrow(input, blocks, relevant, context)
  input.seek(range?.from ?? start)
  const unmoved = { range, processes: undefined, blocks: narrowed }
  if (range?.from === undefined) return unmoved
  const header = await blocks.header()
  const isState = header?.kind === KIND.KEYFRAME || header?.kind === KIND.SNAPSHOT
  const processes = header !== undefined && isState ? await blocks.payload(header) : undefined
  if (header === undefined || processes === undefined) {
    input.seek(start)
    // reading then starts in a place that the range does not describe
    return { ...unmoved, range: range && { ...range, head: noneSkipped(), resolver: undefined } }
  }
  blocks.seq = header.seq + 1
  return { ...unmoved, processes }
}

/** The relevant range of a file, narrowed by a search for processes. Leaves the input at any position. */
async function narrow(
  input: Input,
  blocks: Blocks,
  { blocks: mayBeRelevant, processes }: Relevant,
  { snapshotAt, decoder, stopped }: JumpContext,
): Promise<{ range: ReadRange | undefined; blocks: BlockTest }> {
  const index = await indexOf(input)
  const text = processes !== undefined && 'texts' in processes ? processes : undefined
  const range =
    index && readRangeOf(index, mayBeRelevant, processes === text ? undefined : (processes as ProcessesBySummary))
  const unsearched = { range, blocks: mayBeRelevant }
  const at = range?.from ?? snapshotAt
  if (index === undefined || range === undefined || text === undefined || at === undefined) return unsearched
  const snapshot = await payloadAt(input, blocks, at)
  if (snapshot === undefined) return unsearched
  const found = await searchProcesses(
    input,
    index.entries,
    range,
    snapshotOf(snapshot),
    text,
    mayBeRelevant,
    decoder,
    stopped,
  )
  return found === undefined
    ? unsearched
    : { range: readRangeOf(index, found.blocks, found.processes), blocks: found.blocks }
}

/** Time of the capture's first event, without the recorder's own calls. */
function firstVisibleTime(batch: EventBatch, info: CaptureInfo): BatchNs | undefined {
  if (!info.has.recorderRows) return batch.time[0] as BatchNs | undefined
  for (let i = 0; i < batch.count; i++) if ((batch.flags[i]! & ROW.HIDDEN) === 0) return batch.time[i] as BatchNs
  return undefined
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
