// What is read of a trace before its events: the description, the processes, and where reading begins.
import { type EventBatch, ROW } from '../model/batch.js'
import type { OpenOptions } from '../source/kind.js'
import type { BlockTest, IdleRows, ProcessesBySummary, Relevant } from '../source/read-request.js'
import type { CaptureInfo } from '../source/source.js'
import type { BlockDecoder } from './block-decoder.js'
import type { Blocks } from './blocks.js'
import { unpackEvents } from './events-table.js'
import { type BlockHeader, FILE_HEADER, KIND } from './format.js'
import type { Input } from './input.js'
import { infoOf, runOf, snapshotOf } from './metadata.js'
import type { ResolvedProcesses } from './process-resolver.js'
import { indexOf, type ReadRange, readRangeOf, resyncAt } from './read-range.js'
import { searched } from './search.js'
import type { Shared } from './shared.js'
import { noneSkipped } from './skipped-rows.js'

/** kinds of blocks that come before the first event */
const PREFACE: ReadonlySet<number> = new Set([KIND.META, KIND.SNAPSHOT, KIND.FORMS])

export interface Preface {
  readonly info: CaptureInfo
  /** the recorder's run of which the file is a copy */
  readonly run: string | undefined
  /** what existed where reading begins, as unpacked (see snapshotOf) */
  readonly processes: () => Promise<unknown>
  /** undefined: every block matters */
  readonly blocks: BlockTest | undefined
  /** the part of the file that matters, when its index told */
  readonly range: ReadRange | undefined
  /** rows that need not be delivered */
  readonly idle: IdleRows | undefined
  /** whose rows of that part are relevant, and which of its blocks hold none of them */
  readonly followed: ResolvedProcesses | undefined
  /** batch time (ns) of the capture's first event, when its block may be passed over */
  readonly firstTime: number | undefined
}

/** Reads what comes before the events, and the index when that saves reading. The input then stands where reading begins. */
export async function readPreface(
  input: Input,
  blocks: Blocks,
  decoder: BlockDecoder,
  { relevant: relevantTo, stopped = () => false }: OpenOptions,
  shared?: Shared,
): Promise<Preface> {
  const head = await readHead(input, blocks, decoder, relevantTo !== undefined, shared)
  const { info, run, told } = head
  if (relevantTo === undefined)
    return { ...head, blocks: undefined, range: undefined, idle: undefined, followed: undefined, firstTime: undefined }
  const all = relevantTo({ info, tables: decoder.ownTables })
  const { idle } = all
  // rows that are declared otherwise do not say whom they are about before they are adapted
  const relevant = idle === undefined || decoder.differs || !info.has.rowProcesses ? { blocks: all.blocks } : all
  // a thread decodes the first block while the index is read
  const first = await firstBlock(input, blocks, decoder)
  const jumped = input.size === undefined ? undefined : await jump(input, blocks, relevant, { told, decoder, stopped })
  const existing = jumped?.processes ?? (await (told === undefined ? head.processes() : payloadAt(input, blocks, told)))
  const followed = jumped?.range && (await followedIn(input, jumped.range, existing))
  const batch = await first?.batch
  const firstTime = batch === undefined || batch.count === 0 ? undefined : firstShown(batch, info)
  const { range } = jumped ?? {}
  const mayMatter = jumped?.blocks ?? relevant.blocks
  return { info, run, processes: async () => existing, blocks: mayMatter, range, idle, followed, firstTime }
}

/** What stands before the events. */
interface Head {
  readonly info: CaptureInfo
  readonly run: string | undefined
  readonly processes: Preface['processes']
  /** where they are told instead, while it is not known whether a later keyframe tells them */
  readonly told: number | undefined
}

/** jumps: reading may begin at a later keyframe. */
async function readHead(
  input: Input,
  blocks: Blocks,
  decoder: BlockDecoder,
  jumps: boolean,
  shared: Shared | undefined,
): Promise<Head> {
  let described = descriptionOf(undefined)
  let processes: Preface['processes'] = async () => undefined
  let told: number | undefined
  for (;;) {
    const header = await blocks.header()
    if (header === undefined || !PREFACE.has(header.kind)) break
    if (header.kind === KIND.SNAPSHOT && jumps && input.size !== undefined) {
      told = input.position
      blocks.seq = header.seq + 1
      await blocks.skip(header)
      continue
    }
    if (header.kind === KIND.META) described = await description(input, blocks, header, decoder, shared)
    else if (header.kind === KIND.FORMS) decoder.declareForms(await blocks.payload(header))
    else processes = await blocks.payloadLater(header)
  }
  if (blocks.seq === 0)
    blocks.tell(FILE_HEADER, 'its description is missing: times and processes are those of no known capture')
  return { ...described, processes, told }
}

