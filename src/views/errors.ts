// Errors of system calls by name.
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'errors',
  name: 'Errors',
  description:
    'Errors that system calls return, by name. Some are normal: EAGAIN means that nothing is available yet, ENOENT that a path does not exist.',
  tips: ['Enter lists the processes that got an error.'],
  example: 'evt.res in (EACCES, EPERM)',
  appliesTo: [WHOLE_MACHINE, 'evt.type', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'procs_errors',
  empty: 'No call failed.',
  table: {
    keys: ['evt.res'],
    filter: 'evt.res != SUCCESS',
    sort: { column: 0 },
    columns: [
      { field: 'evt.count', title: 'COUNT', width: 12, agg: 'sum', doc: 'calls that returned the error' },
      { field: 'evt.res', title: 'ERROR', doc: 'name of the error' },
    ],
  },
})
