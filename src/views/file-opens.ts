// Files as they are opened.
import { COMMAND, CONTAINER, TIME } from './columns.js'
import { defineView, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'file_opens',
  name: 'File Opens',
  description: 'Each attempt to open a file, with its result. All calls of the open family are there.',
  tips: ['The filter evt.failed=true leaves the ones that did not work: missing files and missing rights.'],
  example: 'evt.failed=true and fd.name startswith /etc',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', 'fd.sport', 'fd.sproto', ...WHO, ...WHAT],
  empty: 'No file was opened.',
  list: {
    filter: 'evt.type in (open, openat, openat2, creat, open_by_handle_at) and evt.dir=<',
    columns: [
      TIME,
      { field: 'evt.res', title: 'RES', width: 14, fits: true, doc: 'SUCCESS, or what went wrong' },
      { field: 'fs.path.name', title: 'FILE', width: 44, names: true, doc: 'the path' },
      CONTAINER,
      COMMAND,
    ],
  },
})
