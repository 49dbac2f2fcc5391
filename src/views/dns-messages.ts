// DNS questions and answers, one row each.
import { CONTAINER, PID, TIME, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'dns_messages',
  name: 'DNS Messages',
  description: 'Each DNS question and answer, of clients and servers.',
  tips: [
    'Live, data are captured once this view is open, or earlier if data capture is on (B).',
    'DNS over TLS or HTTPS is encrypted and not visible; neither are names that a program has cached.',
  ],
  example: 'dns.code=NXDOMAIN',
  appliesTo: [WHOLE_MACHINE, 'dns.question', ...WHO, ...PORTS],
  empty: 'No DNS message was seen.',
  list: {
    filter: 'dns.question exists',
    buffers: 1500,
    detail: true,
    columns: [
      { ...TIME, yields: YIELDS.rare },
      PID,
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, doc: 'client or server process' },
      CONTAINER,
      {
        field: 'dns.server',
        title: 'SERVER',
        width: 20,
        fits: true,
        yields: YIELDS.rare,
        doc: 'address of the server',
      },
      { field: 'dns.type', title: 'TYPE', width: 6, fits: true, doc: 'type of the question' },
      { field: 'dns.question', title: 'NAME', width: 24, names: true, doc: 'name in the question' },
      { field: 'dns.latency', title: 'AFTER', width: 8, unit: 'time', doc: 'time from question to answer' },
      { field: 'dns.code', title: 'CODE', width: 9, fits: true, doc: 'response code of an answer' },
      { field: 'dns.answers', title: 'ANSWER', yields: YIELDS.command, doc: 'records of the answer' },
    ],
  },
})
