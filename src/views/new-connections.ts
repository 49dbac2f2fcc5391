// Connections as servers accept them.
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'incoming_connections',
  name: 'New Connections',
  description: 'Each connection that a server accepts, as it comes.',
  appliesTo: [WHOLE_MACHINE, 'fd.name', 'fd.containername', ...WHO, ...PORTS],
  empty: 'No connection was accepted.',
  list: {
    filter: 'evt.type in (accept, accept4) and evt.dir=< and evt.failed=false',
    columns: [
      { field: 'evt.time', title: 'TIME', width: 19, doc: 'when it was accepted' },
      { field: 'fd.name', title: 'Connection', width: 46, doc: 'both ends' },
      { field: 'container.name', title: 'CONTAINER', width: 20, only: 'containers', doc: 'the container' },
      { field: 'fd.peer.name', title: 'PEER', width: 20, only: 'containers', doc: 'who connects' },
      { field: 'proc.exeline', title: 'Command', doc: 'the server' },
    ],
  },
})
