// What stands out in time besides calls: losses, ceilings, alerts, containers, triggers.
import { CODE } from '../../schema/codes.js'
import type { MarkKind, TimeMark } from './messages.js'

/** Kinds by the events that tell of them. */
const KINDS = new Map<number, MarkKind>([
  [CODE.drop, 'loss'],
  [CODE.throttle, 'ceiling'],
  [CODE.container, 'container'],
])

export class TimeMarks {
  /** by kind, the steps in which it happened, numbered from time 0 */
  private readonly steps = new Map<MarkKind, Set<number>>()

  /** An event of that type in that step. */
  event(type: number, step: number): void {
    const kind = KINDS.get(type)
    if (kind !== undefined) this.add(kind, step)
  }

  add(kind: MarkKind, step: number): void {
    const there = this.steps.get(kind)
    if (there === undefined) this.steps.set(kind, new Set([step]))
    else there.add(step)
  }

  /** Two steps become one. */
  join(): void {
    for (const [kind, steps] of this.steps) this.steps.set(kind, new Set([...steps].map((at) => Math.floor(at / 2))))
  }

  /** Those of steps from one to below another, by their place from the first on; earlier ones are forgotten. */
  between(first: number, end: number): TimeMark[] {
    const marks: TimeMark[] = []
    for (const [kind, steps] of this.steps)
      for (const at of steps)
        if (at < first) steps.delete(at)
        else if (at < end) marks.push({ bar: at - first, kind })
    return marks
  }
}
