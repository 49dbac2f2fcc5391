// Files by traffic.
import { BYTES, defineChisel, FILE_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Files with the most bytes read and written.',
  category: 'I/O',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.name'] : ['fd.name'],
    columns: [
      BYTES,
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.name', title: 'Filename' },
    ],
    filter: FILE_IO,
    top: 10,
    positive: true,
  }),
})
