// What chisels that are heat maps have in common: the map for people, and with -j the counts of each interval.
import type { ChiselContext } from './context.js'
import type { Hooks } from './define.js'
import type { FieldsDef } from './fields.js'
import { HeatMap } from './heat.js'

export interface HeatDef {
  readonly intervalNs: number
  /** what the columns mean, as a line of at most so many cells */
  readonly labels: (columns: number) => string
  /** values are from 0 up to it, from the left to the right */
  readonly range: number
  /** counts of an interval with -j, the name that they have there, and the value in JSON from which on a part counts */
  readonly parts: number
  readonly key: string
  readonly from: (part: number) => number
}

/** Counts a value, and the hooks beside event(). */
export function heatHooks<F extends FieldsDef>(
  c: ChiselContext<unknown, F>,
  { intervalNs, labels, range, parts, key, from }: HeatDef,
): { add(value: number): void; hooks: Pick<Hooks<F>, 'start' | 'interval' | 'end'> } {
  const map = new HeatMap(c, intervalNs, labels)
  const counts = new Map<number, number>()
  const emit = (time: number) => {
    const sorted = [...counts].sort(([a], [b]) => a - b)
    c.emit({ time: c.epoch(time), [key]: sorted.map(([at, count]) => ({ from: from(at), to: from(at + 1), count })) })
    counts.clear()
  }
  return {
    add(value) {
      if (!c.json) return map.add((value * map.columns) / range)
      const part = Math.min(parts - 1, Math.floor((value * parts) / range))
      counts.set(part, (counts.get(part) ?? 0) + 1)
    },
    hooks: {
      start() {
        if (!c.json) map.begin()
      },
      interval(time) {
        if (c.json) emit(time)
        else map.row(time)
      },
      end(time) {
        if (!c.json) map.end()
        else if (counts.size > 0) emit(time)
      },
    },
  }
}
