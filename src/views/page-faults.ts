// Page faults of processes.
import { COMMAND } from './columns.js'
import { defineView, PORTS, WHAT, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'page_faults',
  name: 'Page Faults',
  description: 'Page faults of each process since it began: major ones had to wait for a disk, minor ones did not.',
  appliesTo: [WHOLE_MACHINE, 'container.id', 'evt.type', ...WHAT, ...PORTS],
  drillTo: 'errors',
  foldBy: ['proc.exe', 'proc.pname'],
  table: {
    keys: ['proc.pid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 0 },
    columns: [
      { field: 'thread.pfmajor', title: 'MAJOR', width: 9, agg: 'max', doc: 'faults that waited for a disk' },
      { field: 'thread.pfminor', title: 'MINOR', width: 10, agg: 'max', doc: 'faults that did not' },
      { field: 'proc.pid', title: 'PID', width: 7, doc: 'number of the process' },
      { field: 'proc.vpid', title: 'VPID', width: 7, only: 'containers', doc: 'its number inside of its container' },
      { field: 'container.name', title: 'CONTAINER', width: 20, only: 'containers', doc: 'the container' },
      COMMAND,
    ],
  },
})
