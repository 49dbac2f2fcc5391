// CPU time of processes, in the program and in the kernel.
import { COMMAND, CONTAINER, CPU_SHARE, CPU_SYSTEM, CPU_USER, PID, POD, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs_cpu',
  name: 'Processes CPU',
  description:
    'Who uses the CPU: in the program itself (USER), in the kernel on its behalf (SYS), and how many system calls it makes for that.',
  tips: ['Much SYS together with many calls is a program that asks too often: its system calls (v) tell for what.'],
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
      { field: 'evt.count', title: 'SYSCALLS', width: 9, agg: 'rate', groupAgg: 'sum', doc: 'calls a second' },
      CONTAINER,
      POD,
      COMMAND,
    ],
  },
})
