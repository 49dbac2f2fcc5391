// dns.*: DNS queries and responses in the data that processes exchange.
import { decodedBy } from './decoded.js'
import { dnsOf } from './dns-decoder.js'

const dns = decodedBy(dnsOf)

export const fields = {
  'dns.question': dns(
    'string',
    'Queried name, in questions and answers. UDP and TCP on port 53, and systemd-resolved; not encrypted DNS.',
    (s) => s.name,
  ),
  'dns.type': dns('string', 'Type of the question: A, AAAA, MX ...', (s) => s.type),
  'dns.response': dns('bool', 'True for an answer, false for a question.', (s) => s.answer !== undefined),
  'dns.client': dns(
    'bool',
    'True if the process is the client (it sends the question), false if it is the server.',
    (s) => s.client,
  ),
  'dns.server': dns('string', 'Address of the server, with its port unless it is 53.', (s) => s.server),
  'dns.code': dns('string', 'Response code of an answer: NOERROR, NXDOMAIN, SERVFAIL ...', (s) => s.answer?.code),
  'dns.answers': dns('string', 'Contents of an answer: addresses, names.', (s) =>
    s.answer?.answers.map((a) => a.data).join(', '),
  ),
  'dns.latency': dns(
    'reltime',
    'Nanoseconds from question to answer, for an answer. The filter must pass the question too.',
    (s) => s.latency,
  ),
  'dns.count.question': dns('uint64', 'Questions of the event.', (s) => (s.answer === undefined ? s.messages : 0)),
  'dns.count.answer': dns('uint64', 'Answers of the event.', (s) => (s.answer === undefined ? 0 : s.messages)),
  'dns.count.error': dns('uint64', '1 for an answer that is an error.', (s) =>
    s.answer !== undefined && s.answer.code !== 'NOERROR' ? 1 : 0,
  ),
}
