// Processes by file traffic.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that read and wrote the most bytes of files.',
  category: 'I/O',
  table: ({ containers }) => ({
    keys: containers ? ['proc.name', 'proc.pid', 'thread.vtid', 'container.name'] : ['proc.name', 'proc.pid'],
    columns: [
      { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' },
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID', only: 'default' },
      { field: 'proc.pid', title: 'Host_pid', only: 'containers' },
      { field: 'thread.vtid', title: 'Container_pid', only: 'containers' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
    ],
    filter: 'fd.type=file and evt.is_io=true',
    top: 10,
    positive: true,
  }),
})
