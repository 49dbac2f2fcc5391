// Calls by the functions that made them.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'why',
  name: 'Why',
  description:
    'The functions of programs that make the calls: innermost first, each followed by its caller. Calls with the same stack are one row.',
  tips: [
    'Live, stacks are recorded once this view is open, in a separate capture. A file has stacks if it was written with --stacks.',
    'With ksys ui --stacks both, the kernel functions in which a call slept precede those of the program; they end in _[k].',
    'Stacks are unwound by frame pointers. Programs compiled without them show only few functions; stripped functions show their file name.',
    'ksys -c stacks writes the same stacks as input for flame graphs.',
  ],
  example: 'proc.name=postgres and evt.type=fsync',
  appliesTo: [WHOLE_MACHINE, 'evt.res', ...WHO, 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'dig',
  empty: 'No stacks recorded. A file has stacks only if it was written with --stacks.',
  table: {
    keys: ['evt.type', 'evt.stack.text'],
    filter: 'evt.stack.text exists',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'CALLS/S', width: 9, agg: 'rate', doc: 'calls per second' },
      { field: 'evt.latency', title: 'TIME', width: 8, agg: 'sum', unit: 'time', doc: 'time spent in these calls' },
      {
        field: 'evt.latency',
        title: 'AVG TIME',
        width: 9,
        agg: 'avg',
        unit: 'time',
        yields: 1,
        doc: 'average time of a call',
      },
      { field: 'evt.count.error', title: 'ERRORS', width: 7, agg: 'sum', yields: 2, doc: 'failed calls' },
      { field: 'evt.type', title: 'CALL', width: 14, fits: true, names: true, doc: 'name of the call' },
      { field: 'evt.stack.text', title: 'CALLED FROM', names: true, doc: 'the functions, innermost first' },
    ],
  },
})
