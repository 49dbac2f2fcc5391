// Input and output of files that took long.
import { COMMAND, CONTAINER, PID, TIME } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'slow_io',
  name: 'Slow File I/O',
  description: 'Reads and writes of files that took longer than a millisecond, the slowest first.',
  tips: ['What is slow here waited for a disk, a network file system or a lock.'],
  example: 'evt.latency>100ms',
  appliesTo: [WHOLE_MACHINE, ...WHO],
  empty: 'No read or write of a file took longer than a millisecond.',
  keep: true,
  table: {
    keys: ['evt.rawtime'],
    filter: "evt.is_io=true and fd.type=file and (not fd.name contains '/dev/') and evt.latency>1000000",
    sort: { column: 1 },
    columns: [
      { ...TIME, doc: 'when it ended' },
      { field: 'evt.latency', title: 'LATENCY', width: 10, unit: 'time', doc: 'how long it took' },
      { field: 'evt.type', title: 'CALL', width: 12, fits: true, doc: 'the call' },
      { field: 'fd.name', title: 'FILENAME', width: 40, names: true, doc: 'the file' },
      CONTAINER,
      PID,
      COMMAND,
    ],
  },
})
