// Processes that make one system call.
import { COMMAND, CONTAINER, PID } from './columns.js'
import { BY_PROGRAM, defineView } from './define.js'

export default defineView({
  id: 'syscall_procs',
  name: 'Syscall Callers',
  description: 'Processes that make the selected system call: how often, and how long it takes.',
  example: 'evt.type=ptrace',
  appliesTo: ['evt.type'],
  drillTo: 'threads',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['proc.pid'],
    filter: 'syscall.type exists',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'CALLS/S', width: 10, agg: 'rate', doc: 'calls per second' },
      { field: 'evt.latency', title: 'TIME', width: 10, agg: 'sum', unit: 'time', doc: 'time spent in it' },
      { field: 'evt.latency', title: 'AVG TIME', width: 10, agg: 'avg', unit: 'time', doc: 'average time of a call' },
      PID,
      CONTAINER,
      COMMAND,
    ],
  },
})
