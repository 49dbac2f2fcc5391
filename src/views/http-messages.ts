// HTTP requests and responses, one by one.
import { CONTAINER, PID, TIME, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'http_messages',
  name: 'HTTP Messages',
  description:
    'Each HTTP/1 request and response, of who asks and who is asked, when its head (first line and headers) ends.',
  tips: [
    'Live, data are captured from the moment this page is opened, and before it where buffers are armed (B).',
    'TLS is encrypted and not seen, HTTP/2 and HTTP/3 are not decoded. A response whose request was not seen has no method, host and path.',
    'Enter shows the event with the query and, unless they are masked, its data.',
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
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, doc: 'who asks or answers' },
      CONTAINER,
      { field: 'http.side', title: 'SIDE', width: 6, yields: YIELDS.container, doc: 'which of both: client or server' },
      { field: 'http.kind', title: 'MESSAGE', width: 8, doc: 'request or response' },
      { field: 'http.status', title: 'CODE', width: 4, doc: 'status of a response' },
      { field: 'http.latency', title: 'AFTER', width: 8, unit: 'time', doc: 'time from request to response' },
      {
        field: 'http.length',
        title: 'LENGTH',
        width: 6,
        unit: 'bytes',
        yields: YIELDS.container,
        doc: 'bytes of the body, where the head tells',
      },
      { field: 'http.method', title: 'METHOD', width: 7, fits: true, doc: 'method of the request' },
      { field: 'http.host', title: 'HOST', width: 24, fits: true, yields: YIELDS.rare, doc: 'host that is asked' },
      { field: 'http.path', title: 'PATH', names: true, doc: 'what is asked for, without query' },
    ],
  },
})
