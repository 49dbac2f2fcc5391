// System calls that took long.
import { defineSlower } from '../src/chisel/index.js'

export default defineSlower({
  description: 'Shows system calls that took longer than a number of milliseconds.',
  details:
    'Calls that wait (poll, futex, wait4 ...) are among them: give a filter such as evt.type=fsync for others. With -pc lines of containers are blue, and name them.',
  columns: [
    ['evt.datetime', 24],
    ['proc.name', 24],
    ['LATENCY(ms)', 21],
    ['evt.type', 21],
  ],
})
