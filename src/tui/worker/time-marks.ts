// Marks on the timeline: losses, ceilings, alerts, OOM kills, containers, triggers.
import { CODE } from '../../schema/codes.js'
import type { MarkKind, TimeMark } from './messages.js'

/** Kinds of marks by event type. */
const KINDS = new Map<number, MarkKind>([
  [CODE.drop, 'loss'],
  [CODE.throttle, 'ceiling'],
  [CODE.oomkill, 'oom'],
  [CODE.container, 'container'],
])

export class TimeMarks {
  /** steps with a mark by kind, numbered from time 0 */
  private readonly steps = new Map<MarkKind, Set<number>>()

  /** Marks an event of that type in that step, if it has a mark. */
  event(type: number, step: number): void {
    const kind = KINDS.get(type)
    if (kind !== undefined) this.add(kind, step)
  }

  add(kind: MarkKind, step: number): void {
    const there = this.steps.get(kind)
    if (there === undefined) this.steps.set(kind, new Set([step]))
    else there.add(step)
  }

  /** Merges pairs of steps. */
  join(): void {
    for (const [kind, steps] of this.steps) this.steps.set(kind, new Set([...steps].map((at) => Math.floor(at / 2))))
  }

  /** Marks of the steps from `first` to below `end`, relative to `first`; earlier ones are dropped. */
  between(first: number, end: number): TimeMark[] {
    const marks: TimeMark[] = []
    for (const [kind, steps] of this.steps)
      for (const at of steps)
        if (at < first) steps.delete(at)
        else if (at < end) marks.push({ bar: at - first, kind })
    return marks
  }
}
