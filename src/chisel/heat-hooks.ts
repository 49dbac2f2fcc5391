// Shared code of heat map chisels: the map as text, and with -j the counts of each interval.
import type { ChiselContext } from './context.js'
import type { Hooks } from './define.js'
import { HeatMap } from './heat.js'
import type { FieldsDef } from './values.js'

export interface HeatDef {
  readonly intervalNs: number
  /** the axis below the map, as a line of at most `columns` cells */
  readonly labels: (columns: number) => string
  /** values range from 0 (left) to this (right) */
  readonly range: number
  /** with -j: number of buckets, their JSON key, and the lower bound of a bucket in JSON */
  readonly parts: number
  readonly key: string
  readonly from: (part: number) => number
}

/** add() counts a value; hooks are all hooks except event(). */
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
        if (!c.json) map.printScale()
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
