// Processes by file traffic.
import { BYTES, byProcess, defineChisel, FILE_IO } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that read and wrote the most bytes in files.',
  category: 'I/O',
  table: ({ containers }) =>
    byProcess(containers, {
      column: BYTES,
      filter: FILE_IO,
      top: 10,
    }),
})
