// Containers by network traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Containers that sent and received the most bytes over the network.',
  category: 'Net',
  table: {
    keys: ['container.id'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'container.name', title: 'container.name' },
    ],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true and container.id!=host',
    top: 100,
    positive: true,
  },
})
