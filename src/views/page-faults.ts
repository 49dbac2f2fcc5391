// Page faults of processes.
import { COMMAND, CONTAINER, PID, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'page_faults',
  name: 'Page Faults',
  description: 'Page faults of each process since its start: major faults waited for a disk, minor faults did not.',
  example: 'user.name=postgres',
  appliesTo: [WHOLE_MACHINE, ...WHERE, 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'errors',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['proc.pid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 0 },
    columns: [
      {
        field: 'thread.pfmajor',
        title: 'MAJOR',
        width: 9,
        agg: 'max',
        groupAgg: 'sum',
        doc: 'faults that waited for a disk',
      },
      { field: 'thread.pfminor', title: 'MINOR', width: 10, agg: 'max', groupAgg: 'sum', doc: 'faults that did not' },
      PID,
      VPID,
      CONTAINER,
      COMMAND,
    ],
  },
})
