// For queries about certain processes: whose rows are wanted, and which blocks hold none of them, learnt from the index
// before anything is read.
import type { Snapshot } from '../model/snapshot.js'
import { CODE, CODE_LIMIT } from '../schema/codes.js'
import type { ProcessesBySummary } from '../source/read-request.js'
import { type BlockSummary, hasType } from '../source/summary.js'
import type { Leave } from './codec.js'
import type { BlockHeader } from './format.js'
import { OF_SOCKETS } from './of-sockets.js'
import { ProcessGraph } from './process-graph.js'
import { addSkipped, noneSkipped, type SkippedRows, skippedIn } from './skipped-rows.js'

/** Blocks one after the other that hold nothing wanted. */
export interface Gap {
  /** where the next block is, and its number */
  readonly to: number
  readonly seq: number
  readonly skipped: SkippedRows
}

export interface ResolvedProcesses {
  /** rows that the decoder is to deliver */
  readonly wanted: Required<Pick<Leave, 'processes' | 'ofAnyProcess'>>
  /** by the offset at which they begin */
  readonly gaps: ReadonlyMap<number, Gap>
}

/** A block of the index, as far as its rows are relevant for the processes that they are about. */
interface Noted {
  readonly offset: number
  readonly header: BlockHeader
  readonly summary?: Pick<BlockSummary, 'state'>
  /** relevant whichever processes the query is about */
  readonly always: boolean
}

/** Rows about whom another process may give a name or a place, and ends: wanted wherever their block is read. */
const ABOUT_OTHERS = [CODE.ks_rename, CODE.ks_cgroups, CODE.procexit]

/** Whether rows name sockets, which the process may have from another, or another from it. */
function namesSockets(state: BlockSummary['state']): boolean {
  return state !== undefined && OF_SOCKETS.some((code) => hasType(state, code))
}

export class ProcessResolver {
  private readonly graph = new ProcessGraph()
  private readonly asked = new Set<number>()
  private blocks: Noted[] = []
  private known = true
  /** offsets of blocks that tell what exists from there on */
  resyncs: number[] = []

  constructor(private readonly wanted: ProcessesBySummary) {}

  /** Nothing before here is read. */
  begin(): void {
    this.graph.clear()
    this.blocks = []
    this.resyncs = []
  }

  /** Notes a block that is no events. */
  other(offset: number, header: BlockHeader, isResync: boolean): void {
    if (isResync) this.resyncs.push(offset)
    this.blocks.push({ offset, header, always: true })
  }

  /** Notes a block of events; matters: its rows may be relevant. */
  add(offset: number, header: BlockHeader, summary: BlockSummary | undefined, matters: boolean): void {
    const state = summary?.state
    const passing = matters && summary !== undefined ? this.wanted.passing(summary) : undefined
    if (state === undefined || (matters && passing === undefined)) this.known = false
    if (!this.known || state === undefined) return
    for (const pid of passing ?? []) this.asked.add(pid)
    this.graph.addBlock(state)
    this.blocks.push({ offset, header, summary: { state }, always: matters || this.hasOfAnyProcess(state.types) })
  }

  /** What to leave out; undefined: nothing. existing: what existed where reading begins, and at each resync. */
  plan(existing: readonly Snapshot[]): ResolvedProcesses | undefined {
    if (!this.known) return undefined
    for (const s of existing) this.graph.addSnapshot(s)
    const processes = this.graph.knownBy(this.asked)
    const children = this.graph.knownFrom(processes)
    const ofAnyProcess = Uint8Array.from({ length: CODE_LIMIT }, (_, code) => this.wanted.ofAnyProcess[code] ?? 0)
    for (const code of [...ABOUT_OTHERS, ...OF_SOCKETS]) ofAnyProcess[code] = 1
    const sharers = this.graph.socketSharersOf(this.asked)
    const gaps = this.gaps(
      ({ always, summary }) =>
        always ||
        summary?.state?.processes.some((pid) => processes.has(pid)) === true ||
        summary?.state?.ended.some((pid) => children.has(pid)) === true ||
        (namesSockets(summary?.state) && summary?.state?.processes.some((pid) => sharers.has(pid)) === true),
    )
    return { wanted: { processes: Int32Array.from(processes).sort(), ofAnyProcess }, gaps }
  }

  private hasOfAnyProcess(types: Uint8Array): boolean {
    const { ofAnyProcess } = this.wanted
    for (let code = 0; code < CODE_LIMIT; code++) if (ofAnyProcess[code] === 1 && hasType({ types }, code)) return true
    return false
  }

  private gaps(wanted: (b: Noted) => boolean): Map<number, Gap> {
    const gaps = new Map<number, Gap>()
    let from: number | undefined
    let skipped = noneSkipped()
    for (const block of this.blocks) {
      const { offset, header, summary } = block
      if (wanted(block)) {
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
