// DNS questions and answers, one by one.
import { CONTAINER, PID, TIME, YIELDS } from './columns.js'
import { defineView, PORTS, WHO, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'dns_messages',
  name: 'DNS Messages',
  description: 'Each DNS question and answer, of who asks and who is asked.',
  tips: [
    'Live, data are captured from the moment this page is opened, and before it where buffers are armed (B).',
    'DNS over TLS or HTTPS is encrypted and not seen; nor what a program knew already.',
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
      { field: 'proc.name', title: 'PROC', width: 12, fits: true, doc: 'who asks or answers' },
      CONTAINER,
      { field: 'dns.server', title: 'SERVER', width: 20, fits: true, yields: YIELDS.rare, doc: 'the server' },
      { field: 'dns.type', title: 'TYPE', width: 6, fits: true, doc: 'type of the question' },
      { field: 'dns.question', title: 'NAME', width: 24, names: true, doc: 'what is asked for' },
      { field: 'dns.latency', title: 'AFTER', width: 8, unit: 'time', doc: 'time from question to answer' },
      { field: 'dns.code', title: 'CODE', width: 9, fits: true, doc: 'response code of an answer' },
      { field: 'dns.answers', title: 'ANSWER', yields: YIELDS.command, doc: 'what it says' },
    ],
  },
})
