// For queries about a text or a port: determines which processes can have it, by searching the bytes of all relevant
// blocks before rows are read. Most blocks have none of the texts, and decompressing them costs a small fraction of
// reading them.
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import type { BlockTest, ProcessesBySummary, ProcessesByText } from '../source/read-request.js'
import { type BlockSummary, processesOf } from '../source/summary.js'
import type { BlockDecoder } from './block-decoder.js'
import { blockSummary } from './block-summary.js'
import { codec } from './codec.js'
import { collectContainers } from './container-scan.js'
import { BLOCK_HEADER, blockHeader, KIND } from './format.js'
import type { IndexEntry } from './index-block.js'
import type { Input } from './input.js'
import { snapshotOf } from './metadata.js'
import { ProcessGraph } from './process-graph.js'
import { SOCKET_CALLS } from './process-resolver.js'
import { type ReadRange, resyncAt } from './read-range.js'

/** Blocks that are searched in parallel. */
const MAX_PARALLEL = 4
/** After this many blocks the search ends if most processes have the texts, since it would not pay off. */
const TRIAL_BLOCKS = 16
const MIN_MOST = 32
/** Limit of containers, whose ids are all searched for. */
const MAX_CONTAINERS = 12

/** What the rest of the read must match. */
interface SearchResult {
  readonly blocks: BlockTest
  readonly processes: ProcessesBySummary
}

/**
 * Searches the blocks of a range. existing: the state at its start. Undefined if the holders of the texts cannot be determined,
 * or are too many. Leaves the input at any position.
 */
export async function searchProcesses(
  input: Input,
  entries: readonly IndexEntry[],
  range: ReadRange,
  existing: Snapshot,
  search: ProcessesByText,
  blocks: BlockTest,
  decoder: BlockDecoder,
  stopped: () => boolean,
): Promise<SearchResult | undefined> {
  const within = entries.filter(({ offset }) => offset >= (range.from ?? 0) && offset < range.to)
  const snapshots = [existing]
  for (const { offset, head } of within) {
    if (blockHeader(head)?.kind !== KIND.RESYNC) continue
    const value = await resyncAt(input, offset)
    if (value === undefined) return undefined
    snapshots.push(snapshotOf(value))
  }
  // a container's name counts in the range even if it is recorded after it
  const texts = await textsToFind(input, entries, snapshots, search, decoder)
  if (texts === undefined) return undefined
  const holders = new Holders(search, texts)
  for (const s of snapshots) holders.addSnapshot(s)
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
    if (pending.length >= MAX_PARALLEL) await pending.shift()
    if (++scanned === TRIAL_BLOCKS && holders.areMost()) holders.unknown = true
  }
  await Promise.all(pending)
  if (stopped()) return undefined
  const processes = holders.all()
  if (processes === undefined) return undefined
  const passing = (s: BlockSummary) => {
    const present = processesOf(s)
    return present && new Set([...present].filter((pid) => processes.has(pid)))
  }
  return {
    blocks: (s) => blocks(s) && passing(s)?.size !== 0,
    processes: { passing, ofAnyProcess: search.ofAnyProcess },
  }
}

/** The texts to search for; undefined if they are unknown or too many. */
async function textsToFind(
  input: Input,
  entries: readonly IndexEntry[],
  snapshots: readonly Snapshot[],
  { texts, containers }: ProcessesByText,
  decoder: BlockDecoder,
): Promise<readonly string[] | undefined> {
  if (containers === undefined) return texts
  for (const s of snapshots) for (const json of s.containers ?? []) containers.report(json)
  if (!(await collectContainers(input, entries, containers, decoder.another()))) return undefined
  const found = containers.texts()
  return found.length > MAX_CONTAINERS ? undefined : found
}

/** Collects the processes that have the texts. */
class Holders {
  /** the processes cannot be determined, or the search does not pay off */
  unknown = false
  private readonly own = new Set<number>()
  /** processes whose sockets have the texts */
  private readonly bySocket = new Set<number>()
  private readonly seen = new Set<number>()
  private readonly graph = new ProcessGraph()

  constructor(
    private readonly search: ProcessesByText,
    private readonly texts: readonly string[],
  ) {}

  /** Whether these are most of the processes that have events, and many. */
  areMost(processes: ReadonlySet<number> = this.own): boolean {
    return processes.size > MIN_MOST && processes.size * 2 > this.seen.size
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
    const present = summary && processesOf(summary)
    if (summary?.state === undefined || present === undefined) {
      this.unknown = true
      return
    }
    this.graph.addBlock(summary.state)
    for (const pid of present) this.seen.add(pid)
  }

  /** Adds the result of scanEvents(). */
  readonly add = (found: Int32Array): void => {
    for (let i = 0; i < found.length; i += 2) {
      const [pid, code] = [found[i] as number, found[i + 1] as number]
      // data that was read or written does not name anything
      if (this.search.naming[code] === 0) continue
      this.own.add(pid)
      if (SOCKET_CALLS.includes(code)) this.bySocket.add(pid)
    }
  }

  readonly fail = (): void => {
    this.unknown = true
  }

  /** All processes that have the texts, themselves or from others; undefined: unknown, or too many. */
  all(): ReadonlySet<number> | undefined {
    if (this.unknown) return undefined
    // rows without a process are always needed
    const all = this.graph.heirsOf(new Set([-1, 0, ...this.own, ...this.graph.sourcesOf(this.bySocket)]))
    return this.areMost(all) ? undefined : all
  }
}

/** The names of a thread's program and its cgroups; all: also its directories and descriptors. */
function stringsOf(t: ThreadInfo, all: boolean): string[] {
  const program = [t.comm, t.exe, t.exepath, ...t.args, ...t.env, ...t.cgroups]
  if (!all) return program
  const fds = [...(t.fds ?? [])].flatMap((fd) => [fd.name, fd.nameRaw, fd.path].filter((s) => s !== undefined))
  return [...program, t.cwd, t.root, ...fds]
}

/** Whether a socket of the thread has one of these ports at either end. */
function hasPort({ fds = [] }: ThreadInfo, ports: readonly number[]): boolean {
  if (ports.length === 0) return false
  return [...fds].some(({ localPort, remotePort }) =>
    [localPort, remotePort].some((p) => p !== undefined && ports.includes(p)),
  )
}
