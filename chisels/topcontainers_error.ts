// Containers by failed calls.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers with the most failed system calls.',
  category: 'Errors',
  table: {
    keys: ['container.id'],
    columns: [
      { field: 'evt.count', title: '#Errors', agg: 'sum' },
      { field: 'container.name', title: 'container.name' },
    ],
    filter: 'evt.failed=true and container.id!=host',
    top: 100,
    positive: true,
  },
})
