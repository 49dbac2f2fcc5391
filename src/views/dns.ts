// DNS by the name that is asked for.

import { BARS_TITLE } from '../table/bars.js'
import { CONTAINER, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'dns',
  name: 'DNS',
  description:
    'Names that are asked for, how often, what is answered, and after which time. Since the view was opened; of a file, all of it.',
  tips: [
    'Live, data are captured from the moment this page is opened: 1500 bytes of a call, of which answers in long messages may be cut.',
    'DNS over TLS or HTTPS is encrypted and not seen; nor what a program knew already.',
    'More questions than answers are questions that were asked again, or never answered.',
    'A resolver that forwards asks too: its questions count beside those of programs.',
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
      { field: 'dns.count.error', title: 'FAILED', width: 6, agg: 'sum', doc: 'of them errors' },
      {
        field: 'dns.code',
        title: 'LAST',
        width: 8,
        fits: true,
        yields: YIELDS.rare,
        doc: 'response code of the last answer',
      },
      { field: 'dns.latency', title: 'P50', width: 8, agg: 'p50', unit: 'time', doc: 'time to half of the answers' },
      { field: 'dns.latency', title: 'P99', width: 8, agg: 'p99', unit: 'time', doc: 'time to 99 of 100 answers' },
      {
        field: 'dns.latency',
        title: BARS_TITLE,
        agg: 'histogram',
        yields: YIELDS.container,
        doc: 'how long answers took',
      },
      CONTAINER,
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, yields: YIELDS.container, doc: 'who asked last' },
      { field: 'dns.server', title: 'SERVER', width: 20, fits: true, yields: YIELDS.rare, doc: 'whom it asked' },
      { field: 'dns.question', title: 'NAME', doc: 'what was asked for' },
    ],
  },
})
