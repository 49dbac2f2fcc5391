// Spectrogram: how long calls take, over time.
import { CALLS, defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spectro_all',
  alsoNamed: 'spectrogram',
  name: 'Spectrogram',
  description:
    'How long calls take, over time: a row is an interval, the newest one below; a column is a span of latencies, from 1 ns at the ' +
    'left to 10 s and more at the right. Colours go from green (few calls a second) to red (10,000 a second and more).',
  tips: [
    'The arrows move over the cells; the bottom line tells of each its time, its latencies and how many calls it has.',
    'Space, then the arrows, marks a rectangle, and so does the mouse. Enter shows its calls one by one, or those of the cell.',
    'Two bands at different latencies are two ways that a call goes: from a cache and from a disk, for instance.',
  ],
  example: 'evt.type=futex',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...WHAT, ...PORTS, ...CALLS],
  drillTo: 'dig',
  empty: 'No call whose latency is known belongs here.',
  spectrogram: {},
})
