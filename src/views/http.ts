// HTTP by path, method and host.
import { BARS_TITLE } from '../table/cell.js'
import { CONTAINER, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

const KEYS = ['http.path', 'http.method', 'http.host', 'http.side'] as const

export default defineView({
  id: 'http',
  name: 'HTTP',
  description:
    'HTTP/1 requests: count, errors, latency and bytes, since the view was opened; with a file, over the whole file.',
  tips: [
    'A request within the machine has two rows: one of the client, one of the server.',
    'Live, data are captured once this view is open: 1500 bytes of each call. If a longer head is cut, the server replaces a missing host, and everything that follows counts as body (UP, DOWN).',
    'TLS is encrypted and not visible; HTTP/2 and HTTP/3 are not decoded. Responses to requests from before the capture do not count.',
    'Paths do not include the query; http.url does. At most 8192 connections are tracked at a time.',
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
      { field: 'http.count.error.client', title: '4XX', width: 4, agg: 'sum', doc: 'of these, client errors' },
      { field: 'http.count.error.server', title: '5XX', width: 4, agg: 'sum', doc: 'of these, server errors' },
      { field: 'http.latency', title: 'P50', width: 8, agg: 'p50', unit: 'time', doc: 'median time to the response' },
      {
        field: 'http.latency',
        title: 'P99',
        width: 8,
        agg: 'p99',
        unit: 'time',
        doc: '99th percentile of the time to the response',
      },
      {
        field: 'http.latency',
        title: BARS_TITLE,
        agg: 'histogram',
        yields: YIELDS.inside,
        doc: 'distribution of the time to the response',
      },
      {
        field: 'http.bytes.request',
        title: 'UP',
        width: 6,
        agg: 'sum',
        unit: 'bytes',
        yields: YIELDS.rare,
        doc: 'bytes of request bodies',
      },
      {
        field: 'http.bytes.response',
        title: 'DOWN',
        width: 6,
        agg: 'sum',
        unit: 'bytes',
        doc: 'bytes of response bodies',
      },
      CONTAINER,
      {
        field: 'proc.name',
        title: 'PROC',
        width: 12,
        fits: true,
        yields: YIELDS.rare,
        doc: 'process of the last request',
      },
      { field: 'http.side', title: 'SIDE', width: 6, doc: 'side of the process: client or server' },
      { field: 'http.method', title: 'METHOD', width: 7, fits: true, doc: 'method of the request' },
      {
        field: 'http.host',
        title: 'HOST',
        width: 24,
        fits: true,
        yields: YIELDS.container,
        doc: 'host of the request',
      },
      { field: 'http.path', title: 'PATH', doc: 'path of the request' },
    ],
  },
})
