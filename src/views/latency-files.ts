// How long it takes to read, write and sync files.
import { CONTAINER, LATENCIES } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'latency_files',
  name: 'Latency of Files',
  description: 'How long reads, writes and syncs of each file take. Files that took most time altogether come first.',
  tips: [
    'A file whose calls take milliseconds waits for a disk or a network file system; those from memory take microseconds.',
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
