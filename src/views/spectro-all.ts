// Spectrogram: latency of calls over time.
import { CALLS, defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spectro_all',
  alsoNamed: 'spectrogram',
  name: 'Spectrogram',
  description:
    'Latency of calls over time. A row is an interval, newest at the bottom; a column is a range of latencies, from 1 ns on the ' +
    'left to 10 s and more on the right. Colours range from green (few calls per second) to red (10,000 per second and more).',
  tips: [
    'The arrow keys move between cells; the bottom line shows the time, latencies and number of calls of the current cell.',
    'Press Space, then the arrow keys, or drag the mouse to mark a rectangle. Enter lists the calls of the rectangle, or of the cell.',
    'Two bands at different latencies are two kinds of calls: served from a cache and from a disk, for example.',
  ],
  example: 'evt.type=futex',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...WHAT, ...PORTS, ...CALLS],
  drillTo: 'dig',
  empty: 'No matching call has a known latency.',
  spectrogram: {},
})
