// http.*: HTTP/1 requests and responses in the data that processes exchange.
import { contentLength, type Message } from '../http/index.js'
import { decodedBy } from './decoded.js'
import type { FieldType, FieldValue } from './field.js'
import { type Asked, httpOf } from './http-watch.js'

/** A field of every event that moves a part of a message. */
const http = decodedBy(httpOf)

/** A field of what was asked for, in the events of the request and of its response. */
const asked = (doc: string, get: (asked: Asked) => string) => http('string', doc, (s) => s.asked && get(s.asked))

/** A field of the events with which a head ends, one for each message. */
const head = <T extends FieldValue>(type: FieldType, doc: string, get: (m: Message) => T | undefined) =>
  http(type, doc, ({ heads: [first] }) => first && get(first))

/** How many messages that are such have heads that end with the event. */
const count = (doc: string, is: (m: Message) => boolean) => http('uint64', doc, (s) => s.heads.filter(is).length)

const failed = (m: Message, from: number) => m.kind === 'response' && m.status >= from && m.status < from + 100

export const fields = {
  'http.kind': head(
    'string',
    'request or response, of the event with which its head ends: one for each message. HTTP/1 on sockets, without TLS.',
    (m) => m.kind,
  ),
  'http.side': http(
    'string',
    'client where the process asks, server where it is asked: of every event that moves a part of a message.',
    (s) => s.side,
  ),
  'http.method': asked('Method of the request: GET, POST ...; in the events of its response too.', (a) => a.method),
  'http.host': asked(
    'Host that is asked, with its port where it is written; where the request names none the address of the server.',
    (a) => a.host,
  ),
  'http.path': asked('Path that is asked for, without query; its first 1024 characters.', (a) => a.path),
  'http.url': asked('Host, path and query, as they are written.', (a) => a.url),
  'http.status': head('uint32', 'Status of a response, where its head ends: 200, 404 ...', (m) =>
    m.kind === 'response' ? m.status : undefined,
  ),
  'http.latency': http(
    'reltime',
    'Nanoseconds from request to response, where its head ends. Only where the filter lets the request come this far too.',
    (s) => s.latency,
  ),
  'http.length': head('uint64', 'Bytes of the body by its Content-Length, where the head ends.', contentLength),
  'http.bytes.request': http(
    'uint64',
    'Bytes of bodies of requests that the event moved; what is not seen of a head counts too.',
    (s) => s.bytes.request,
  ),
  'http.bytes.response': http(
    'uint64',
    'Bytes of bodies of responses that the event moved; what is not seen of a head counts too.',
    (s) => s.bytes.response,
  ),
  'http.count.request': count(
    'Requests whose head ends with the event; of several, other fields tell the first.',
    (m) => m.kind === 'request',
  ),
  'http.count.response': count(
    'Responses whose head ends with the event; of several, other fields tell the first.',
    (m) => m.kind === 'response',
  ),
  'http.count.error.client': count('Of these, errors of the client: status 400 to 499.', (m) => failed(m, 400)),
  'http.count.error.server': count('Of these, errors of the server: status 500 to 599.', (m) => failed(m, 500)),
}
