// CPU time of processes, in user mode and in the kernel.
import { COMMAND, CONTAINER, CPU_SHARE, CPU_SYSTEM, CPU_USER, PID, POD, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_cpu',
  name: 'Processes CPU',
  description: 'CPU usage of processes: in user mode (USER), in the kernel (SYS), and the number of system calls.',
  tips: [
    'If SYS and SYSCALLS are both high, the program makes too many calls: press v and open System Calls to see which.',
  ],
  example: 'container.id=host',
  appliesTo: [WHOLE_MACHINE, ...WHERE, 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'threads',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['thread.tid'],
    groupBy: ['proc.pid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 2 },
    columns: [
      PID,
      VPID,
      { ...CPU_SHARE, title: 'TOT', doc: 'percent of one CPU, all threads together' },
      { ...CPU_USER, width: 8 },
      CPU_SYSTEM,
      { field: 'evt.count', title: 'SYSCALLS', width: 9, agg: 'rate', groupAgg: 'sum', doc: 'calls per second' },
      CONTAINER,
      POD,
      COMMAND,
    ],
  },
})
