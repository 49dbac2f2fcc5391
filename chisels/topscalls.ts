// System calls by count.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'The most frequent system calls.',
  category: 'Performance',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'evt.type'] : ['evt.type'],
    columns: [
      { field: 'evt.count', title: '# Calls', agg: 'sum' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'evt.type', title: 'Syscall' },
    ],
    filter: 'evt.type!=switch',
    top: 30,
    positive: true,
  }),
})
