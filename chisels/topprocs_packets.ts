// Processes by network messages.
import { byProcess, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that sent and received the most messages over the network.',
  category: 'Net',
  table: ({ containers }) =>
    byProcess(containers, {
      column: { field: 'evt.count', title: '# Packets', agg: 'sum' },
      filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
      top: 10,
    }),
})
