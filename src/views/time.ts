// Time of threads: on the CPU, or in which call on which file or peer.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'time',
  name: 'Time',
  description:
    'Where a process spends its time: on the CPU in user mode, or in which call on which file or peer. 100 percent is one thread all the time; a process with four threads has 400 percent.',
  tips: [
    'A call counts while it runs, whether it computes or waits; a call in progress counts up to now.',
    'If a thread has less than 100 percent, it waited for a free CPU or for a page fault for the rest of the time.',
    'With a file, percentages are of its whole time, so they are small for a short-lived process; TIME shows the time itself.',
    'Files of other tools have no time in user mode.',
  ],
  example: 'proc.name=node',
  appliesTo: [WHOLE_MACHINE, ...WHO, 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'dig',
  empty: 'No thread was active.',
  inFlight: 'too',
  table: {
    keys: ['thread.spent.in', 'thread.spent.on'],
    threads: true,
    filter: 'syscall.type exists',
    sort: { column: 0 },
    columns: [
      {
        field: 'thread.spent',
        title: 'PERCENT',
        width: 8,
        agg: 'rate',
        unit: 'timepct',
        doc: 'percent of the time, 100 for each thread',
      },
      { field: 'thread.spent', title: 'TIME', width: 8, agg: 'sum', unit: 'time', doc: 'the time itself' },
      { field: 'evt.count.exit', title: 'CALLS', width: 7, agg: 'sum', doc: 'calls that ended' },
      { field: 'evt.latency', title: 'LONGEST', width: 8, agg: 'max', unit: 'time', doc: 'the longest of these calls' },
      { field: 'thread.spent.in', title: 'IN', width: 16, fits: true, names: true, doc: 'the call, or on CPU' },
      { field: 'thread.spent.on', title: 'ON', names: true, doc: 'file or peer of the call' },
    ],
  },
})