/** Consumes the description; the decoder learns how the capture's rows are to be read. */
async function description(
  input: Input,
  blocks: Blocks,
  header: BlockHeader,
  decoder: BlockDecoder,
  shared: Shared | undefined,
): Promise<Described> {
  const block = shared && Buffer.from(await input.peek(header.total))
  const known = block && shared?.known(block, decoder)
  if (known !== undefined) {
    blocks.seq = header.seq + 1
    await blocks.skip(header)
    return descriptionOf(known)
  }
  const value = object(await blocks.payload(header))
  const { events, own } = value
  const told = descriptionOf(value)
  decoder.arch = told.info.arch
  decoder.declare(unpackEvents(events), own)
  if (block !== undefined && value.info !== undefined) shared?.keep(block, value, decoder)
  return told
}

/** What a description says. */
type Described = Pick<Preface, 'info' | 'run'>

/** A description, as unpacked. */
function descriptionOf(value: unknown): Described {
  const { info, run } = object(value)
  return { info: infoOf(info), run: runOf(run) }
}

/** What may be left out of a range; existing: the processes where reading begins, as unpacked. The input stays where it is. */
async function followedIn(input: Input, range: ReadRange, existing: unknown): Promise<ResolvedProcesses | undefined> {
  if (range.followed === undefined || existing === undefined) return undefined
  const told: unknown[] = [existing]
  const { position } = input
  for (const at of range.followed.resyncs) told.push(await resyncAt(input, at))
  input.seek(position)
  // what a damaged resync says is not known
  return told.includes(undefined) ? undefined : range.followed.plan(told.map(snapshotOf))
}

/** The first block of events, being decoded from a copy: the input may go elsewhere. Damage is told when the block is read. */
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

/** The value of a block that was passed over; the input stays where it is. */
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

/** What looking through a file takes. */
interface Ways {
  /** where processes are told that exist where reading begins without a keyframe */
  readonly told: number | undefined
  readonly decoder: BlockDecoder
  readonly stopped: () => boolean
}

/** Where reading begins. */
interface Jump {
  readonly range: ReadRange | undefined
  /** what the keyframe tells that it begins with, as unpacked */
  readonly processes: unknown
  readonly blocks: BlockTest
}

/**
 * Goes to the last keyframe before the first block that matters, when the index knows; that keyframe tells the processes.
 */
async function jump(input: Input, blocks: Blocks, relevant: Relevant, ways: Ways): Promise<Jump> {
  const back = input.position
  const { range, blocks: narrowed } = await narrow(input, blocks, relevant, ways)
  input.seek(range?.from ?? back)
  const stay = { range, processes: undefined, blocks: narrowed }
  if (range?.from === undefined) return stay
  const header = await blocks.header()
  const isState = header?.kind === KIND.KEYFRAME || header?.kind === KIND.SNAPSHOT
  const processes = header !== undefined && isState ? await blocks.payload(header) : undefined
  if (header === undefined || processes === undefined) {
    input.seek(back)
    // reading begins where the index did not look
    return { ...stay, range: range && { ...range, head: noneSkipped(), followed: undefined } }
  }
  blocks.seq = header.seq + 1
  return { ...stay, processes }
}

/** The part of a file that matters, and which of its blocks do. The input is left anywhere. */
async function narrow(
  input: Input,
  blocks: Blocks,
  { blocks: mayMatter, processes }: Relevant,
  { told, decoder, stopped }: Ways,
): Promise<{ range: ReadRange | undefined; blocks: BlockTest }> {
  const index = await indexOf(input)
  const text = processes !== undefined && 'texts' in processes ? processes : undefined
  const range =
    index && readRangeOf(index, mayMatter, processes === text ? undefined : (processes as ProcessesBySummary))
  const as = { range, blocks: mayMatter }
  const at = range?.from ?? told
  if (index === undefined || range === undefined || text === undefined || at === undefined) return as
  const existing = await payloadAt(input, blocks, at)
  if (existing === undefined) return as
  const found = await searched(input, index.entries, range, snapshotOf(existing), text, mayMatter, decoder, stopped)
  return found === undefined ? as : { range: readRangeOf(index, found.blocks, found.processes), blocks: found.blocks }
}

/** Time of the capture's first event, the recorder's own calls apart. */
function firstShown(batch: EventBatch, info: CaptureInfo): number | undefined {
  if (!info.has.recorderRows) return batch.time[0]
  for (let i = 0; i < batch.count; i++) if ((batch.flags[i]! & ROW.HIDDEN) === 0) return batch.time[i]
  return undefined
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
