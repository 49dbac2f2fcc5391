// Threads of a process, or all threads.
import { COMMAND, CONTAINER, CPU_SHARE, FILE_RATE, NET_RATE, PID, POD, TID, VPID, VTID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'threads',
  name: 'Threads',
  description: 'Every thread with the CPU it uses and the bytes it transfers.',
  tips: ['If a single thread is at 100 percent, the program cannot use more CPUs.'],
  example: 'proc.name=mysqld',
  appliesTo: [WHOLE_MACHINE, 'evt.type', 'evt.res', ...WHO, ...WHAT, ...PORTS],
  drillTo: 'files',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['thread.tid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 4 },
    columns: [
      PID,
      TID,
      VPID,
      VTID,
      CPU_SHARE,
      { field: 'evt.count', title: 'SYSCALLS', width: 9, agg: 'rate', doc: 'calls per second' },
      FILE_RATE,
      NET_RATE,
      CONTAINER,
      POD,
      { field: 'proc.name', title: 'NAME', width: 16, fits: true, doc: 'name of the thread' },
      COMMAND,
    ],
  },
})
