// Ancestors of a process.
import { COMMAND, CONTAINER, PID, USER, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'ancestors',
  name: 'Who Started This',
  description:
    'The selected process, followed by its parent and all further ancestors up to the first process of the machine, with user, start time, terminal and arguments.',
  tips: [
    'When a parent ends, its children get another parent, usually process 1. The original parent is shown if the process made a call before that, as far back as calls are retained.',
    'LOGIN is the user who logged in, even if the process runs as another user now; services have none.',
  ],
  example: 'proc.name=cron',
  appliesTo: [WHOLE_MACHINE, ...WHO, 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'procs',
  empty: 'No such process was seen.',
  keep: true,
  table: {
    keys: ['proc.pid'],
    threads: true,
    ancestors: true,
    sort: { column: 0 },
    columns: [
      { field: 'proc.level', title: 'LEVEL', width: 6, fits: true, doc: 'number of ancestors' },
      PID,
      USER,
      {
        field: 'user.loginname',
        title: 'LOGIN',
        width: 8,
        fits: true,
        yields: YIELDS.container,
        doc: 'user who logged in',
      },
      { field: 'proc.started', title: 'STARTED', width: 19, doc: 'start of the process, local time' },
      { field: 'proc.tty.name', title: 'TTY', width: 7, fits: true, doc: 'its terminal' },
      CONTAINER,
      COMMAND,
    ],
  },
})
