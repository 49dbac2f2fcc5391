// System calls by how often and how long.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'syscalls',
  name: 'System Calls',
  description:
    'What programs ask of the kernel, how often, and how long it takes. Calls that wait for something, such as poll or futex, are long by nature.',
  example: 'proc.name=java',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'fd.sport', 'fd.sproto', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscall_procs',
  table: {
    keys: ['evt.type'],
    filter: 'syscall.type exists',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'CALLS/S', width: 10, agg: 'rate', doc: 'calls a second' },
      {
        field: 'evt.latency',
        title: 'TOT TIME',
        width: 10,
        agg: 'sum',
        unit: 'time',
        doc: 'time spent in it, all calls together',
      },
      { field: 'evt.latency', title: 'AVG TIME', width: 10, agg: 'avg', unit: 'time', doc: 'time of one call' },
      {
        field: 'evt.latency',
        title: 'P99',
        width: 10,
        agg: 'p99',
        unit: 'time',
        doc: 'what 99 of 100 calls stay below',
      },
      { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
      { field: 'evt.type', title: 'SYSCALL', doc: 'name of the call' },
    ],
  },
})
