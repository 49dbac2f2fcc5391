// Processes by the failed calls they make.
import { COMMAND, CONTAINER, FAILED, PID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_errors',
  name: 'Processes Errors',
  description: 'Who gets errors from the kernel, by what the failed calls were about.',
  tips: ['Enter tells which errors they are.'],
  example: 'evt.res=ENOSPC',
  appliesTo: [WHOLE_MACHINE, ...WHERE, 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'errors',
  empty: 'No call failed. Programs get errors all the time: if the machine is busy, wait a moment.',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['proc.pid'],
    filter: 'evt.failed=true',
    sort: { column: 0 },
    columns: [...FAILED, PID, CONTAINER, COMMAND],
  },
})
