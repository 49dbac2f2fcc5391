// Latency of reads, writes and syncs by file.
import { CONTAINER, LATENCIES } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'latency_files',
  name: 'Latency of Files',
  description: 'Latency of reads, writes and syncs of each file. Files with the highest total time come first.',
  tips: [
    'Calls that take milliseconds wait for a disk or a network file system; calls served from memory take microseconds.',
  ],
  example: 'evt.type in (fsync, fdatasync)',
  appliesTo: [WHOLE_MACHINE, 'evt.type', 'evt.res', 'fd.type', 'fd.directory', 'fd.containerdirectory', ...WHO],
  drillTo: 'latency',
  empty: 'No file was read, written or synced.',
  table: {
    keys: ['fd.name'],
    containerKeys: ['fd.containername'],
    filter:
      'fd.type=file and fd.name!="" and evt.latency>0 and (evt.is_io=true or evt.type in (fsync, fdatasync, sync_file_range))',
    sort: { column: 2 },
    columns: [...LATENCIES, CONTAINER, { field: 'fd.name', title: 'FILENAME', doc: 'the file' }],
  },
})
