// Input and output by what it goes to: files, sockets, pipes and others.
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

const rate = { width: 8, agg: 'rate', unit: 'bytes' } as const

export default defineView({
  id: 'io_by_type',
  name: 'I/O by Type',
  description:
    'What is read and written, by the kind of what it is read from and written to: files, sockets, pipes and others.',
  tips: ['Enter tells which processes do it.'],
  example: 'proc.name=rsync',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', ...WHO, ...PORTS],
  drillTo: 'procs',
  empty: 'Nothing was read or written.',
  table: {
    keys: ['fd.type'],
    filter: 'evt.is_io=true and fd.type exists',
    sort: { column: 2 },
    columns: [
      { ...rate, field: 'evt.buflen.in', title: 'BPS IN', doc: 'bytes read a second' },
      { ...rate, field: 'evt.buflen.out', title: 'BPS OUT', doc: 'bytes written a second' },
      { field: 'evt.count', title: 'IOPS', width: 9, agg: 'rate', doc: 'calls a second' },
      { field: 'evt.latency', title: 'TIME', width: 9, agg: 'sum', doc: 'spent in these calls' },
      { field: 'fd.type', title: 'TYPE', doc: 'kind of descriptor' },
    ],
  },
})
