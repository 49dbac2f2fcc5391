// Columns that several views share.
import { BARS_TITLE } from '../table/cell.js'
import type { Column } from '../table/types.js'

/**
 * Order in which columns are dropped on a narrow terminal: ids inside containers first, then pods, rarely used columns and
 * containers; the command goes last.
 */
export const YIELDS = { inside: 4, pod: 3, rare: 2, container: 1, command: -1 } as const

const number = { width: 7, fits: true } as const
export const PID: Column = { ...number, field: 'proc.pid', title: 'PID', doc: 'process id' }
export const PPID: Column = {
  ...number,
  field: 'proc.ppid',
  title: 'PPID',
  yields: YIELDS.rare,
  doc: 'process id of the parent',
}
export const TID: Column = { ...number, field: 'thread.tid', title: 'TID', doc: 'thread id' }
export const VPID: Column = {
  ...number,
  field: 'proc.vpid',
  title: 'VPID',
  only: 'containers',
  yields: YIELDS.inside,
  doc: 'process id inside the container',
}
export const VTID: Column = {
  ...number,
  field: 'thread.vtid',
  title: 'VTID',
  only: 'containers',
  yields: YIELDS.inside,
  doc: 'thread id inside the container',
}
export const USER: Column = {
  field: 'user.name',
  title: 'USER',
  width: 8,
  fits: true,
  doc: 'user that the process runs as',
}
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
  doc: 'container or host at the other end',
}
export const POD: Column = {
  field: 'k8s.pod.name',
  title: 'POD',
  width: 50,
  fits: true,
  only: 'pods',
  yields: YIELDS.pod,
  doc: 'the Kubernetes pod',
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
export const TIME: Column = { field: 'evt.time', title: 'TIME', width: 18, doc: 'time of the event' }
export const COMMAND: Column = {
  field: 'proc.exeline',
  title: 'Command',
  yields: YIELDS.command,
  doc: 'program and arguments',
}
export const PROC: Column = { field: 'proc.name', title: 'PROC', yields: YIELDS.command, doc: 'name of the process' }
/** CPU time divided by the time that the row covers. Threads that ended within it count with what they used. */
const CPU = { agg: 'rate', groupAgg: 'sum', unit: 'timepct', width: 6 } as const
export const CPU_SHARE: Column = { field: 'thread.cputime', title: 'CPU', doc: 'percent of one CPU', ...CPU }
export const CPU_USER: Column = { field: 'thread.cputime.user', title: 'USER', doc: 'of that, in user mode', ...CPU }
export const CPU_SYSTEM: Column = {
  field: 'thread.cputime.system',
  title: 'SYS',
  doc: 'of that, in kernel mode',
  ...CPU,
}
export const FILE_RATE: Column = {
  field: 'evt.buflen.file',
  title: 'FILE',
  width: 6,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes per second read from and written to files',
}
export const NET_RATE: Column = {
  field: 'evt.buflen.net',
  title: 'NET',
  width: 6,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes per second received and sent',
}
export const NET_IN_RATE: Column = {
  field: 'evt.buflen.net.in',
  title: 'BPS IN',
  width: 7,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes received per second',
}
export const NET_OUT_RATE: Column = {
  field: 'evt.buflen.net.out',
  title: 'BPS OUT',
  width: 8,
  agg: 'rate',
  unit: 'bytes',
  doc: 'bytes sent per second',
}
/** Operations on a file, or on the files of a directory. */
export const OF_FILES: readonly Column[] = [
  { field: 'evt.buflen.file.in', title: 'BYTES IN', width: 9, agg: 'sum', unit: 'bytes', doc: 'bytes read' },
  { field: 'evt.buflen.file.out', title: 'BYTES OUT', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes written' },
  { field: 'evt.count.exit', title: 'OPS', width: 9, agg: 'sum', doc: 'calls' },
  { field: 'evt.count.open', title: 'OPENS', width: 8, agg: 'sum', doc: 'number of opens' },
  { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
  CONTAINER,
]
const latency = { field: 'evt.latency', width: 8, unit: 'time' } as const
/** Latency of calls: total, percentiles, maximum and distribution. */
export const LATENCIES: readonly Column[] = [
  { field: 'evt.count', title: 'CALLS', width: 7, agg: 'sum', doc: 'calls with a known latency' },
  {
    field: 'evt.count.error',
    title: 'ERRORS',
    width: 7,
    agg: 'sum',
    yields: YIELDS.rare,
    doc: 'of these, failed calls',
  },
  { ...latency, title: 'TOTAL', agg: 'sum', doc: 'total time of all calls' },
  { ...latency, title: 'P50', agg: 'p50', doc: 'median: half of the calls were faster' },
  { ...latency, title: 'P90', agg: 'p90', yields: YIELDS.rare, doc: '90th percentile: 90 of 100 calls were faster' },
  { ...latency, title: 'P99', agg: 'p99', doc: '99th percentile: 99 of 100 calls were faster' },
  { ...latency, title: 'MAX', agg: 'max', doc: 'time of the longest call' },
  {
    field: 'evt.latency',
    title: BARS_TITLE,
    agg: 'histogram',
    doc: 'distribution of latencies, from below 1 us (left) to above 4 s (right); each bar covers a factor of 4',
  },
]
/** Failed calls, by what they operated on. */
export const FAILED: readonly Column[] = [
  { field: 'evt.count.error', title: 'ERRORS', width: 8, agg: 'sum', doc: 'failed calls' },
  { field: 'evt.count.error.file', title: 'FILE', width: 7, agg: 'sum', doc: 'of these, on files' },
  { field: 'evt.count.error.net', title: 'NET', width: 7, agg: 'sum', doc: 'on the network' },
  { field: 'evt.count.error.memory', title: 'MEMORY', width: 7, agg: 'sum', doc: 'on memory' },
  { field: 'evt.count.error.other', title: 'OTHER', width: 7, agg: 'sum', doc: 'on anything else' },
]
/** Total resource usage of a group's threads, for tables whose rows are groups of threads. */
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

/** Number of pods, for tables that group threads by a property of pods. */
export const PODS: Column = {
  field: 'k8s.pod.id',
  title: 'PODS',
  width: 5,
  agg: 'last',
  groupAgg: 'distinct',
  unit: 'count',
  doc: 'pods with processes',
}
