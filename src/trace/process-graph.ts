// The processes of a trace and their relations, from block summaries and snapshots. An edge leads from a process to one
// that it gets something from: its parent, or a process that shares its tables or a socket.
import type { Snapshot } from '../model/snapshot.js'
import { threadRecords } from '../model/thread-records.js'
import type { StateSummary } from '../source/summary.js'

const INIT = 1

/** Kinds of edges, a bit each. */
const EDGE = {
  /** forks and shared tables that a block records */
  EVENT: 1,
  /** parents in a snapshot; the snapshot itself has what their children inherited from them */
  PARENT: 2,
  /** shared descriptors or directories in a snapshot, one edge each way */
  TABLES: 4,
  /** a shared socket in a snapshot, one edge each way */
  SOCKET: 8,
} as const

/** Edges to the processes that a process is identified by: its ancestors, and those that share its tables. */
const IDENTIFIED_BY = EDGE.EVENT | EDGE.PARENT | EDGE.TABLES
/**
 * Edges to the processes that a process gets something from which the snapshot does not have with the process itself.
 */
const INHERITS_FROM = EDGE.EVENT | EDGE.TABLES | EDGE.SOCKET

/** Ids of the threads whose tables a thread shares. */
const SHARED_TABLES = ['fdsOf', 'fsOf'] as const

export class ProcessGraph {
  private readonly from: number[] = []
  private readonly to: number[] = []
  private readonly kind: number[] = []
  private readonly reapers = new Set<number>([INIT])

  /** Adds the relations in a block's summary. Blocks must be added in file order. */
  addBlock({ edges: [firsts, seconds], reapers }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) this.add(firsts[i] as number, seconds[i] as number, EDGE.EVENT)
    for (const pid of reapers) this.reapers.add(pid)
  }

  /** Adds the relations in a snapshot. */
  addSnapshot(s: Snapshot): void {
    const threads = threadRecords(s.threads)
    const processOf = new Map<number, number>()
    for (let i = 0; i < threads.length; i++) processOf.set(threads.id('tid', i), threads.id('pid', i))
    const firstWith = new Map<number, number>()
    for (let i = 0; i < threads.length; i++) {
      const pid = threads.id('pid', i)
      this.add(pid, threads.id('ptid', i), EDGE.PARENT)
      for (const key of SHARED_TABLES) this.join(pid, processOf.get(threads.id(key, i)), EDGE.TABLES)
      if (!threads.hasCommon(i)) continue
      for (const { common } of threads.at(i).fds ?? []) {
        if (common === undefined) continue
        this.join(pid, firstWith.get(common), EDGE.SOCKET)
        if (!firstWith.has(common)) firstWith.set(common, pid)
      }
    }
  }

  /** Removes all edges: a keyframe follows, which contains the complete state. */
  clear(): void {
    this.from.length = this.to.length = this.kind.length = 0
  }

  /** These processes, all processes that theirs are identified by, and all that may have adopted orphaned children. */
  identifyingProcesses(processes: ReadonlySet<number>): Set<number> {
    return reach([...processes, ...this.reapers], this.edges(IDENTIFIED_BY))
  }

  /** The processes that are identified by one of these: their children, and those that share their tables. */
  identifiedBy(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(IDENTIFIED_BY)
    return new Set(from.filter((_, i) => processes.has(to[i] as number)))
  }

  /** These processes and all that they get something from. */
  sourcesOf(processes: ReadonlySet<number>): Set<number> {
    return reach(processes, this.edges(INHERITS_FROM))
  }

  /** These processes and all that get something from them. */
  heirsOf(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(INHERITS_FROM)
    return reach(processes, { from: to, to: from })
  }

  /** All processes that may share a socket with one of these. */
  socketSharersOf(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(INHERITS_FROM)
    return reach(processes, { from: [...from, ...to], to: [...to, ...from] })
  }

  private edges(kinds: number): Edges {
    const isIncluded = (_: number, i: number) => ((this.kind[i] as number) & kinds) !== 0
    return { from: this.from.filter(isIncluded), to: this.to.filter(isIncluded) }
  }

  /** Adds an edge each way. */
  private join(a: number, b: number | undefined, kind: number): void {
    if (b === undefined || a === b) return
    this.add(a, b, kind)
    this.add(b, a, kind)
  }

  private add(from: number, to: number, kind: number): void {
    if (to <= 0) return
    this.from.push(from)
    this.to.push(to)
    this.kind.push(kind)
  }
}

interface Edges {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** These nodes and all that are reachable from them. */
function reach(nodes: Iterable<number>, { from, to }: Edges): Set<number> {
  // for each node its last edge, for each edge the previous one of the same node
  const last = new Map<number, number>()
  const before = from.map((node, i) => {
    const previous = last.get(node) ?? -1
    last.set(node, i)
    return previous
  })
  const all = new Set(nodes)
  // nodes that are added during the iteration are visited, too
  for (const node of all) for (let i = last.get(node) ?? -1; i >= 0; i = before[i] as number) all.add(to[i] as number)
  return all
}
