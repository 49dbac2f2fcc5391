// When in the second system calls begin, as a heat map.
import { axis, defineChisel, heatHooks } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows when in each second system calls begin, as a heat map that goes on with time.',
  details:
    'A row is a second, the newest one below; a column is a part of it. What happens at the same times again and again makes ' +
    'columns or slopes, which sums by the second hide. Another time than a second may be given: 100 shows tenths. Colours go ' +
    'from green (few calls a second) to red (thousands); where there are none, characters do. With -j each row has its counts.',
  category: 'CPU Usage',
  args: {
    refresh_time: { type: 'int', doc: 'milliseconds of a row', optional: true, default: 1000, least: 10 },
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
    /** where in a row batch time 0 is, in ns */
    const zero = Number(c.epoch(0) % BigInt(row))
    return { ...heat.hooks, event: (_, e) => heat.add(((e.time + zero) % row) / row) }
  },
})

/** Parts of a row with -j. */
const PARTS = 100

function labels(columns: number, ms: number): string {
  return axis(
    columns,
    Array.from({ length: 10 }, (_, i) => [Math.ceil((i * columns) / 10), `${(i * ms) / 10}ms`]),
  )
}
