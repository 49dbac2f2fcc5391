// Spectrogram of files: latency of calls on files over time.
import { defineView, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spectro_file',
  name: 'Spectrogram of Files',
  description:
    'Latency of calls on files over time. A row is an interval, newest at the bottom; a column is a range of latencies, from 1 ns ' +
    'on the left to 10 s and more on the right. Colours range from green (few calls per second) to red (10,000 per second and more).',
  tips: [
    'Calls served from a cache are on the left; calls that wait for a disk, a network file system or a lock are on the right.',
  ],
  example: 'fd.directory startswith /var/lib',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...WHAT],
  drillTo: 'dig',
  empty: 'No matching call on a file has a known latency.',
  spectrogram: { filter: 'fd.type=file' },
})
