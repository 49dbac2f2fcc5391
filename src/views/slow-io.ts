// Slow reads and writes of files.
import { COMMAND, CONTAINER, PID, TIME } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'slow_io',
  name: 'Slow File I/O',
  description: 'Reads and writes of files that took longer than a millisecond, slowest first.',
  tips: ['These calls waited for a disk, a network file system or a lock.'],
  example: 'evt.latency>100ms',
  appliesTo: [WHOLE_MACHINE, ...WHO],
  empty: 'No read or write of a file took longer than a millisecond.',
  keep: true,
  table: {
    keys: ['evt.rawtime'],
    filter: "evt.is_io=true and fd.type=file and (not fd.name contains '/dev/') and evt.latency>1000000",
    sort: { column: 1 },
    columns: [
      { ...TIME, doc: 'when the call ended' },
      { field: 'evt.latency', title: 'LATENCY', width: 10, unit: 'time', doc: 'duration of the call' },
      { field: 'evt.type', title: 'CALL', width: 12, fits: true, doc: 'name of the call' },
      { field: 'fd.name', title: 'FILENAME', width: 40, names: true, doc: 'the file' },
      CONTAINER,
      PID,
      COMMAND,
    ],
  },
})
