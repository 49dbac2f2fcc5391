// Columns that several views have.
import { BARS_TITLE } from '../table/bars.js'
import type { Column } from '../table/types.js'

/** On a narrow terminal numbers inside of containers go first, then pods, what few look at, containers, and the command last. */
export const YIELDS = { inside: 4, pod: 3, rare: 2, container: 1, command: -1 } as const

const number = { width: 7, fits: true } as const
export const PID: Column = { ...number, field: 'proc.pid', title: 'PID', doc: 'number of the process' }
export const PPID: Column = {
  ...number,
  field: 'proc.ppid',
  title: 'PPID',
  yields: YIELDS.rare,
  doc: 'number of its parent',
}
export const TID: Column = { ...number, field: 'thread.tid', title: 'TID', doc: 'number of the thread' }
export const VPID: Column = {
  ...number,
  field: 'proc.vpid',
  title: 'VPID',
  only: 'containers',
  yields: YIELDS.inside,
  doc: 'number of the process inside of its container',
}
export const VTID: Column = {
  ...number,
  field: 'thread.vtid',
  title: 'VTID',
  only: 'containers',
  yields: YIELDS.inside,
  doc: 'number of the thread inside of its container',
}
export const USER: Column = { field: 'user.name', title: 'USER', width: 8, fits: true, doc: 'whom it runs as' }
export const CONTAINER: Column = {
  field: 'container.name',
  title: 'CONTAINER',
  width: 30,
  fits: true,
  only: 'containers',
  yields: YIELDS.container,
  doc: 'the container',
}
export const PEER: Column = {
  field: 'fd.peer.name',
  title: 'PEER',
  width: 30,
  fits: true,
  only: 'containers',
  yields: YIELDS.container,
  doc: 'who is at the other end',
}
export const POD: Column = {
  field: 'k8s.pod.name',
  title: 'POD',
  width: 50,
  fits: true,
  only: 'pods',
  yields: YIELDS.pod,
  doc: 'the pod it belongs to',
}
const memory = { width: 6, agg: 'max', groupAgg: 'max', treeAgg: 'sum', unit: 'bytes' } as const
export const VIRT: Column = {
  ...memory,
  field: 'thread.vmsize.b',
  title: 'VIRT',
  yields: YIELDS.rare,
  doc: 'virtual memory',
}
export const RES: Column = { ...memory, field: 'thread.vmrss.b', title: 'RES', doc: 'resident memory' }
export const TIME: Column = { field: 'evt.time', title: 'TIME', width: 18, doc: 'when' }
export const COMMAND: Column = {
  field: 'proc.exeline',
  title: 'Command',
  yields: YIELDS.command,
  doc: 'program and arguments',
}
export const PROC: Column = { field: 'proc.name', title: 'PROC', yields: YIELDS.command, doc: 'name of the process' }
/** Time on the CPU by the time that the row covers: what ended within it counts for what it used. */
const CPU = { agg: 'rate', groupAgg: 'sum', unit: 'timepct', width: 6 } as const
export const CPU_SHARE: Column = { field: 'thread.cputime', title: 'CPU', doc: 'percent of one CPU', ...CPU }
export const CPU_USER: Column = { field: 'thread.cputime.user', title: 'USER', doc: 'of that, in the program', ...CPU }
export const CPU_SYSTEM: Column = {
  field: 'thread.cputime.system',
  title: 'SYS',
  doc: 'of that, in the kernel',
  ...CPU,
}
export const FILE_RATE: Column = {
  field: 'evt.buflen.file',
  title: 'FILE',
  width: 6,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes a second read from and written to files',
}
export const NET_RATE: Column = {
  field: 'evt.buflen.net',
  title: 'NET',
  width: 6,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes a second received and sent',
}
export const NET_IN_RATE: Column = {
  field: 'evt.buflen.net.in',
  title: 'BPS IN',
  width: 7,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes received a second',
}
export const NET_OUT_RATE: Column = {
  field: 'evt.buflen.net.out',
  title: 'BPS OUT',
  width: 8,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes sent a second',
}
/** What is done with files, those of a directory or one. */
export const OF_FILES: readonly Column[] = [
  { field: 'evt.buflen.file.in', title: 'BYTES IN', width: 9, agg: 'sum', unit: 'bytes', doc: 'bytes read' },
  { field: 'evt.buflen.file.out', title: 'BYTES OUT', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes written' },
  { field: 'evt.count.exit', title: 'OPS', width: 9, agg: 'sum', doc: 'calls' },
  { field: 'evt.count.open', title: 'OPENS', width: 8, agg: 'sum', doc: 'times it was opened' },
  { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
  CONTAINER,
]
const latency = { field: 'evt.latency', width: 8, unit: 'time' } as const
/** How long calls take: what most of them, the slowest and all together do, and how they spread. */
export const LATENCIES: readonly Column[] = [
  { field: 'evt.count', title: 'CALLS', width: 7, agg: 'sum', doc: 'calls whose time is known' },
  { field: 'evt.count.error', title: 'ERRORS', width: 7, agg: 'sum', yields: YIELDS.rare, doc: 'of them failed' },
  { ...latency, title: 'TOTAL', agg: 'sum', doc: 'time of all together' },
  { ...latency, title: 'P50', agg: 'p50', doc: 'what half of the calls stay below' },
  { ...latency, title: 'P90', agg: 'p90', yields: YIELDS.rare, doc: 'what 90 of 100 stay below' },
  { ...latency, title: 'P99', agg: 'p99', doc: 'what 99 of 100 stay below' },
  { ...latency, title: 'MAX', agg: 'max', doc: 'time of the longest' },
  {
    field: 'evt.latency',
    title: BARS_TITLE,
    agg: 'histogram',
    doc: 'how many took how long, from below 1 us on the left to above 4 s on the right, a factor of 4 to each bar',
  },
]
/** Failed calls, and what they were about. */
export const FAILED: readonly Column[] = [
  { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
  { field: 'evt.count.error.file', title: 'FILE', width: 7, agg: 'sum', doc: 'of them about files' },
  { field: 'evt.count.error.net', title: 'NET', width: 7, agg: 'sum', doc: 'about the network' },
  { field: 'evt.count.error.memory', title: 'MEMORY', width: 7, agg: 'sum', doc: 'about memory' },
  { field: 'evt.count.error.other', title: 'OTHER', width: 7, agg: 'sum', doc: 'about anything else' },
]
/** What the threads of a group use together: groups of rows that are threads. */
export const USED_BY_THREADS: readonly Column[] = [
  CPU_SHARE,
  {
    field: 'proc.pid',
    title: 'PROCS',
    width: 6,
    agg: 'last',
    groupAgg: 'distinct',
    unit: 'count',
    doc: 'processes',
  },
  {
    field: 'thread.tid',
    title: 'THREADS',
    width: 8,
    agg: 'last',
    groupAgg: 'distinct',
    unit: 'count',
    doc: 'threads',
  },
  { ...VIRT, groupAgg: 'sum' },
  { ...RES, groupAgg: 'sum' },
  { ...FILE_RATE, groupAgg: 'sum' },
  { ...NET_RATE, groupAgg: 'sum' },
]

/** How many pods there are, in views of threads that are grouped by something of pods. */
export const PODS: Column = {
  field: 'k8s.pod.id',
  title: 'PODS',
  width: 5,
  agg: 'last',
  groupAgg: 'distinct',
  unit: 'count',
  doc: 'pods with processes',
}
