// The hint of a run that showed nothing: related calls that occurred, in place of those that the filter requires.
import { siblingHint } from '../../filter/index.js'
import type { Loop } from '../../run/loop.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { Arch } from '../../schema/types.js'
import type { CaptureSource } from '../../source/source.js'
import type { Query } from '../query/query.js'

/** Counts the calls of all inputs of a run. */
export class SeenCalls {
  /** by code */
  private readonly counts = new Uint32Array(CODE_LIMIT)
  /** the architectures of the inputs */
  private readonly machines = new Set<Arch>()

  /** Adds the calls of a source. */
  add(source: CaptureSource, { seenTypes }: Loop): void {
    for (let i = 0; i < seenTypes.length; i++) this.counts[i]! += seenTypes[i]!
    this.addPruned(source)
    this.machines.add(source.info.arch)
  }

  /** Adds the event types of skipped blocks, once each. */
  private addPruned({ prunedTypes }: CaptureSource): void {
    if (prunedTypes === undefined) return
    for (let code = 0; code < CODE_LIMIT; code++)
      if (((prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) this.counts[code]!++
  }

  /** The hint for a filter that no event passed; undefined: none. */
  hint({ written }: Query): string | undefined {
    const [arch, other] = this.machines
    return written && siblingHint(written, this.counts, other === undefined ? arch : undefined)
  }
}
