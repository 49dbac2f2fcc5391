// Processes by network messages.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that sent and received the most messages over the network.',
  category: 'Net',
  table: ({ containers }) => ({
    keys: containers ? ['proc.name', 'proc.pid', 'thread.vtid', 'container.name'] : ['proc.name', 'proc.pid'],
    columns: [
      { field: 'evt.count', title: '# Packets', agg: 'sum' },
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID', only: 'default' },
      { field: 'proc.pid', title: 'Host_pid', only: 'containers' },
      { field: 'thread.vtid', title: 'Container_pid', only: 'containers' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
    ],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
    top: 10,
    positive: true,
  }),
})
