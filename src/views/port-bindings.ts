// Ports that programs bind and release.
import { COMMAND, CONTAINER, TIME } from './columns.js'
import { defineView, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'port_bindings',
  name: 'Port Bindings',
  description: 'Each address that a program binds a socket to, listens on, or releases by closing the socket.',
  tips: ['The filter evt.res=EADDRINUSE shows only programs whose port was in use.'],
  example: 'fd.sport<1024',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'evt.type', 'fd.sport', 'fd.l4proto', ...WHO],
  empty: 'No socket was bound.',
  list: {
    filter:
      '(evt.type in (bind, listen) or (evt.type=close and fd.sport exists and not fd.rport exists)) ' +
      'and fd.type in (ipv4, ipv6)',
    columns: [
      TIME,
      { field: 'evt.type', title: 'CALL', width: 6, doc: 'bind, listen or close' },
      { field: 'evt.res', title: 'RES', width: 14, fits: true, doc: 'SUCCESS or the error' },
      { field: 'fd.l4proto', title: 'PROTO', width: 5, doc: 'tcp or udp' },
      { field: 'fd.name', title: 'ADDRESS', width: 40, fits: true, names: true, doc: 'address and port' },
      CONTAINER,
      COMMAND,
    ],
  },
})
