// Columns that several views have.
import type { Column } from '../table/types.js'

export const CONTAINER: Column = {
  field: 'container.name',
  title: 'CONTAINER',
  width: 14,
  only: 'containers',
  doc: 'the container it runs in',
}
export const POD: Column = {
  field: 'k8s.pod.name',
  title: 'POD',
  width: 24,
  only: 'pods',
  doc: 'the pod it belongs to',
}
export const COMMAND: Column = { field: 'proc.exeline', title: 'Command', doc: 'program and arguments' }
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
  { field: 'evt.buflen.file.in', title: 'BYTES IN', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes read' },
  { field: 'evt.buflen.file.out', title: 'BYTES OUT', width: 10, agg: 'sum', unit: 'bytes', doc: 'bytes written' },
  { field: 'evt.count.exit', title: 'OPS', width: 9, agg: 'sum', doc: 'calls' },
  { field: 'evt.count.open', title: 'OPENS', width: 9, agg: 'sum', doc: 'times it was opened' },
  { field: 'evt.count.error', title: 'ERRORS', width: 9, agg: 'sum', doc: 'failed calls' },
  { field: 'container.name', title: 'CONTAINER', width: 20, only: 'containers', doc: 'the container' },
]
