// Spectrogram of files: how long their input and output takes, over time.
import { defineView, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spectro_file',
  name: 'Spectrogram of Files',
  description:
    'How long calls on files take, over time: a row is an interval, the newest one below; a column is a span of latencies, from 1 ns ' +
    'at the left to 10 s and more at the right. Colours go from green (few calls a second) to red (10,000 a second and more).',
  tips: [
    'What a cache answers is at the left; what waits for a disk, a network file system or a lock is at the right.',
  ],
  example: 'fd.directory startswith /var/lib',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...WHAT],
  drillTo: 'dig',
  empty: 'No call on a file whose latency is known belongs here.',
  spectrogram: { filter: 'fd.type=file' },
})
