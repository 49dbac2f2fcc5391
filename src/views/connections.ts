// Network connections by the bytes they carry.
import { NET_IN_RATE, NET_OUT_RATE } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'connections',
  name: 'Connections',
  description: 'Network connections and what goes over them. One row is one connection, from its local end.',
  tips: ['Connections appear when something is sent or received on them; a quiet one is not listed.'],
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', ...WHO, ...PORTS],
  drillTo: 'incoming_connections',
  empty: 'No data went over any network connection.',
  table: {
    keys: ['fd.name'],
    containerKeys: ['fd.containername'],
    filter: '(fd.type=ipv4 or fd.type=ipv6) and fd.name!=""',
    sort: { column: 5 },
    columns: [
      { field: 'fd.l4proto', title: 'L4PROTO', width: 8, doc: 'tcp, udp ...' },
      { field: 'fd.lip', title: 'LIP', width: 15, doc: 'local address' },
      { field: 'fd.lport', title: 'LPORT', width: 6, doc: 'local port' },
      { field: 'fd.rip', title: 'RIP', width: 15, doc: 'remote address' },
      { field: 'fd.rport', title: 'RPORT', width: 6, doc: 'remote port' },
      NET_IN_RATE,
      NET_OUT_RATE,
      { field: 'evt.count', title: 'IOPS', width: 7, agg: 'rate', doc: 'calls a second' },
      { field: 'container.name', title: 'CONTAINER', width: 20, only: 'containers', doc: 'the container' },
      { field: 'fd.peer.name', title: 'PEER', width: 20, only: 'containers', doc: 'who is at the other end' },
      { field: 'proc.exeline', title: 'Command', doc: 'program and arguments of this end' },
    ],
  },
})
