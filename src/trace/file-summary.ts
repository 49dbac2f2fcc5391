// What a whole file says of its rows, gathered from its blocks' summaries and kept in its end block: of many files those are not
// opened that hold nothing that matters.
import { type BlockSummary, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { blockSummary } from './block-summary.js'
import { BLOCK_HEADER, blockHeader } from './format.js'
import { textOf } from './pack.js'

/** ids beyond which they are not told: a file of hours has met very many */
const MOST = 1 << 14

export class FileSummary {
  private readonly types = new Uint8Array(TYPE_BITMAP_BYTES)
  private comms: Map<string, Set<number> | undefined> | undefined = new Map()
  /** processes in the sets of all names together */
  private pairs = 0
  /** the process of each thread, whose own number it is where another is not known; undefined: there are too many */
  private threads: Map<number, number> | undefined = new Map()
  /** each thread is of the one process */
  private knowsProcesses = true
  private timeMin = Number.POSITIVE_INFINITY
  private timeMax = Number.NEGATIVE_INFINITY
  private numMin = Number.POSITIVE_INFINITY
  private numMax = Number.NEGATIVE_INFINITY
  /** a block's own summary is not known */
  private unknown = false

  /** Takes in a block of events; head: its header and summary. */
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
    if (comms === undefined || (this.comms?.size ?? 0) > MOST) this.comms = undefined
    if (this.comms === undefined || comms === undefined) return
    for (const [name, processes] of comms) {
      const known = this.comms.has(name) ? this.comms.get(name) : new Set<number>()
      this.comms.set(name, processes && known && this.united(known, processes))
    }
  }

  /** A name's processes with more of them; undefined when those of all names are too many, and then none are told. */
  private united(known: Set<number>, more: ReadonlySet<number>): Set<number> | undefined {
    if (this.pairs > MOST) return undefined
    const before = known.size
    for (const pid of more) known.add(pid)
    this.pairs += known.size - before
    return known
  }

  private addThreads({ tids, processOf }: BlockSummary): void {
    if (tids === undefined || (this.threads?.size ?? 0) > MOST) this.threads = undefined
    if (processOf === undefined) this.knowsProcesses = false
    for (const tid of tids ?? []) {
      const pid = processOf?.get(tid) ?? tid
      // numbers are given again, to threads of others
      if ((this.threads?.get(tid) ?? pid) !== pid) this.knowsProcesses = false
      this.threads?.set(tid, pid)
    }
  }

  /** As plain data; undefined when a block's is not known. */
  value(): unknown {
    if (this.unknown) return undefined
    const { types, timeMin, timeMax, numMin, numMax, comms, threads, knowsProcesses } = this
    const told = this.pairs <= MOST
    return {
      types: Buffer.from(types),
      ...(timeMin <= timeMax && { span: [timeMin, timeMax, numMin, numMax] }),
      comms: comms && [...comms].map(([name, processes]) => [name, told && processes ? [...processes] : undefined]),
      tids: threads && [...threads.keys()],
      processOf: threads && knowsProcesses ? [...threads].filter(([tid, pid]) => tid !== pid) : undefined,
    }
  }
}

/** A file's summary as unpacked, undefined when it is none; 'nothing': there is no row in the file. */
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
    const text = textOf(name)
    // a name that is not told must not make the file look as if it lacked it
    if (text === undefined) return undefined
    names.set(text, isNumbers(processes) ? new Set(processes) : undefined)
  }
  return names
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number')
}
