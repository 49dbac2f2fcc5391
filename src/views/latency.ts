// How long system calls take.
import { LATENCIES } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'latency',
  name: 'Latency',
  description:
    'How long system calls take: the middle, the slow ones, and how all of them spread. Calls that took most time altogether come first.',
  tips: [
    'Two hills in one line are two kinds of calls: from a cache and from a disk, without and with a wait for a lock.',
    'What waits by nature (poll, futex, nanosleep) takes most time: the filter evt.is_wait=false leaves most of it out.',
    'A call counts when it ends, with all the time that it took. What has not ended is in Calls in Flight.',
  ],
  example: 'proc.name=postgres and evt.is_wait=false',
  appliesTo: [WHOLE_MACHINE, 'evt.res', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'syscall_procs',
  empty: 'No call has ended whose beginning was seen.',
  table: {
    keys: ['evt.type'],
    filter: 'syscall.type exists and evt.latency>0',
    sort: { column: 2 },
    columns: [...LATENCIES, { field: 'evt.type', title: 'SYSCALL', doc: 'name of the call' }],
  },
})
