// Processes by failed calls.
import { byProcess, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes with the most failed system calls.',
  category: 'Errors',
  table: ({ containers }) =>
    byProcess(containers, {
      column: { field: 'evt.count', title: '#Errors', agg: 'sum' },
      filter: 'evt.failed=true',
      top: 100,
    }),
})
