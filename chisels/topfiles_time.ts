// Files by time.
import { defineChisel, FILE_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Files that calls spent the most time reading and writing.',
  category: 'I/O',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.name'] : ['fd.name'],
    columns: [
      { field: 'evt.latency', title: 'Time', agg: 'sum' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.name', title: 'Filename' },
    ],
    filter: FILE_IO,
    top: 10,
    positive: true,
  }),
})
