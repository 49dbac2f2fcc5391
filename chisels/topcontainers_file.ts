// Containers by file traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers that read and wrote the most bytes in files.',
  category: 'I/O',
  table: {
    keys: ['container.id'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'container.name', title: 'container.name' },
    ],
    filter: 'fd.type=file and evt.is_io=true and container.id!=host',
    top: 10,
    positive: true,
  },
})
