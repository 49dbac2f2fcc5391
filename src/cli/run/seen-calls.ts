// The hint of a run that showed nothing: which calls there were that are kin to what its filter asks for.
import { siblingHint } from '../../filter/index.js'
import type { Loop } from '../../run/loop.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import type { Arch } from '../../schema/types.js'
import type { CaptureSource } from '../../source/source.js'
import type { Query } from '../query/query.js'

/** What was seen over all inputs of a run. */
export class SeenCalls {
  /** by code */
  private readonly counts = new Uint32Array(CODE_LIMIT)
  /** the machines that they are of */
  private readonly machines = new Set<Arch>()

  /** Adds what a loop saw of a source. */
  add(source: CaptureSource, { seenTypes }: Loop): void {
    for (let i = 0; i < seenTypes.length; i++) this.counts[i]! += seenTypes[i]!
    this.addPruned(source)
    this.machines.add(source.info.arch)
  }

  /** Adds the event types of the blocks that were not read, once each. */
  private addPruned({ prunedTypes }: CaptureSource): void {
    if (prunedTypes === undefined) return
    for (let code = 0; code < CODE_LIMIT; code++)
      if (((prunedTypes[code >> 3]! >> (code & 7)) & 1) === 1) this.counts[code]!++
  }

  /** The hint for a filter that passed none of them; undefined: there is none to give. */
  hint({ filter }: Query): string | undefined {
    const [arch, other] = this.machines
    return filter && siblingHint(filter.ast, this.counts, other === undefined ? arch : undefined)
  }
}
