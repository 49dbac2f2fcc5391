// Directories by what is done with their files.
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'directories',
  name: 'Directories',
  description: 'Files summed up by the directory they are in.',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', 'fd.type', 'fd.sport', 'fd.sproto', ...WHO],
  drillTo: 'files',
  empty: 'No file was touched.',
  table: {
    keys: ['fd.directory'],
    containerKeys: ['fd.containerdirectory'],
    filter: '(fd.type=file or fd.type=directory) and fd.name!=""',
    sort: { column: 2 },
    columns: [
      { field: 'evt.buflen.file.in', title: 'BYTES IN', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes read' },
      { field: 'evt.buflen.file.out', title: 'BYTES OUT', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes written' },
      { field: 'evt.count.exit', title: 'OPS', width: 9, agg: 'sum', doc: 'calls' },
      { field: 'evt.count.open', title: 'OPENS', width: 9, agg: 'sum', doc: 'times it was opened' },
      { field: 'evt.count.error', title: 'ERRORS', width: 9, agg: 'sum', doc: 'failed calls' },
      { field: 'container.name', title: 'CONTAINER', width: 20, only: 'containers', doc: 'the container' },
      { field: 'fd.directory', title: 'DIRNAME' },
    ],
  },
})
