// Processes by file traffic.
import { byProcess, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that read and wrote the most bytes in files.',
  category: 'I/O',
  table: ({ containers }) =>
    byProcess(containers, {
      column: { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      filter: 'fd.type=file and evt.is_io=true',
      top: 10,
    }),
})
