// Server ports by traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Ports of local and remote servers with the most bytes.',
  category: 'Net',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.sport'] : ['fd.sport'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.sport', title: 'Srv Port' },
    ],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
    top: 100,
    positive: true,
  }),
})
