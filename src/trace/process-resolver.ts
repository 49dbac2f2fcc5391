// For queries about certain processes: determines from the index, before any rows are read, whose rows are needed and
// which blocks have none of them.
import type { Snapshot } from '../model/snapshot.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import type { ProcessesBySummary } from '../source/read-request.js'
import { type BlockSummary, hasType } from '../source/summary.js'
import type { SkipRequest } from './codec.js'
import type { BlockHeader } from './format.js'
import { ProcessGraph } from './process-graph.js'
import { addSkipped, noneSkipped, type SkippedRows, skippedIn } from './skipped-rows.js'

/** Codes of the calls that change a socket's name or connection. Several processes may share the socket. */
export const SOCKET_CALLS: readonly number[] = EVENTS.flatMap((def) => (def?.socket === undefined ? [] : [def.code]))

/** A run of consecutive blocks without relevant rows. */
interface Gap {
  /** offset of the block after it, and that block's number */
  readonly to: number
  readonly seq: number
  readonly skipped: SkippedRows
}

export interface ResolvedProcesses {
  /** rows that the decoder must deliver */
  readonly wanted: Required<Pick<SkipRequest, 'processes' | 'ofAnyProcess'>>
  /** by start offset */
  readonly gaps: ReadonlyMap<number, Gap>
}

/** An indexed block, and which processes its rows belong to. */
interface IndexedBlock {
  readonly offset: number
  readonly header: BlockHeader
  readonly summary?: Pick<BlockSummary, 'state'>
  /** needed for every process filter */
  readonly always: boolean
}

/** Rows that name or place a process, recorded for another one, and exits: needed whenever their block is read. */
const AFFECTING_OTHERS = [CODE.ks_rename, CODE.ks_cgroups, CODE.procexit]

/** Whether rows change sockets, which the process may share with others. */
function changesSockets(state: BlockSummary['state']): boolean {
  return state !== undefined && SOCKET_CALLS.some((code) => hasType(state, code))
}

export class ProcessResolver {
  private readonly graph = new ProcessGraph()
  private readonly requested = new Set<number>()
  private blocks: IndexedBlock[] = []
  private isComplete = true
  /** offsets of resync blocks */
  resyncs: number[] = []

  constructor(private readonly wanted: ProcessesBySummary) {}

  /** Discards the blocks so far: nothing before this point is read. */
  reset(): void {
    this.graph.clear()
    this.blocks = []
    this.resyncs = []
  }

  /** Adds a block that has no events. */
  addOther(offset: number, header: BlockHeader, isResync: boolean): void {
    if (isResync) this.resyncs.push(offset)
    this.blocks.push({ offset, header, always: true })
  }

  /** Adds a block of events; isRelevant: whether its rows may be relevant. */
  add(offset: number, header: BlockHeader, summary: BlockSummary | undefined, isRelevant: boolean): void {
    const state = summary?.state
    const passing = isRelevant && summary !== undefined ? this.wanted.passing(summary) : undefined
    if (state === undefined || (isRelevant && passing === undefined)) this.isComplete = false
    if (!this.isComplete || state === undefined) return
    for (const pid of passing ?? []) this.requested.add(pid)
    this.graph.addBlock(state)
    this.blocks.push({ offset, header, summary: { state }, always: isRelevant || this.hasOfAnyProcess(state.types) })
  }

  /**
   * Resolves the query; undefined: everything must be read. snapshots: the state where reading starts, and at each
   * resync.
   */
  resolve(snapshots: readonly Snapshot[]): ResolvedProcesses | undefined {
    if (!this.isComplete) return undefined
    for (const s of snapshots) this.graph.addSnapshot(s)
    const processes = this.graph.identifyingProcesses(this.requested)
    const children = this.graph.identifiedBy(processes)
    const ofAnyProcess = Uint8Array.from({ length: CODE_LIMIT }, (_, code) => this.wanted.ofAnyProcess[code] ?? 0)
    for (const code of [...AFFECTING_OTHERS, ...SOCKET_CALLS]) ofAnyProcess[code] = 1
    const sharers = this.graph.socketSharersOf(this.requested)
    const gaps = this.gaps(
      ({ always, summary }) =>
        always ||
        summary?.state?.processes.some((pid) => processes.has(pid)) === true ||
        summary?.state?.ended.some((pid) => children.has(pid)) === true ||
        (changesSockets(summary?.state) && summary?.state?.processes.some((pid) => sharers.has(pid)) === true),
    )
    return { wanted: { processes: Int32Array.from(processes).sort(), ofAnyProcess }, gaps }
  }

  private hasOfAnyProcess(types: Uint8Array): boolean {
    const { ofAnyProcess } = this.wanted
    for (let code = 0; code < CODE_LIMIT; code++) if (ofAnyProcess[code] === 1 && hasType({ types }, code)) return true
    return false
  }

  private gaps(isNeeded: (b: IndexedBlock) => boolean): Map<number, Gap> {
    const gaps = new Map<number, Gap>()
    let from: number | undefined
    let skipped = noneSkipped()
    for (const block of this.blocks) {
      const { offset, header, summary } = block
      if (isNeeded(block)) {
        if (from !== undefined) gaps.set(from, { to: offset, seq: header.seq, skipped })
        from = undefined
        skipped = noneSkipped()
      } else {
        from ??= offset
        skipped = addSkipped(skipped, skippedIn(header, summary?.state?.shownRows))
      }
    }
    return gaps
  }
}
