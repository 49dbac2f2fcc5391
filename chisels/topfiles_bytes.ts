// Files by traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Files with the most bytes read and written.',
  category: 'I/O',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.name'] : ['fd.name'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.name', title: 'Filename' },
    ],
    filter: 'fd.type=file and evt.is_io=true',
    top: 10,
    positive: true,
  }),
})
