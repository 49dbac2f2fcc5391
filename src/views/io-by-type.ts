// I/O by type of descriptor: files, sockets, pipes and others.
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

const rate = { width: 8, agg: 'rate', unit: 'bytes' } as const

export default defineView({
  id: 'io_by_type',
  name: 'I/O by Type',
  description: 'Bytes read and written, by type of descriptor: files, sockets, pipes and others.',
  tips: ['Enter lists the processes.'],
  example: 'proc.name=rsync',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', ...WHO, ...PORTS],
  drillTo: 'procs',
  empty: 'Nothing was read or written.',
  table: {
    keys: ['fd.type'],
    filter: 'evt.is_io=true and fd.type exists',
    sort: { column: 2 },
    columns: [
      { ...rate, field: 'evt.buflen.in', title: 'BPS IN', doc: 'bytes read per second' },
      { ...rate, field: 'evt.buflen.out', title: 'BPS OUT', doc: 'bytes written per second' },
      { field: 'evt.count', title: 'IOPS', width: 9, agg: 'rate', doc: 'calls per second' },
      { field: 'evt.latency', title: 'TIME', width: 9, agg: 'sum', doc: 'time spent in these calls' },
      { field: 'fd.type', title: 'TYPE', doc: 'type of descriptor' },
    ],
  },
})
