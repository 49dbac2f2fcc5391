// dns.*: DNS questions and answers in the data that processes exchange.
import { decodedBy } from './decoded.js'
import { dnsOf } from './dns-watch.js'

const dns = decodedBy(dnsOf)

export const fields = {
  'dns.question': dns(
    'string',
    'Name that is asked for, in questions and answers. Over UDP and TCP at port 53, and to systemd-resolved; not of encrypted DNS.',
    (s) => s.name,
  ),
  'dns.type': dns('string', 'Type of the question: A, AAAA, MX ...', (s) => s.type),
  'dns.response': dns('bool', 'True for an answer, false for a question.', (s) => s.answer !== undefined),
  'dns.client': dns('bool', 'True where the process asks, or is answered; false where it is asked.', (s) => s.client),
  'dns.server': dns('string', 'Address of the server; its port too where it is not 53.', (s) => s.server),
  'dns.code': dns('string', 'Response code of an answer: NOERROR, NXDOMAIN, SERVFAIL ...', (s) => s.answer?.code),
  'dns.answers': dns('string', 'What an answer says: addresses, names.', (s) =>
    s.answer?.answers.map((a) => a.data).join(', '),
  ),
  'dns.latency': dns(
    'reltime',
    'Nanoseconds from question to answer, of an answer. Only where the filter lets the question come this far too.',
    (s) => s.latency,
  ),
  'dns.count.question': dns('uint64', 'Questions of the event.', (s) => (s.answer === undefined ? s.messages : 0)),
  'dns.count.answer': dns('uint64', 'Answers of the event.', (s) => (s.answer === undefined ? 0 : s.messages)),
  'dns.count.error': dns('uint64', '1 for an answer that is an error.', (s) =>
    s.answer !== undefined && s.answer.code !== 'NOERROR' ? 1 : 0,
  ),
}
