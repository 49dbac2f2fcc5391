// Open descriptors of processes, compared with their limits.
import { COMMAND, CONTAINER, PID, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_fd_usage',
  name: 'Processes FD Usage',
  description:
    'Number of descriptors that each process has open, and how close that is to its limit, beyond which open, socket and accept fail.',
  tips: ['Enter shows I/O by type of descriptor.'],
  example: 'proc.name=nginx',
  appliesTo: [WHOLE_MACHINE, 'evt.type', 'evt.res', ...WHERE, ...WHAT, ...PORTS],
  drillTo: 'io_by_type',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['proc.pid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 1 },
    columns: [
      PID,
      { field: 'proc.fdopencount', title: 'OPEN', width: 8, agg: 'max', treeAgg: 'sum', doc: 'open descriptors' },
      { field: 'proc.fdlimit', title: 'MAX', width: 11, agg: 'max', doc: 'limit of open descriptors (ulimit -n)' },
      {
        field: 'proc.fdusage',
        title: 'PCT',
        width: 6,
        agg: 'max',
        unit: 'percent',
        doc: 'percent of the limit in use',
      },
      VPID,
      CONTAINER,
      COMMAND,
    ],
  },
})
