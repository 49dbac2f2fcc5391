// Where calls come from: by the functions that made them.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'why',
  name: 'Why',
  description:
    'Which functions of programs make the calls: the innermost first, each before the one that called it. Calls of the same stack are one row.',
  tips: [
    'Stacks are recorded from the moment that this page is open, in a capture of its own; of a file there are those that it was written with (--stacks).',
    'With ksys ui --stacks both, the kernel functions in which a call slept come before those of the program: they end with _[k].',
    'The walk goes by frame pointers. Programs that were compiled without show few of their functions; what was stripped is called by its file.',
    'ksys -c stacks writes the same as flame graphs are made of.',
  ],
  example: 'proc.name=postgres and evt.type=fsync',
  appliesTo: [WHOLE_MACHINE, 'evt.res', ...WHO, 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'dig',
  empty: 'No stack was recorded. Of a file that has none, nothing can be told: write it with --stacks.',
  table: {
    keys: ['evt.type', 'evt.stack.text'],
    filter: 'evt.stack.text exists',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'CALLS/S', width: 9, agg: 'rate', doc: 'calls a second' },
      { field: 'evt.latency', title: 'TIME', width: 8, agg: 'sum', unit: 'time', doc: 'time spent in them' },
      {
        field: 'evt.latency',
        title: 'AVG TIME',
        width: 9,
        agg: 'avg',
        unit: 'time',
        yields: 1,
        doc: 'time of one call',
      },
      { field: 'evt.count.error', title: 'ERRORS', width: 7, agg: 'sum', yields: 2, doc: 'failed calls' },
      { field: 'evt.type', title: 'CALL', width: 14, fits: true, names: true, doc: 'name of the call' },
      { field: 'evt.stack.text', title: 'CALLED FROM', names: true, doc: 'the functions, innermost first' },
    ],
  },
})
