// Length of servers' accept queues at each accept.
import { PID, PROC } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'backlog',
  name: 'Accept Queues',
  description:
    'Connections waiting to be accepted by each server, measured at each accept. If a queue is full, clients wait or fail.',
  example: 'fd.sport=443',
  appliesTo: [WHOLE_MACHINE, 'proc.pid', 'proc.name', 'fd.sport', 'fd.sproto'],
  drillTo: 'connections',
  empty: 'No server accepted a connection.',
  table: {
    keys: ['fd.sport'],
    filter: 'evt.type in (accept, accept4)',
    sort: { column: 2 },
    columns: [
      PID,
      { field: 'fd.sport', title: 'PORT', width: 8, fits: true, names: true, doc: 'port of the server' },
      { field: 'evt.rawarg.queuelen', title: 'BACKLOG', width: 8, agg: 'avg', doc: 'connections waiting' },
      {
        field: 'evt.rawarg.queuepct',
        title: 'BACKLOG_PCT',
        width: 12,
        agg: 'avg',
        unit: 'percent',
        doc: 'percent of the queue in use',
      },
      { field: 'evt.rawarg.queuemax', title: 'BACKLOG_MAX', width: 12, doc: 'capacity of the queue' },
      { field: 'evt.count', title: 'ACCEPTS/S', width: 10, agg: 'rate', doc: 'connections accepted per second' },
      { ...PROC, doc: 'the server' },
    ],
  },
})
