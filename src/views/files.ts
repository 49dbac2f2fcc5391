// Files by what is done with them.
import { OF_FILES } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'files',
  name: 'Files',
  description: 'Which files are read and written and opened, and how much.',
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
  empty: 'No file was touched.',
  table: {
    keys: ['fd.name'],
    containerKeys: ['fd.containername'],
    filter: '(fd.type=file or fd.type=directory) and fd.name!=""',
    sort: { column: 2 },
    columns: [...OF_FILES, { field: 'fd.name', title: 'FILENAME' }],
  },
})
