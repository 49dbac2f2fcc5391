// DNS by name.
import { BARS_TITLE } from '../table/cell.js'
import { CONTAINER, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'dns',
  name: 'DNS',
  description:
    'DNS names: number of questions and answers, errors and latency, since the view was opened; with a file, over the whole file.',
  tips: [
    'Live, data are captured once this view is open: 1500 bytes of each call, so answers in longer messages may be cut.',
    'DNS over TLS or HTTPS is encrypted and not visible; neither are names that a program has cached.',
    'If there are more questions than answers, questions were repeated or never answered.',
    'A forwarding resolver is a client too: its questions count in addition to those of programs.',
  ],
  example: 'proc.name=curl',
  appliesTo: [WHOLE_MACHINE, ...WHO, ...PORTS],
  drillTo: 'dns_messages',
  empty: 'No DNS question was seen.',
  sums: true,
  buffers: 1500,
  table: {
    keys: ['dns.question'],
    filter: 'dns.client=true',
    sort: { column: 0 },
    columns: [
      { field: 'dns.count.question', title: 'ASKED', width: 6, agg: 'sum', doc: 'questions' },
      { field: 'dns.count.answer', title: 'ANSWERED', width: 8, agg: 'sum', doc: 'answers' },
      { field: 'dns.count.error', title: 'FAILED', width: 6, agg: 'sum', doc: 'of these, errors' },
      {
        field: 'dns.code',
        title: 'LAST',
        width: 8,
        fits: true,
        yields: YIELDS.rare,
        doc: 'response code of the last answer',
      },
      { field: 'dns.latency', title: 'P50', width: 8, agg: 'p50', unit: 'time', doc: 'median time to the answer' },
      {
        field: 'dns.latency',
        title: 'P99',
        width: 8,
        agg: 'p99',
        unit: 'time',
        doc: '99th percentile of the time to the answer',
      },
      {
        field: 'dns.latency',
        title: BARS_TITLE,
        agg: 'histogram',
        yields: YIELDS.container,
        doc: 'distribution of the time to the answer',
      },
      CONTAINER,
      {
        field: 'proc.name',
        title: 'PROC',
        width: 12,
        fits: true,
        yields: YIELDS.container,
        doc: 'client of the last question',
      },
      {
        field: 'dns.server',
        title: 'SERVER',
        width: 20,
        fits: true,
        yields: YIELDS.rare,
        doc: 'address of the server',
      },
      { field: 'dns.question', title: 'NAME', doc: 'name in the question' },
    ],
  },
})
