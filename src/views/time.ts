// Where the time of threads goes: on the CPU, or in which call, on what.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'time',
  name: 'Time',
  description:
    'What a process does all the time: on the CPU in the program itself, or in which call, on which file or peer. 100 is one thread that does nothing else; a process with four threads has 400 to spend.',
  tips: [
    'A call counts while it runs, whether it computes or waits: a call that has not ended counts up to now.',
    'What is missing to 100 for each thread went by while it waited for a free CPU, or for a page to be read.',
    'Of a file the numbers are shares of its whole time. A process that lived for a moment of it has small ones: TIME says how long.',
    'Files of other tools do not tell the time in the program.',
  ],
  example: 'proc.name=node',
  appliesTo: [WHOLE_MACHINE, ...WHO, 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'dig',
  empty: 'No thread did anything.',
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
        doc: 'part of the time, 100 for each thread',
      },
      { field: 'thread.spent', title: 'TIME', width: 8, agg: 'sum', unit: 'time', doc: 'the same as a time' },
      { field: 'evt.count.exit', title: 'CALLS', width: 7, agg: 'sum', doc: 'calls that ended' },
      { field: 'evt.latency', title: 'LONGEST', width: 8, agg: 'max', unit: 'time', doc: 'the longest of them' },
      { field: 'thread.spent.in', title: 'IN', width: 16, fits: true, names: true, doc: 'the call, or on CPU' },
      { field: 'thread.spent.on', title: 'ON', names: true, doc: 'the file or the other end that the call is about' },
    ],
  },
})
