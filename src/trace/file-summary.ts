// The summary of a whole file, merged from its blocks' summaries and stored in its end block. When many files are read,
// those without a relevant row need not be opened.
import { type BlockSummary, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { blockSummary } from './block-summary.js'
import { BLOCK_HEADER, blockHeader } from './format.js'
import { asString } from './pack.js'

/** Number of ids or names above which they are omitted: a file of several hours can have very many. */
const MAX_ENTRIES = 1 << 14

export class FileSummary {
  private readonly types = new Uint8Array(TYPE_BITMAP_BYTES)
  private comms: Map<string, Set<number> | undefined> | undefined = new Map()
  /** sum of the sizes of all names' process sets */
  private pairs = 0
  /** the process of each thread, by default its own id; undefined: there are too many */
  private threads: Map<number, number> | undefined = new Map()
  /** each thread id belongs to a single process */
  private knowsProcesses = true
  private timeMin = Number.POSITIVE_INFINITY
  private timeMax = Number.NEGATIVE_INFINITY
  private numMin = Number.POSITIVE_INFINITY
  private numMax = Number.NEGATIVE_INFINITY
  /** the summary of a block is unknown */
  private unknown = false

  /** Merges the summary of a block of events; head: its header and summary. */
  add(head: Buffer): void {
    const header = blockHeader(head)
    const s = header && blockSummary(header, head.subarray(BLOCK_HEADER))
    if (s === undefined) {
      this.unknown = true
      return
    }
    for (let i = 0; i < TYPE_BITMAP_BYTES; i++) this.types[i]! |= s.types[i] as number
    this.timeMin = Math.min(this.timeMin, s.timeMin)
    this.timeMax = Math.max(this.timeMax, s.timeMax)
    this.numMin = Math.min(this.numMin, s.numMin ?? Number.NEGATIVE_INFINITY)
    this.numMax = Math.max(this.numMax, s.numMax ?? Number.POSITIVE_INFINITY)
    this.addNames(s)
    this.addThreads(s)
  }

  private addNames({ comms }: BlockSummary): void {
    if (comms === undefined || (this.comms?.size ?? 0) > MAX_ENTRIES) this.comms = undefined
    if (this.comms === undefined || comms === undefined) return
    for (const [name, processes] of comms) {
      const known = this.comms.has(name) ? this.comms.get(name) : new Set<number>()
      this.comms.set(name, processes && known && this.merge(known, processes))
    }
  }

  /** Adds processes to those of a name; undefined if those of all names are too many, which are then omitted. */
  private merge(known: Set<number>, more: ReadonlySet<number>): Set<number> | undefined {
    if (this.pairs > MAX_ENTRIES) return undefined
    const before = known.size
    for (const pid of more) known.add(pid)
    this.pairs += known.size - before
    return known
  }

  private addThreads({ tids, processOf }: BlockSummary): void {
    if (tids === undefined || (this.threads?.size ?? 0) > MAX_ENTRIES) this.threads = undefined
    if (processOf === undefined) this.knowsProcesses = false
    for (const tid of tids ?? []) {
      const pid = processOf?.get(tid) ?? tid
      // the kernel reuses ids, also for threads of other processes
      if ((this.threads?.get(tid) ?? pid) !== pid) this.knowsProcesses = false
      this.threads?.set(tid, pid)
    }
  }

  /** The summary as plain data; undefined if a block's summary is unknown. */
  value(): unknown {
    if (this.unknown) return undefined
    const { types, timeMin, timeMax, numMin, numMax, comms, threads, knowsProcesses } = this
    const hasPairs = this.pairs <= MAX_ENTRIES
    return {
      types: Buffer.from(types),
      ...(timeMin <= timeMax && { span: [timeMin, timeMax, numMin, numMax] }),
      comms: comms && [...comms].map(([name, processes]) => [name, hasPairs && processes ? [...processes] : undefined]),
      tids: threads && [...threads.keys()],
      processOf: threads && knowsProcesses ? [...threads].filter(([tid, pid]) => tid !== pid) : undefined,
    }
  }
}

/** Validates an unpacked summary of a file; undefined if it is malformed, 'nothing' if the file has no rows. */
export function fileSummaryOf(value: unknown): BlockSummary | 'nothing' | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { types, span, comms, tids, processOf } = value as Record<string, unknown>
  if (!(types instanceof Uint8Array) || types.length !== TYPE_BITMAP_BYTES) return undefined
  if (span === undefined) return 'nothing'
  if (!isNumbers(span) || span.length !== 4) return undefined
  const [timeMin, timeMax, numMin, numMax] = span as [number, number, number, number]
  const names = namesOf(comms)
  const pairs = Array.isArray(processOf) ? processOf.filter((p) => isNumbers(p) && p.length === 2) : undefined
  return {
    types,
    timeMin,
    timeMax,
    numMin,
    numMax,
    ...(names && { comms: names }),
    ...(isNumbers(tids) && { tids: new Set(tids) }),
    ...(pairs && { processOf: new Map(pairs as [number, number][]) }),
  }
}

function namesOf(value: unknown): Map<string, ReadonlySet<number> | undefined> | undefined {
  if (!Array.isArray(value)) return undefined
  const names = new Map<string, ReadonlySet<number> | undefined>()
  for (const item of value) {
    const [name, processes] = Array.isArray(item) ? item : []
    const text = asString(name)
    // Without this name the file would seem not to have it.
    if (text === undefined) return undefined
    names.set(text, isNumbers(processes) ? new Set(processes) : undefined)
  }
  return names
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number')
}
