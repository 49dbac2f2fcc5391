// Latency of system calls as a heat map.
import { DECADES, defineChisel, heatHooks, latencyAxis } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the latency of system calls over time as a heat map.',
  details:
    'A row is an interval, newest at the bottom; a column is a range of latencies, from 1 ns on the left to 100 s on the right. ' +
    'Colours range from green (few calls per second) to red (thousands); without colours, characters are used. A filter selects ' +
    'calls: ksys -c spectrogram fd.type=file. With -j, each interval has its counts, ten buckets for each power of ten.',
  category: 'CPU Usage',
  args: {
    refresh_time: { type: 'int', doc: 'milliseconds per row', optional: true, default: 500, least: 10 },
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

/** Lower bound (ns) of a bucket; ten buckets for each power of ten. */
function spanOf(tenths: number): number {
  return Math.round(10 ** (tenths / 10))
}
