// Commands that users run in shells.
import { COMMAND, CONTAINER, TIME, USER } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'spy_users',
  name: 'Spy Users',
  description: 'Each command that is run and each directory that a shell changes to, in order of time.',
  example: 'user.name=root',
  appliesTo: [WHOLE_MACHINE, 'user.name', ...WHO],
  empty: 'No command was run.',
  list: {
    filter:
      'evt.failed=false and (evt.type in (execve, execveat) or ' +
      '(evt.type in (chdir, fchdir) and proc.name endswith sh and proc.name != sshd))',
    columns: [
      TIME,
      USER,
      { field: 'proc.ppid', title: 'SHELL', width: 7, fits: true, doc: 'process id of the parent' },
      {
        field: 'evt.type',
        title: 'CALL',
        width: 8,
        fits: true,
        doc: 'execve runs a command, chdir changes the directory',
      },
      CONTAINER,
      COMMAND,
    ],
  },
})
