// HTTP by what is asked for.
import { BARS_TITLE } from '../table/bars.js'
import { CONTAINER, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

const KEYS = ['http.path', 'http.method', 'http.host', 'http.side'] as const

export default defineView({
  id: 'http',
  name: 'HTTP',
  description:
    'What is asked for over HTTP/1, how often, with which errors, after which time, and how much that brings. Since the view was opened; of a file, all of it.',
  tips: [
    'What goes on within the machine has two rows: one of the client, one of the server.',
    'Live, data are captured from the moment this page is opened: 1500 bytes of a call. Where a longer head is cut, the server stands for a host that is missing, and all that follows counts as body (UP, DOWN).',
    'TLS is encrypted and not seen, HTTP/2 and HTTP/3 are not decoded. Responses whose request was not seen, as it came before the capture, do not count.',
    'Paths are without their query: http.url has it. At most 8192 connections are followed at a time.',
  ],
  example: 'http.side=server and fd.sport in (80, 8080)',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...PORTS, 'fd.name', 'fd.containername'],
  drillTo: 'http_messages',
  empty: 'No HTTP request was seen.',
  sums: true,
  buffers: 1500,
  table: {
    keys: KEYS,
    containerKeys: [...KEYS, 'container.id'],
    filter: 'evt.is_io=true and fd.type in (ipv4, ipv6, unix) and http.method exists',
    sort: { column: 0 },
    columns: [
      { field: 'http.count.request', title: 'ASKED', width: 6, agg: 'sum', doc: 'requests' },
      {
        field: 'http.count.response',
        title: 'ANSWERED',
        width: 8,
        agg: 'sum',
        yields: YIELDS.rare,
        doc: 'responses',
      },
      { field: 'http.count.error.client', title: '4XX', width: 4, agg: 'sum', doc: 'of them errors of the client' },
      { field: 'http.count.error.server', title: '5XX', width: 4, agg: 'sum', doc: 'of them errors of the server' },
      { field: 'http.latency', title: 'P50', width: 8, agg: 'p50', unit: 'time', doc: 'time to half of the responses' },
      { field: 'http.latency', title: 'P99', width: 8, agg: 'p99', unit: 'time', doc: 'time to 99 of 100 responses' },
      {
        field: 'http.latency',
        title: BARS_TITLE,
        agg: 'histogram',
        yields: YIELDS.inside,
        doc: 'how long responses took',
      },
      {
        field: 'http.bytes.request',
        title: 'UP',
        width: 6,
        agg: 'sum',
        unit: 'bytes',
        yields: YIELDS.rare,
        doc: 'bytes of bodies of requests',
      },
      { field: 'http.bytes.response', title: 'DOWN', width: 6, agg: 'sum', unit: 'bytes', doc: 'of responses' },
      CONTAINER,
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, yields: YIELDS.rare, doc: 'whose request was last' },
      { field: 'http.side', title: 'SIDE', width: 6, doc: 'who that is: client or server' },
      { field: 'http.method', title: 'METHOD', width: 7, fits: true, doc: 'method of the request' },
      { field: 'http.host', title: 'HOST', width: 24, fits: true, yields: YIELDS.container, doc: 'host that is asked' },
      { field: 'http.path', title: 'PATH', doc: 'what is asked for' },
    ],
  },
})
