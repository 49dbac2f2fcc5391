// Network connections by bytes.
import { COMMAND, CONTAINER, NET_IN_RATE, NET_OUT_RATE, PEER, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'connections',
  name: 'Connections',
  description: 'Network connections and the bytes that they carry. One row is one connection, seen from its local end.',
  tips: [
    'A connection is listed once something is sent or received on it; idle ones are not.',
    'NAME is known if the DNS answer was captured: after ksys started; from a file, if it has enough data (-s 1500).',
  ],
  example: 'fd.rport=443 and proc.name=curl',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', ...WHO, ...PORTS],
  drillTo: 'incoming_connections',
  empty: 'No data went over any network connection.',
  table: {
    keys: ['fd.name'],
    containerKeys: ['fd.containername'],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and fd.name!="" and fd.rip exists',
    sort: { column: 6 },
    columns: [
      { field: 'fd.l4proto', title: 'L4PROTO', width: 8, yields: YIELDS.rare, doc: 'tcp, udp ...' },
      { field: 'fd.lip', title: 'LIP', width: 39, fits: true, names: true, yields: YIELDS.rare, doc: 'local address' },
      { field: 'fd.lport', title: 'LPORT', width: 6, names: true, doc: 'local port' },
      { field: 'fd.rip', title: 'RIP', width: 39, fits: true, names: true, doc: 'remote address' },
      { field: 'fd.rport', title: 'RPORT', width: 6, names: true, doc: 'remote port' },
      {
        field: 'fd.dns.name',
        title: 'NAME',
        width: 40,
        fits: true,
        yields: YIELDS.rare,
        doc: 'name that was looked up for the remote address',
      },
      NET_IN_RATE,
      NET_OUT_RATE,
      { field: 'evt.count', title: 'IOPS', width: 7, agg: 'rate', doc: 'calls per second' },
      {
        field: 'fd.connect_error',
        title: 'FAILED',
        width: 12,
        fits: true,
        yields: YIELDS.rare,
        doc: 'error if connecting failed',
      },
      CONTAINER,
      PEER,
      { ...COMMAND, doc: 'program and arguments of this end' },
    ],
  },
})
