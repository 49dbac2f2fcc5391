// Processes by network traffic.
import { BYTES, byProcess, defineChisel, NET_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that sent and received the most bytes over the network.',
  category: 'Net',
  table: ({ containers }) =>
    byProcess(containers, {
      column: BYTES,
      filter: NET_IO,
      top: 100,
    }),
})
