// Opens of files.
import { COMMAND, CONTAINER, TIME } from './columns.js'
import { defineView, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'file_opens',
  name: 'File Opens',
  description: 'Each attempt to open a file, with its result. Includes all calls of the open family.',
  tips: ['The filter evt.failed=true shows only failed opens: missing files and missing permissions.'],
  example: 'evt.failed=true and fd.name startswith /etc',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', 'fd.sport', 'fd.sproto', ...WHO, ...WHAT],
  empty: 'No file was opened.',
  list: {
    filter: 'evt.type in (open, openat, openat2, creat, open_by_handle_at) and evt.dir=<',
    columns: [
      TIME,
      { field: 'evt.res', title: 'RES', width: 14, fits: true, doc: 'SUCCESS or the error' },
      { field: 'fs.path.name', title: 'FILE', width: 44, names: true, doc: 'the path' },
      CONTAINER,
      COMMAND,
    ],
  },
})
