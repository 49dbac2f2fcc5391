// Processes by open descriptors.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that hold the most open descriptors, with the limit they may reach.',
  details: 'Live, how it is each second; of a file, how it was at the end.',
  category: 'I/O',
  table: {
    keys: ['proc.pid'],
    columns: [
      { field: 'proc.fdopencount', title: 'FDs', agg: 'last', unit: 'count' },
      { field: 'proc.fdlimit', title: 'Limit' },
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID' },
    ],
    filter: 'evt.type=procinfo',
    top: 10,
    threads: true,
  },
})
