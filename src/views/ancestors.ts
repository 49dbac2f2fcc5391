// Who started a process: the process and all above it.
import { COMMAND, CONTAINER, PID, USER, YIELDS } from './columns.js'
import { defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'ancestors',
  name: 'Who Started This',
  description:
    'The selected process, and below it the one that started it, and so on up to the first of the machine: whose they are, since when, on which terminal, with which arguments.',
  tips: [
    'A process whose parent ends is given to another one, mostly to 1. Its first parent is here if it did anything while that lived, as far back as is kept.',
    'LOGIN is who logged in, whoever the process runs as now; none for services.',
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
      { field: 'proc.level', title: 'LEVEL', width: 6, fits: true, doc: 'how many processes are above it' },
      PID,
      USER,
      { field: 'user.loginname', title: 'LOGIN', width: 8, fits: true, yields: YIELDS.container, doc: 'who logged in' },
      { field: 'proc.started', title: 'STARTED', width: 19, doc: 'when it began, local time' },
      { field: 'proc.tty.name', title: 'TTY', width: 7, fits: true, doc: 'its terminal' },
      CONTAINER,
      COMMAND,
    ],
  },
})
