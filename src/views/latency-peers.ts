// Latency of network calls by remote address and service.
import { LATENCIES, PEER } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'latency_peers',
  name: 'Latency of Peers',
  description:
    'Latency of connects, reads and writes for each remote address and service. Those with the highest total time come first.',
  tips: [
    'The time is that of system calls, not of a round trip: a read waits until the peer sends something.',
    'For a server, a row is a client address, regardless of the client port; SERVICE is the port of the server.',
  ],
  example: 'fd.sport=5432',
  appliesTo: [WHOLE_MACHINE, 'evt.type', 'evt.res', ...WHO, ...PORTS],
  drillTo: 'latency',
  empty: 'Nothing was sent or received over the network.',
  table: {
    keys: ['fd.rip', 'fd.sport'],
    filter: 'fd.type in (ipv4, ipv6) and evt.latency>0 and evt.failed=false and (evt.is_io=true or evt.type=connect)',
    sort: { column: 1 },
    columns: [
      ...LATENCIES.filter((c) => c.field !== 'evt.count.error'),
      { field: 'fd.sport', title: 'SERVICE', width: 7, names: true, doc: 'port of the server' },
      { ...PEER, yields: 3 },
      { field: 'fd.rip', title: 'REMOTE ADDRESS', names: true, doc: 'the other end' },
    ],
  },
})
