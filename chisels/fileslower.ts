// Slow reads and writes of files.
import { defineSlower, FILE_IO } from '../src/chisel/index.js'

export default defineSlower({
  description: 'Shows reads and writes of files that took longer than a given number of milliseconds.',
  details:
    '0 shows all of them. Files below /dev are excluded. With -pc, lines of containers are blue and name the container.',
  filter: `${FILE_IO} and not fd.name startswith /dev/`,
  columns: [
    ['evt.datetime', 24],
    ['proc.name', 13],
    ['evt.type', 9],
    ['LATENCY(ms)', 13],
    ['fd.name', 42],
  ],
})
