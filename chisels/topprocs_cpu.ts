// Processes by CPU time.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Processes that used the most CPU.',
  details:
    'Percent of one CPU: a process that keeps two CPUs busy has 200%. With a file, it is the average over its time; the table is empty if the capture has no CPU times.',
  category: 'CPU Usage',
  table: ({ containers }) => ({
    keys: ['thread.tid'],
    groupBy: containers ? ['proc.name', 'proc.pid', 'proc.vpid', 'container.id'] : ['proc.name', 'proc.pid'],
    columns: [
      { field: 'thread.exectime', title: 'CPU%', agg: 'sum', unit: 'timepct' },
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID', only: 'default' },
      { field: 'proc.pid', title: 'Host_pid', only: 'containers' },
      { field: 'proc.vpid', title: 'Container_pid', only: 'containers' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
    ],
    filter: 'evt.type=procinfo',
    top: 10,
    threads: true,
  }),
})
