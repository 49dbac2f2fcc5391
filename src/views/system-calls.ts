// System calls by count and time.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'syscalls',
  name: 'System Calls',
  description:
    'System calls: count, time and errors. Calls that wait for something, such as poll or futex, are long by design.',
  example: 'proc.name=java',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'fd.sport', 'fd.sproto', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscall_procs',
  table: {
    keys: ['evt.type'],
    filter: 'syscall.type exists',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'CALLS/S', width: 10, agg: 'rate', doc: 'calls per second' },
      {
        field: 'evt.latency',
        title: 'TOT TIME',
        width: 10,
        agg: 'sum',
        unit: 'time',
        doc: 'total time of all calls',
      },
      { field: 'evt.latency', title: 'AVG TIME', width: 10, agg: 'avg', unit: 'time', doc: 'average time of a call' },
      {
        field: 'evt.latency',
        title: 'P99',
        width: 10,
        agg: 'p99',
        unit: 'time',
        doc: '99th percentile: 99 of 100 calls were faster',
      },
      { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
      { field: 'evt.type', title: 'SYSCALL', doc: 'name of the call' },
    ],
  },
})
