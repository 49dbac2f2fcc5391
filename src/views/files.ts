// Files by operations on them.
import { OF_FILES } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'files',
  name: 'Files',
  description: 'Files that are read, written and opened, with bytes, calls and errors.',
  example: 'fd.directory=/etc',
  appliesTo: [
    WHOLE_MACHINE,
    'evt.res',
    'evt.type',
    'fd.type',
    'fd.directory',
    'fd.containerdirectory',
    'fd.sport',
    'fd.sproto',
    ...WHO,
  ],
  drillTo: 'procs',
  empty: 'No file was accessed.',
  table: {
    keys: ['fd.name'],
    containerKeys: ['fd.containername'],
    filter: '(fd.type=file or fd.type=directory) and fd.name!=""',
    sort: { column: 2 },
    columns: [...OF_FILES, { field: 'fd.name', title: 'FILENAME' }],
  },
})
