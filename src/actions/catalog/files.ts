// Actions on files and folders, by the field that names them.
import type { Action } from '../define.js'

function fileActions(field: string): Action[] {
  const path = `{${field}}`
  return [
    { id: `less ${field}`, title: 'less', doc: 'Shows the file.', argv: ['less', '--', path] },
    {
      id: `tail ${field}`,
      title: 'tail -f',
      doc: 'Shows the end of the file and follows it, until Ctrl-C.',
      argv: ['tail', '-n', '100', '-f', '--', path],
    },
    { id: `ls ${field}`, title: 'ls -al', doc: 'Its owner, size and time.', argv: ['ls', '-al', '--', path] },
    { id: `lsof ${field}`, title: 'who has it open', doc: 'Processes that have it open.', argv: ['lsof', '--', path] },
  ]
}

export const FILE_ACTIONS: readonly Action[] = [
  ...fileActions('fd.name'),
  ...fileActions('fs.path.name'),
  { id: 'ls-folder', title: 'ls -al', doc: 'The contents of the folder.', argv: ['ls', '-al', '--', '{fd.directory}'] },
]
