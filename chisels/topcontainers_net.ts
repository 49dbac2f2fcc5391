// Containers by network traffic.
import { BYTES, defineChisel, NET_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers that sent and received the most bytes over the network.',
  category: 'Net',
  table: {
    keys: ['container.id'],
    columns: [BYTES, { field: 'container.name', title: 'container.name' }],
    filter: `${NET_IO} and container.id!=host`,
    top: 100,
    positive: true,
  },
})
