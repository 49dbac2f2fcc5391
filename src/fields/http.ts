// http.*: HTTP/1 requests and responses in the data that processes exchange.
import { contentLength, type Message } from '../http/index.js'
import { decodedBy } from './decoded.js'
import type { FieldType, FieldValue } from './field.js'
import { type HttpTarget, httpOf } from './http-decoder.js'

/** A field of every event that moves a part of a message. */
const http = decodedBy(httpOf)

/** A field of the request's target, for events of the request and of its response. */
const target = (doc: string, get: (request: HttpTarget) => string) =>
  http('string', doc, (s) => s.target && get(s.target))

/** A field of events with which a head ends, one per message. */
const head = <T extends FieldValue>(type: FieldType, doc: string, get: (m: Message) => T | undefined) =>
  http(type, doc, ({ heads: [first] }) => first && get(first))

/** Number of matching messages whose heads end with the event. */
const count = (doc: string, is: (m: Message) => boolean) => http('uint64', doc, (s) => s.heads.filter(is).length)

const failed = (m: Message, from: number) => m.kind === 'response' && m.status >= from && m.status < from + 100

export const fields = {
  'http.kind': head(
    'string',
    'request or response, for the event with which its head ends: one per message. HTTP/1 on sockets, without TLS.',
    (m) => m.kind,
  ),
  'http.side': http(
    'string',
    'Side of the process in the exchange: client or server. For every event that moves a part of a message.',
    (s) => s.side,
  ),
  'http.method': target('Method of the request: GET, POST ...; in the events of its response too.', (a) => a.method),
  'http.host': target(
    'Host of the request, with its port if given; if the request names none, the address of the server.',
    (a) => a.host,
  ),
  'http.path': target('Path of the request, without query; its first 1024 characters.', (a) => a.path),
  'http.url': target('Host, path and query, as the request gives them.', (a) => a.url),
  'http.status': head('uint32', 'Status of a response, for the event with which its head ends: 200, 404 ...', (m) =>
    m.kind === 'response' ? m.status : undefined,
  ),
  'http.latency': http(
    'reltime',
    'Nanoseconds from request to response, for the event with which its head ends. The filter must pass the request too.',
    (s) => s.latency,
  ),
  'http.length': head(
    'uint64',
    'Bytes of the body by its Content-Length, for the event with which the head ends.',
    contentLength,
  ),
  'http.bytes.request': http(
    'uint64',
    'Bytes of request bodies that the event moved; missing parts of a head count too.',
    (s) => s.bytes.request,
  ),
  'http.bytes.response': http(
    'uint64',
    'Bytes of response bodies that the event moved; missing parts of a head count too.',
    (s) => s.bytes.response,
  ),
  'http.count.request': count(
    'Requests whose head ends with the event; if several, other fields show the first.',
    (m) => m.kind === 'request',
  ),
  'http.count.response': count(
    'Responses whose head ends with the event; if several, other fields show the first.',
    (m) => m.kind === 'response',
  ),
  'http.count.error.client': count('Client errors among these: status 400 to 499.', (m) => failed(m, 400)),
  'http.count.error.server': count('Server errors among these: status 500 to 599.', (m) => failed(m, 500)),
}
