// Server ports by bytes.
import { NET_IN_RATE, NET_OUT_RATE, YIELDS } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'sports',
  name: 'Server Ports',
  description:
    'Bytes of each service that this machine provides or uses: connections summed by the port of the server.',
  example: 'proc.name in (nginx, haproxy)',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', ...WHO],
  drillTo: 'connections',
  empty: 'No data went over any network connection.',
  table: {
    keys: ['fd.sport'],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and fd.name!=""',
    sort: { column: 1 },
    columns: [
      { field: 'fd.sport', title: 'SPORT', width: 8, names: true, doc: "the server's port" },
      NET_IN_RATE,
      NET_OUT_RATE,
      { field: 'evt.count', title: 'IO CALLS', width: 12, agg: 'sum', doc: 'calls' },
      {
        field: 'fd.sproc',
        title: 'SERVER',
        width: 16,
        fits: true,
        names: true,
        doc: 'server process, if it runs on this machine',
      },
      {
        field: 'fd.cproc',
        title: 'CLIENT',
        yields: YIELDS.command,
        doc: 'last client process, if it runs on this machine',
      },
    ],
  },
})
