// Processes by network messages.
import { byProcess, defineChisel, NET_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that sent and received the most messages over the network.',
  category: 'Net',
  table: ({ containers }) =>
    byProcess(containers, {
      column: { field: 'evt.count', title: '# Packets', agg: 'sum' },
      filter: NET_IO,
      top: 10,
    }),
})
