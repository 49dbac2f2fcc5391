// Messages that programs write to the system log.
import { CONTAINER, PID, TIME, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spy_syslog',
  name: 'Spy Syslog',
  description: 'Each message that a program writes to the system log (/dev/log), whether or not the log stores it.',
  tips: ['Live, messages are captured once this view is open, or earlier if data capture is on (B).'],
  example: 'syslog.severity<=3',
  appliesTo: [WHOLE_MACHINE, ...WHO],
  empty: 'Nothing was written to the system log.',
  list: {
    filter: 'syslog.message exists',
    buffers: 2048,
    detail: true,
    columns: [
      { ...TIME, yields: YIELDS.rare },
      PID,
      { field: 'proc.name', title: 'PROC', width: 16, fits: true, names: true, doc: 'the program' },
      { field: 'syslog.facility.str', title: 'FAC', width: 8, fits: true, doc: 'facility' },
      { field: 'syslog.severity.str', title: 'SEV', width: 7, fits: true, doc: 'severity' },
      CONTAINER,
      { field: 'syslog.message', title: 'MESSAGE', doc: 'text of the message' },
    ],
  },
})
