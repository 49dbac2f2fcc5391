// Counts the rows of a trace that a run does not need, instead of delivering them.

import { type EventBatch, ROW } from '../model/batch.js'
import { type BatchNs, batchNs, laterOf } from '../model/time.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { IdleRows } from '../source/read-request.js'
import type { OmittedRows } from '../source/source.js'
import type { SkipRequest } from './codec.js'
import type { ResolvedProcesses } from './process-resolver.js'
import type { SkippedRows } from './skipped-rows.js'

export class Omission implements OmittedRows {
  rows = 0
  lastTime = batchNs(0)
  readonly counts = new Uint32Array(CODE_LIMIT)

  constructor(
    private readonly idle: IdleRows,
    /** the processes whose rows are delivered; undefined: all */
    private readonly wanted: ResolvedProcesses['wanted'] | undefined,
  ) {}

  /** The rows of a block that the codec skips. It adds them to `counts`, by event code. */
  skipRequest(counts: Uint32Array): SkipRequest {
    const { types, bounds } = this.idle
    return { types, minLatency: bounds.minLatency, outcome: bounds.outcome, counts, ...this.wanted }
  }

  /** Adds the skipped rows of a block; lastTime: batch time (ns) of the last one, 0 if there is none. */
  addOmitted(counts: Uint32Array, rows: number, lastTime: BatchNs): void {
    if (rows > 0) for (let code = 0; code < CODE_LIMIT; code++) this.counts[code]! += counts[code] as number
    this.rows += rows
    this.lastTime = laterOf(this.lastTime, lastTime)
  }

  /** Adds the rows of blocks that were not decoded. */
  addSkipped({ shown, lastTime }: SkippedRows): void {
    this.rows += shown
    this.lastTime = laterOf(this.lastTime, lastTime)
  }

  /**
   * Hides and counts rows that were delivered only because they affect another process. Too few rows of their own process are
   * delivered to evaluate the filter for them, and none of them passes it.
   */
  hideOthers({ flags, type, pid, count }: EventBatch): void {
    if (this.wanted === undefined) return
    const { ofAnyProcess, processes } = this.wanted
    for (let i = 0; i < count; i++) {
      if (ofAnyProcess[type[i] as number] !== 1 || ((flags[i] as number) & ROW.HIDDEN) !== 0) continue
      if (includes(processes, pid[i] as number)) continue
      flags[i]! |= ROW.HIDDEN
      this.rows++
    }
  }
}

/** Whether a number is in an ascending list. */
function includes(numbers: Int32Array, n: number): boolean {
  let from = 0
  let to = numbers.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((numbers[middle] as number) < n) from = middle + 1
    else to = middle
  }
  return numbers[from] === n
}
