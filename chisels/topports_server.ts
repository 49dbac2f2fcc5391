// Server ports by traffic.
import { BYTES, defineChisel, NET_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Ports of local and remote servers with the most bytes.',
  category: 'Net',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.sport'] : ['fd.sport'],
    columns: [
      BYTES,
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.sport', title: 'Srv Port' },
    ],
    filter: NET_IO,
    top: 100,
    positive: true,
  }),
})
