// Processes by open descriptors.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes with the most open descriptors, and their limit.',
  details: 'Live, the numbers of each second; with a file, those at its end.',
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
