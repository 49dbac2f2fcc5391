// Start times of system calls within each second, as a heat map.
import { axis, defineChisel, heatHooks } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows at which time within each second system calls start, as a heat map.',
  details:
    'A row is a second, newest at the bottom; a column is a fraction of it. Periodic activity shows as columns or slopes, which ' +
    'sums by second hide. The argument sets another period: 100 shows tenths of a second. Colours range from green (few calls ' +
    'per second) to red (thousands); without colours, characters are used. With -j, each row has its counts.',
  category: 'CPU Usage',
  args: {
    refresh_time: { type: 'int', doc: 'milliseconds per row', optional: true, default: 1000, least: 10 },
  },
  filter: 'evt.dir=>',
  every: ({ args }) => args.refresh_time,
  hooks(c) {
    const ms = c.args.refresh_time
    const row = ms * 1e6
    const heat = heatHooks(c, {
      intervalNs: row,
      labels: (columns) => labels(columns, ms),
      range: 1,
      parts: PARTS,
      key: 'offsets',
      from: (part) => (part * row) / PARTS,
    })
    /** offset (ns) of batch time 0 within a row */
    const zero = Number(c.epoch(0) % BigInt(row))
    return { ...heat.hooks, event: (_, e) => heat.add(((e.time + zero) % row) / row) }
  },
})

/** Number of buckets in a row with -j. */
const PARTS = 100

function labels(columns: number, ms: number): string {
  return axis(
    columns,
    Array.from({ length: 10 }, (_, i) => [Math.ceil((i * columns) / 10), `${(i * ms) / 10}ms`]),
  )
}
