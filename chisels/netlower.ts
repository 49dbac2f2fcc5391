// Slow sends and receives over the network.
import { defineSlower, NET_IO } from '../src/chisel/index.js'

export default defineSlower({
  description: 'Shows sends and receives over the network that took longer than a given number of milliseconds.',
  details:
    '0 shows all of them. The time of a receive includes waiting for the data. With -pc, lines of containers are blue and name the container.',
  filter: NET_IO,
  columns: [
    ['evt.datetime', 24],
    ['proc.name', 13],
    ['evt.type', 9],
    ['LATENCY(ms)', 13],
    ['fd.name', 42],
  ],
})
