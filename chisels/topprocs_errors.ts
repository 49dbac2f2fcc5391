// Processes by failed calls.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes with the most failed system calls.',
  category: 'Errors',
  table: ({ containers }) => ({
    keys: containers ? ['proc.name', 'proc.pid', 'thread.vtid', 'container.name'] : ['proc.name', 'proc.pid'],
    columns: [
      { field: 'evt.count', title: '#Errors', agg: 'sum' },
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID', only: 'default' },
      { field: 'proc.pid', title: 'Host_pid', only: 'containers' },
      { field: 'thread.vtid', title: 'Container_pid', only: 'containers' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
    ],
    filter: 'evt.failed=true',
    top: 100,
    positive: true,
  }),
})
