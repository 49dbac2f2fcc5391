// The processes of a trace and what one has from another, from block summaries and from what existed at some time. An edge leads
// from a process to the one that it has something from: its parent, or who shares its tables or a socket.
import type { Snapshot } from '../model/snapshot.js'
import type { StateSummary } from '../source/summary.js'

const INIT = 1

/** Kinds of edges, a bit each. */
const EDGE = {
  /** births and shared tables that happened in a block */
  EVENT: 1,
  /** parents in a snapshot: what their children had from them is told there with the children */
  PARENT: 2,
  /** descriptors or directories in common in a snapshot, an edge each way */
  TABLES: 4,
  /** a socket in common in a snapshot, an edge each way */
  SOCKET: 8,
} as const

/** To what a process is known by: its ancestors, and who shares its tables. */
const KNOWN_BY = EDGE.EVENT | EDGE.PARENT | EDGE.TABLES
/** To those of whom a process has something that a snapshot does not tell with itself. */
const HAS_FROM = EDGE.EVENT | EDGE.TABLES | EDGE.SOCKET

export class ProcessGraph {
  private readonly from: number[] = []
  private readonly to: number[] = []
  private readonly kind: number[] = []
  private readonly reapers = new Set<number>([INIT])

  /** Adds what a block tells; blocks come in the order of the file. */
  addBlock({ edges: [firsts, seconds], reapers }: StateSummary): void {
    for (let i = 0; i < firsts.length; i++) this.add(firsts[i] as number, seconds[i] as number, EDGE.EVENT)
    for (const pid of reapers) this.reapers.add(pid)
  }

  /** Adds what existed at some time. */
  addSnapshot(s: Snapshot): void {
    const processOf = new Map(s.threads.map((t) => [t.tid, t.pid]))
    const firstWith = new Map<number, number>()
    for (const t of s.threads) {
      this.add(t.pid, t.ptid, EDGE.PARENT)
      for (const tid of [t.fdsOf, t.fsOf])
        this.join(t.pid, tid === undefined ? undefined : processOf.get(tid), EDGE.TABLES)
      for (const { common } of t.fds ?? []) {
        if (common === undefined) continue
        this.join(t.pid, firstWith.get(common), EDGE.SOCKET)
        if (!firstWith.has(common)) firstWith.set(common, t.pid)
      }
    }
  }

  /** Forgets all edges: a keyframe follows, which tells what exists. */
  clear(): void {
    this.from.length = this.to.length = this.kind.length = 0
  }

  /** These processes, all that must be known for theirs to be right, and who may have taken over children. */
  knownBy(processes: ReadonlySet<number>): Set<number> {
    return reach([...processes, ...this.reapers], this.edges(KNOWN_BY))
  }

  /** Those of whom one of these is known: their children, and who shares their tables. */
  knownFrom(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(KNOWN_BY)
    return new Set(from.filter((_, i) => processes.has(to[i] as number)))
  }

  /** These processes and all that they have something from. */
  sourcesOf(processes: ReadonlySet<number>): Set<number> {
    return reach(processes, this.edges(HAS_FROM))
  }

  /** These processes and all that have something from them. */
  heirsOf(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(HAS_FROM)
    return reach(processes, { from: to, to: from })
  }

  /** All that may have a socket which one of these has, too. */
  socketSharersOf(processes: ReadonlySet<number>): Set<number> {
    const { from, to } = this.edges(HAS_FROM)
    return reach(processes, { from: [...from, ...to], to: [...to, ...from] })
  }

  private edges(kinds: number): Edges {
    const isOf = (_: number, i: number) => ((this.kind[i] as number) & kinds) !== 0
    return { from: this.from.filter(isOf), to: this.to.filter(isOf) }
  }

  /** An edge each way. */
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

/** These nodes and all to which edges lead from them. */
function reach(nodes: Iterable<number>, { from, to }: Edges): Set<number> {
  // of each node its last edge, of each edge the one before it from the same node
  const last = new Map<number, number>()
  const before = from.map((node, i) => {
    const previous = last.get(node) ?? -1
    last.set(node, i)
    return previous
  })
  const all = new Set(nodes)
  // what is added on the way is visited, too
  for (const node of all) for (let i = last.get(node) ?? -1; i >= 0; i = before[i] as number) all.add(to[i] as number)
  return all
}
