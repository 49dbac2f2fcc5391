// Connections by traffic.
import { BYTES, defineChisel, NET_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Network connections with the most bytes.',
  category: 'Net',
  table: ({ containers }) => ({
    keys: containers ? ['container.id', 'fd.l4proto', 'fd.name'] : ['fd.l4proto', 'fd.name'],
    columns: [
      BYTES,
      { field: 'container.name', title: 'container.name', only: 'containers' },
      { field: 'fd.peer.name', title: 'Peer', only: 'containers' },
      { field: 'fd.l4proto', title: 'Proto' },
      { field: 'fd.name', title: 'Conn' },
    ],
    filter: NET_IO,
    top: 30,
    positive: true,
  }),
})
