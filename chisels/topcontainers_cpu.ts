// Containers by CPU time.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers that used the most CPU, and the host.',
  details:
    'Percent of one CPU: a container that keeps two CPUs busy has 200%. With a file, it is the average over its time.',
  category: 'CPU Usage',
  table: {
    keys: ['thread.tid'],
    groupBy: ['container.id'],
    columns: [
      { field: 'thread.exectime', title: 'CPU%', agg: 'sum', unit: 'timepct' },
      { field: 'container.name', title: 'container.name' },
    ],
    filter: 'evt.type=procinfo',
    top: 10,
    threads: true,
  },
})
