// Directories by operations on their files.
import { OF_FILES } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'directories',
  name: 'Directories',
  description: 'Operations on files, summed by directory.',
  example: 'proc.name=postgres and evt.is_io_write=true',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', 'fd.type', 'fd.sport', 'fd.sproto', ...WHO],
  drillTo: 'files',
  empty: 'No file was accessed.',
  table: {
    keys: ['fd.directory'],
    containerKeys: ['fd.containerdirectory'],
    filter: '(fd.type=file or fd.type=directory) and fd.name!=""',
    sort: { column: 2 },
    columns: [...OF_FILES, { field: 'fd.directory', title: 'DIRNAME' }],
  },
})
