// Files by failed calls.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Files with the most failed system calls.',
  category: 'Errors',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.name'] : ['fd.name'],
    columns: [
      { field: 'evt.count', title: '#Errors', agg: 'sum' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.name', title: 'Filename' },
    ],
    filter: 'fd.type=file and evt.failed=true',
    top: 100,
    positive: true,
  }),
})
