// Input and output over the network that took long.
import { defineSlower } from '../src/chisel/index.js'

export default defineSlower({
  description: 'Shows sending and receiving over the network that took longer than a number of milliseconds.',
  details:
    '0 shows all of it. What waits for data takes as long as the data takes to come. With -pc lines of containers are blue, and name them.',
  filter: 'evt.is_io=true and fd.type in (ipv4, ipv6)',
  columns: [
    ['evt.datetime', 24],
    ['proc.name', 13],
    ['evt.type', 9],
    ['LATENCY(ms)', 13],
    ['fd.name', 42],
  ],
})
