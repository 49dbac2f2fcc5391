// Connections that servers accept.
import { COMMAND, CONTAINER, PEER, TIME } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'incoming_connections',
  name: 'New Connections',
  description: 'Each connection that a server accepts, in order of time.',
  example: 'fd.sport=22',
  appliesTo: [WHOLE_MACHINE, 'fd.name', 'fd.containername', ...WHO, ...PORTS],
  empty: 'No connection was accepted.',
  list: {
    filter: 'evt.type in (accept, accept4) and evt.dir=< and evt.failed=false',
    columns: [
      { ...TIME, doc: 'when it was accepted' },
      { field: 'fd.name', title: 'Connection', width: 46, fits: true, names: true, doc: 'both ends' },
      CONTAINER,
      { ...PEER, doc: 'container or host of the client' },
      { ...COMMAND, doc: 'the server' },
    ],
  },
})
