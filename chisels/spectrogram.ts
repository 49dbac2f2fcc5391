// How long system calls take, as a heat map.
import { axis, defineChisel, HeatMap } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows how long system calls take, as a heat map that goes on with time.',
  details:
    'A row is an interval, the newest one below; a column is a span of latencies, from 1 ns at the left to 100 s at the right. ' +
    'Colours go from green (few calls a second) to red (thousands); where there are none, characters do. A filter shows part ' +
    'of it: ksys -c spectrogram fd.type=file. With -j each interval has its counts, ten columns for each power of ten.',
  category: 'CPU Usage',
  args: {
    refresh_time: { type: 'int', doc: 'milliseconds of a row', optional: true, default: 500, least: 10 },
  },
  fields: { latency: 'evt.latency' },
  filter: 'evt.latency>0',
  every: ({ args }) => args.refresh_time,
  hooks(c) {
    const map = new HeatMap(c, c.args.refresh_time * 1e6, labels)
    /** with -j: calls by power of ten times ten */
    const counts = new Map<number, number>()
    const powers = (latency: number) => Math.min(DECADES - 1e-9, Math.log10(latency))
    const emit = (time: number) => {
      const sorted = [...counts].sort(([a], [b]) => a - b)
      const latencies = sorted.map(([at, count]) => ({ from: spanOf(at), to: spanOf(at + 1), count }))
      c.emit({ time: c.epoch(time), latencies })
      counts.clear()
    }
    return {
      start() {
        if (!c.json) map.begin()
      },
      event(v) {
        const power = powers(v.latency ?? 1)
        if (!c.json) map.add((power * map.columns) / DECADES)
        else counts.set(Math.floor(power * 10), (counts.get(Math.floor(power * 10)) ?? 0) + 1)
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

/** Powers of ten of ns from the left to the right. */
const DECADES = 11
const NAMES = ['1ns', '10ns', '100ns', '1us', '10us', '100us', '1ms', '10ms', '100ms', '1s', '10s']

function labels(columns: number): string {
  return axis(
    columns,
    NAMES.map((name, i) => [Math.ceil((i * columns) / DECADES), name]),
  )
}

/** ns, of tenths of a power of ten */
function spanOf(tenths: number): number {
  return Math.round(10 ** (tenths / 10))
}
