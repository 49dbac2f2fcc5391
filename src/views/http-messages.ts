// HTTP requests and responses, one row each.
import { CONTAINER, PID, TIME, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'http_messages',
  name: 'HTTP Messages',
  description:
    'Each HTTP/1 request and response, of clients and servers, at the time when its head (first line and headers) ends.',
  tips: [
    'Live, data are captured once this view is open, or earlier if data capture is on (B).',
    'TLS is encrypted and not visible; HTTP/2 and HTTP/3 are not decoded. A response without a captured request has no method, host or path.',
    'Enter opens the event with the query and, unless masked, its data.',
  ],
  example: 'http.status>=500',
  appliesTo: [WHOLE_MACHINE, 'http.path', ...WHO, ...PORTS, 'fd.name', 'fd.containername'],
  empty: 'No HTTP message was seen.',
  list: {
    filter: 'evt.is_io=true and fd.type in (ipv4, ipv6, unix) and http.kind exists',
    buffers: 1500,
    detail: true,
    columns: [
      { ...TIME, yields: YIELDS.rare },
      PID,
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, doc: 'client or server process' },
      CONTAINER,
      {
        field: 'http.side',
        title: 'SIDE',
        width: 6,
        yields: YIELDS.container,
        doc: 'side of the process: client or server',
      },
      { field: 'http.kind', title: 'MESSAGE', width: 8, doc: 'request or response' },
      { field: 'http.status', title: 'CODE', width: 4, doc: 'status of a response' },
      { field: 'http.latency', title: 'AFTER', width: 8, unit: 'time', doc: 'time from request to response' },
      {
        field: 'http.length',
        title: 'LENGTH',
        width: 6,
        unit: 'bytes',
        yields: YIELDS.container,
        doc: 'bytes of the body, if the head states it',
      },
      { field: 'http.method', title: 'METHOD', width: 7, fits: true, doc: 'method of the request' },
      { field: 'http.host', title: 'HOST', width: 24, fits: true, yields: YIELDS.rare, doc: 'host of the request' },
      { field: 'http.path', title: 'PATH', names: true, doc: 'path of the request, without query' },
    ],
  },
})
