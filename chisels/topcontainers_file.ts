// Containers by file traffic.
import { BYTES, defineChisel, FILE_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers that read and wrote the most bytes in files.',
  category: 'I/O',
  table: {
    keys: ['container.id'],
    columns: [BYTES, { field: 'container.name', title: 'container.name' }],
    filter: `${FILE_IO} and container.id!=host`,
    top: 10,
    positive: true,
  },
})
