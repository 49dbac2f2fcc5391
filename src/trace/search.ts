// For queries that name a text or a port: which processes can have it, learnt by looking through the bytes of all blocks that matter
// before anything is read. Most blocks hold none of the texts, and unpacking them is a small part of what reading them costs.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import type { BlockTest, ProcessesBySummary, ProcessesByText } from '../source/read-request.js'
import { type BlockSummary, processesOf } from '../source/summary.js'
import type { BlockDecoder } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import { codec } from './codec.js'
import { tellContainers } from './container-scan.js'
import { BLOCK_HEADER, blockHeader, KIND } from './format.js'
import type { IndexEntry } from './index-block.js'
import type { Input } from './input.js'
import { snapshotOf } from './metadata.js'
import { OF_SOCKETS } from './of-sockets.js'
import { ProcessGraph } from './process-graph.js'
import { type ReadRange, resyncAt } from './read-range.js'

/** Blocks that are looked through at once. */
const AT_ONCE = 4
/** After so many blocks it is looked at whether most processes have the texts: then it is not worth it. */
const TRIED = 16
const MANY = 32
/** Each of their ids is looked for. */
const MOST_CONTAINERS = 12

/** What the rest of the reading then asks. */
export interface Found {
  readonly blocks: BlockTest
  readonly processes: ProcessesBySummary
}

/**
 * Looks through the blocks of a range. existing: what existed where it begins. undefined: it cannot be told who has the texts,
 * or too many have. The input is left anywhere.
 */
export async function searched(
  input: Input,
  entries: readonly IndexEntry[],
  range: ReadRange,
  existing: Snapshot,
  search: ProcessesByText,
  blocks: BlockTest,
  decoder: BlockDecoder,
  stopped: () => boolean,
): Promise<Found | undefined> {
  const within = entries.filter(({ offset }) => offset >= (range.from ?? 0) && offset < range.to)
  const told = [existing]
  for (const { offset, head } of within) {
    if (blockHeader(head)?.kind !== KIND.RESYNC) continue
    const value = await resyncAt(input, offset)
    if (value === undefined) return undefined
    told.push(snapshotOf(value))
  }
  // a name that is told behind the range counts in it as well
  const texts = await textsOf(input, entries, told, search, decoder)
  if (texts === undefined) return undefined
  const holders = new Holders(search, texts)
  for (const s of told) holders.addSnapshot(s)
  const bytes = texts.map((t) => Buffer.from(t))
  const ports = Uint16Array.from(search.ports)
  const { fixed, vars } = decoder.rowLayouts
  const pending: Promise<unknown>[] = []
  let scanned = 0
  for (const { offset, head } of within) {
    if (holders.unknown || stopped()) break
    const header = blockHeader(head)
    if (header?.kind !== KIND.EVENTS) continue
    holders.addBlock(blockSummary(header, head.subarray(BLOCK_HEADER)))
    input.seek(offset)
    const block = Buffer.from(await input.peek(header.total))
    pending.push(codec().scanEvents(block, fixed, vars, bytes, ports).then(holders.add, holders.fail))
    if (pending.length >= AT_ONCE) await pending.shift()
    if (++scanned === TRIED && holders.areMost()) holders.unknown = true
  }
  await Promise.all(pending)
  if (stopped()) return undefined
  const processes = holders.all()
  if (processes === undefined) return undefined
  const passing = (s: BlockSummary) => {
    const there = processesOf(s)
    return there && new Set([...there].filter((pid) => processes.has(pid)))
  }
  return {
    blocks: (s) => blocks(s) && passing(s)?.size !== 0,
    processes: { passing, ofAnyProcess: search.ofAnyProcess },
  }
}

/** The texts to look for; undefined: they are not known, or too many. */
async function textsOf(
  input: Input,
  entries: readonly IndexEntry[],
  told: readonly Snapshot[],
  { texts, containers }: ProcessesByText,
  decoder: BlockDecoder,
): Promise<readonly string[] | undefined> {
  if (containers === undefined) return texts
  for (const s of told) for (const json of s.containers ?? []) containers.tell(json)
  if (!(await tellContainers(input, entries, containers, decoder.another()))) return undefined
  const found = containers.texts()
  return found.length > MOST_CONTAINERS ? undefined : found
}

/** Who has the texts. */
class Holders {
  /** it cannot be told, or is not worth it */
  unknown = false
  private readonly own = new Set<number>()
  /** those whose sockets have them */
  private readonly bySocket = new Set<number>()
  private readonly seen = new Set<number>()
  private readonly graph = new ProcessGraph()

  constructor(
    private readonly search: ProcessesByText,
    private readonly texts: readonly string[],
  ) {}

  /** Whether so many processes are most of those that have events. */
  areMost(processes: ReadonlySet<number> = this.own): boolean {
    return processes.size > MANY && processes.size * 2 > this.seen.size
  }

  addSnapshot(s: Snapshot): void {
    this.graph.addSnapshot(s)
    const { texts } = this
    const { threads, ports } = this.search
    for (const t of s.threads)
      if (stringsOf(t, !threads).some((name) => texts.some((x) => name.includes(x))) || hasPort(t, ports))
        this.own.add(t.pid)
  }

  addBlock(summary: BlockSummary | undefined): void {
    const there = summary && processesOf(summary)
    if (summary?.state === undefined || there === undefined) {
      this.unknown = true
      return
    }
    this.graph.addBlock(summary.state)
    for (const pid of there) this.seen.add(pid)
  }

  /** What scanEvents found. */
  readonly add = (found: Int32Array): void => {
    for (let i = 0; i < found.length; i += 2) {
      const [pid, code] = [found[i] as number, found[i + 1] as number]
      // what was read or written names nothing
      if (this.search.naming[code] === 0) continue
      this.own.add(pid)
      if (OF_SOCKETS.includes(code)) this.bySocket.add(pid)
    }
  }

  readonly fail = (): void => {
    this.unknown = true
  }

  /** All who have them, from whomever; undefined: not known, or too many. */
  all(): ReadonlySet<number> | undefined {
    if (this.unknown) return undefined
    // what has no process is never left out
    const all = this.graph.heirsOf(new Set([-1, 0, ...this.own, ...this.graph.sourcesOf(this.bySocket)]))
    return this.areMost(all) ? undefined : all
  }
}

/** All that a thread, its program and its cgroups are called; all: its directories and descriptors, too. */
function stringsOf(t: ThreadInfo, all: boolean): string[] {
  const program = [t.comm, t.exe, t.exepath, ...t.args, ...t.env, ...t.cgroups]
  if (!all) return program
  const fds = (t.fds ?? []).flatMap((fd) => [fd.name, fd.nameRaw, fd.path].filter((s) => s !== undefined))
  return [...program, t.cwd, t.root, ...fds]
}

/** Whether a socket of the thread has one of these ports at either end. */
function hasPort({ fds = [] }: ThreadInfo, ports: readonly number[]): boolean {
  if (ports.length === 0) return false
  return fds.some(({ localPort, remotePort }) =>
    [localPort, remotePort].some((p) => p !== undefined && ports.includes(p)),
  )
}
