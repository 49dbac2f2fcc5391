// Slow system calls.
import { defineSlower } from '../src/chisel/index.js'

export default defineSlower({
  description: 'Shows system calls that took longer than a given number of milliseconds.',
  details:
    'Calls that wait (poll, futex, wait4 ...) are included; use a filter such as evt.type=fsync to exclude them. With -pc, lines of containers are blue and name the container.',
  columns: [
    ['evt.datetime', 24],
    ['proc.name', 24],
    ['LATENCY(ms)', 21],
    ['evt.type', 21],
  ],
})
