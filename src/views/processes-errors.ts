// Processes by failed calls.
import { COMMAND, CONTAINER, FAILED, PID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_errors',
  name: 'Processes Errors',
  description: 'Processes whose calls fail, by what the failed calls operated on.',
  tips: ['Enter lists the errors.'],
  example: 'evt.res=ENOSPC',
  appliesTo: [WHOLE_MACHINE, ...WHERE, 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'errors',
  empty: 'No call failed. On a busy machine calls fail all the time: wait a moment.',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['proc.pid'],
    filter: 'evt.failed=true',
    sort: { column: 0 },
    columns: [...FAILED, PID, CONTAINER, COMMAND],
  },
})
