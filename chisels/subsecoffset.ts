// When in the second system calls begin, as a heat map.
import { axis, defineChisel, HeatMap } from '../src/chisel/index.js'

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
    const map = new HeatMap(c, row, (columns) => labels(columns, ms))
    /** where in a row batch time 0 is, in ns */
    const zero = Number(c.epoch(0) % BigInt(row))
    const counts = new Map<number, number>()
    const emit = (time: number) => {
      const sorted = [...counts].sort(([a], [b]) => a - b)
      const offsets = sorted.map(([at, count]) => ({ from: (at * row) / PARTS, to: ((at + 1) * row) / PARTS, count }))
      c.emit({ time: c.epoch(time), offsets })
      counts.clear()
    }
    return {
      start() {
        if (!c.json) map.begin()
      },
      event(_, e) {
        const offset = ((e.time + zero) % row) / row
        if (!c.json) map.add(offset * map.columns)
        else counts.set(Math.floor(offset * PARTS), (counts.get(Math.floor(offset * PARTS)) ?? 0) + 1)
      },
      interval(time) {
        if (c.json) emit(time)
        else map.row(time)
      },
      end(time) {
        if (!c.json) map.end()
        else if (counts.size > 0) emit(time)
      },
    }
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
