// System calls by time.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'System calls with the highest total time.',
  category: 'Performance',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'evt.type'] : ['evt.type'],
    columns: [
      { field: 'evt.latency', title: 'Time', agg: 'sum' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'evt.type', title: 'Syscall' },
    ],
    top: 30,
    positive: true,
  }),
})
