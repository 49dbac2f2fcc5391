// Connections by traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Network connections with the most bytes.',
  category: 'Net',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.l4proto', 'fd.name'] : ['fd.l4proto', 'fd.name'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.peer.name', title: 'Peer', only: 'containers' },
      { field: 'fd.l4proto', title: 'Proto' },
      { field: 'fd.name', title: 'Conn' },
    ],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
    top: 30,
    positive: true,
  }),
})
