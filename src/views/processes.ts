// Processes, the first screen.
import { COMMAND, CONTAINER, CPU_SHARE, FILE_RATE, NET_RATE, PID, POD, PPID, RES, USER, VIRT, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs',
  name: 'Processes',
  description:
    'Every process with the CPU and memory it uses and the bytes it moves to and from files and the network. Processes that do nothing are listed too; those that end turn grey for a moment. What lives less than a refresh is one row for each program and program that began it, with their sums (curl x312 of bash), which Enter opens.',
  tips: [
    'Enter shows the threads of a process, v what else can be asked about it.',
    'Over the whole machine, the column FILE finds who keeps the disks busy, NET who talks most.',
  ],
  example: 'user.name=www-data',
  appliesTo: [WHOLE_MACHINE, ...WHERE, 'evt.type', 'evt.res', ...WHAT, ...PORTS],
  drillTo: 'threads',
  collapseBy: BY_PROGRAM,
  table: {
    keys: ['thread.tid'],
    groupBy: ['proc.pid'],
    threads: true,
    filter: 'evt.type!=switch',
    sort: { column: 3 },
    columns: [
      PID,
      PPID,
      VPID,
      { ...CPU_SHARE, doc: 'percent of one CPU, all threads together' },
      USER,
      { field: 'proc.nthreads', title: 'TH', width: 4, agg: 'max', groupAgg: 'max', treeAgg: 'sum', doc: 'threads' },
      VIRT,
      RES,
      { ...FILE_RATE, groupAgg: 'sum' },
      { ...NET_RATE, groupAgg: 'sum' },
      CONTAINER,
      POD,
      COMMAND,
    ],
  },
})
