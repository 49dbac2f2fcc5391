// Chisels that print the calls that took longer than a given number of milliseconds.
import { colorIn, containerOf, NO_COLOR } from './colors.js'
import { eventLines } from './columns.js'
import { type Chisel, defineChisel } from './define.js'
import type { Values } from './values.js'

const FIELDS = {
  datetime: 'evt.datetime',
  time: 'evt.rawtime',
  proc: 'proc.name',
  pid: 'proc.pid',
  tid: 'thread.tid',
  type: 'evt.type',
  latency: 'evt.latency',
  name: 'fd.name',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const

/** Columns of such a chisel. */
export type SlowColumn = 'evt.datetime' | 'proc.name' | 'evt.type' | 'LATENCY(ms)' | 'fd.name'

export interface SlowDef {
  readonly description: string
  readonly details: string
  /** condition for calls, in addition to the latency */
  readonly filter?: string
  /** columns as in a ColumnSpec; the last one takes the remaining width */
  readonly columns: readonly (readonly [SlowColumn, number])[]
}

/** Prints a line for each call that took longer than the first argument. */
export function defineSlower({ description, details, filter, columns }: SlowDef): Chisel {
  return defineChisel({
    description,
    details,
    category: 'Performance',
    args: {
      min_ms: { type: 'int', doc: 'show calls that took longer than this many milliseconds', least: 0 },
      disable_color: NO_COLOR,
    },
    fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
    filter: ({ args }) => {
      const slow = `evt.latency>${args.min_ms}ms`
      return filter === undefined ? slow : `${filter} and ${slow}`
    },
    hooks(c) {
      const specs = withContainer(columns)
      const out = eventLines(c, specs, { dashed: true })
      return {
        start: () => out.titles(),
        event(v) {
          const container = containerOf(v)
          if (c.json) {
            const { time, proc, pid, tid, type, latency, name: fd } = v
            c.emit({ time, proc, pid, tid, container, type, latency, fd })
            return
          }
          const cells = specs.map(([title]) => (title === CONTAINER ? (container ?? '') : cellOf(v, title)))
          out.row(cells, c.args.disable_color === undefined ? colorIn(container) : undefined)
        },
      }
    },
  })
}

const CONTAINER = 'container.name'
/** length of a date and time with milliseconds */
const DATE_TIME = 23

function withContainer(
  columns: SlowDef['columns'],
): readonly (readonly [SlowColumn | typeof CONTAINER, number, 'containers'?])[] {
  const at = columns.findIndex(([title]) => title === 'proc.name') + 1
  return [...columns.slice(0, at), [CONTAINER, 21, 'containers'], ...columns.slice(at)]
}

function cellOf(v: Values<typeof FIELDS>, column: SlowColumn): string {
  switch (column) {
    case 'evt.datetime':
      return (v.datetime ?? '').slice(0, DATE_TIME)
    case 'proc.name':
      return v.proc ?? '<NA>'
    case 'evt.type':
      return v.type ?? '<NA>'
    case 'LATENCY(ms)':
      return `${(v.latency ?? 0) / 1e6}`
    case 'fd.name':
      return v.name ?? '<NA>'
  }
}
