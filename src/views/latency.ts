// Latency of system calls.
import { LATENCIES } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'latency',
  name: 'Latency',
  description:
    'Latency of system calls: median, slow calls and distribution. Calls with the highest total time come first.',
  tips: [
    'Two peaks in one distribution are two kinds of calls: served from a cache and from a disk, or without and with a wait for a lock.',
    'Calls that wait by design (poll, futex, nanosleep) take most of the time: the filter evt.is_wait=false excludes most of them.',
    'A call counts when it ends, with its whole duration. Calls in progress are in Calls in Flight.',
  ],
  example: 'proc.name=postgres and evt.is_wait=false',
  appliesTo: [WHOLE_MACHINE, 'evt.res', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscall_procs',
  empty: 'No call was captured from its start to its end.',
  table: {
    keys: ['evt.type'],
    filter: 'syscall.type exists and evt.latency>0',
    sort: { column: 2 },
    columns: [...LATENCIES, { field: 'evt.type', title: 'SYSCALL', doc: 'name of the call' }],
  },
})
