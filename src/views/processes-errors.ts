// Processes by the failed calls they make.
import { COMMAND, CONTAINER, PID } from './columns.js'
import { defineView, PORTS, WHAT, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_errors',
  name: 'Processes Errors',
  description: 'Who gets errors from the kernel, by what the failed calls were about.',
  tips: ['Enter tells which errors they are.'],
  appliesTo: [WHOLE_MACHINE, 'container.id', 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'errors',
  empty: 'No call failed. Programs get errors all the time: if the machine is busy, wait a moment.',
  table: {
    keys: ['proc.pid'],
    filter: 'evt.failed=true',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
      { field: 'evt.count.error.file', title: 'FILE', width: 7, agg: 'sum', doc: 'of them about files' },
      { field: 'evt.count.error.net', title: 'NET', width: 7, agg: 'sum', doc: 'about the network' },
      { field: 'evt.count.error.memory', title: 'MEMORY', width: 7, agg: 'sum', doc: 'about memory' },
      { field: 'evt.count.error.other', title: 'OTHER', width: 7, agg: 'sum', doc: 'about anything else' },
      PID,
      CONTAINER,
      COMMAND,
    ],
  },
})
