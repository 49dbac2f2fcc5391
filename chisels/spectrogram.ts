// How long system calls take, as a heat map.
import { DECADES, defineChisel, heatHooks, latencyAxis } from '../src/chisel/index.js'

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
    const intervalNs = c.args.refresh_time * 1e6
    const heat = heatHooks(c, {
      intervalNs,
      labels: latencyAxis,
      range: DECADES,
      parts: DECADES * 10,
      key: 'latencies',
      from: spanOf,
    })
    return { ...heat.hooks, event: (v) => heat.add(Math.log10(v.latency ?? 1)) }
  },
})

/** ns, of tenths of a power of ten */
function spanOf(tenths: number): number {
  return Math.round(10 ** (tenths / 10))
}
