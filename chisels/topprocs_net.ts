// Processes by network traffic.
import { byProcess, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that sent and received the most bytes over the network.',
  category: 'Net',
  table: ({ containers }) =>
    byProcess(containers, {
      column: { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
      top: 100,
    }),
})
