// Processes: the view that the UI starts with.
import { COMMAND, CONTAINER, CPU_SHARE, FILE_RATE, NET_RATE, PID, POD, PPID, RES, USER, VIRT, VPID } from './columns.js'
import { BY_PROGRAM, defineView, PORTS, WHAT, WHERE, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'procs',
  name: 'Processes',
  description:
    'Every process with the CPU and memory it uses and the bytes it transfers to and from files and the network. Idle processes are listed too; processes that end turn grey for a moment. Processes that live less than a refresh are grouped by their program and their parent program into one row with totals (curl x312 of bash); Enter opens it.',
  tips: [
    'Enter lists the threads of a process; v lists other views of it.',
    'Sort by FILE to find the processes that keep the disks busy, by NET to find those that use the network most.',
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
