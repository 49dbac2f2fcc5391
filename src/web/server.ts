// The web server beside a run: health, versions, metrics. It answers GET only, reads no request bodies, and does not wait for slow clients.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { CONTENT_TYPES, exposition, formatFor } from '../metrics/exposition.js'
import type { Metric } from '../metrics/metric.js'
import { reason, systemCode } from '../source/reason.js'
import { bearerMatches } from './bearer.js'
import { type ConnectionLimits, Connections } from './connections.js'
import { WebError } from './web-error.js'

const compressed = promisify(gzip)

/** The content to serve. */
export interface Sources {
  /** why the run is unhealthy, as a clause; undefined: it is healthy */
  readonly ailing: () => string | undefined
  /** versions by component */
  readonly versions: () => Readonly<Record<string, string>>
  /** undefined: there is no /metrics */
  readonly metrics?: (() => readonly Metric[]) | undefined
}

export interface ServeOptions {
  /** undefined: reachable from this machine only */
  readonly address?: string | undefined
  /** 0: any free port */
  readonly port: number
  /** path of the health check; undefined: /healthz */
  readonly healthz?: string | undefined
  /** the server's certificate and key, in PEM; undefined: plain http */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined
  /** token required for everything but the health check (Authorization: Bearer TOKEN); undefined: none */
  readonly token?: string | undefined
  readonly sources: Sources
  /** undefined: defaults for a server beside a run */
  readonly limits?: ConnectionLimits | undefined
}

interface Serving {
  readonly address: string
  readonly port: number
  /** Stops the server and closes all connections. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
/** ms for a request, and until an idle connection is closed */
const PATIENCE = 5000
/** a client's request arrives within the grace period, unless it is part of an attack, or slow during one */
const CONNECTIONS: ConnectionLimits = { idle: 64, busy: 64, all: 512, grace: 2000 }
/** connections that the kernel queues until they are accepted; beyond, a client retries after a second */
const BACKLOG = 4096
const MOST_HEADER_BYTES = 8192
/** length in characters from which on a response is compressed if the client accepts that */
const LONG = 4096
const JSON_TYPE = 'application/json'

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

type Handler = (request: IncomingMessage) => Answer

/** Starts the server. Rejects with WebError if it cannot listen. */
export async function serve({
  address = LOOPBACK,
  port,
  healthz = '/healthz',
  tls,
  token,
  sources,
  limits = CONNECTIONS,
}: ServeOptions): Promise<Serving> {
  const guarded =
    (answer: Handler): Handler =>
    (request) =>
      bearerMatches(request.headers.authorization, token) ? answer(request) : UNAUTHORIZED
  const answers = new Map<string, Handler>([
    [healthz, () => health(sources.ailing())],
    ['/versions', guarded(() => ({ status: 200, type: JSON_TYPE, body: JSON.stringify(sources.versions()) }))],
  ])
  const { metrics } = sources
  if (metrics !== undefined) answers.set('/metrics', guarded(metricsAnswer(metrics)))
  const bounds = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: PATIENCE, requestTimeout: PATIENCE }
  const options = { ...bounds, keepAliveTimeout: PATIENCE, connectionsCheckingInterval: 1000 }
  const connections = new Connections(limits)
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const answered = await connections.begin(request.socket, pathOf(request) === healthz)
    if (answered !== undefined) response.once('close', answered)
    await respond(request, response, answered === undefined ? FULL : answerTo(request, answers))
  }
  const listener: RequestListener = (request, response) => void handle(request, response)
  const server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer({ ...options, ...tls, handshakeTimeout: PATIENCE }, listener)
  server.on('connection', (socket) => connections.admit(socket))
  // closes connections whose client does not read the response
  server.setTimeout(2 * PATIENCE)
  await listening(server, address, port)
  const bound = server.address() as AddressInfo
  return { address: bound.address, port: bound.port, close: () => closed(server, connections) }
}

function health(ailing: string | undefined): Answer {
  return ailing === undefined
    ? { status: 200, type: JSON_TYPE, body: '{"status": "ok"}' }
    : { status: 503, type: JSON_TYPE, body: JSON.stringify({ status: 'not ok', reason: ailing }) }
}

function metricsAnswer(metrics: () => readonly Metric[]): Handler {
  return ({ headers }) => {
    const format = formatFor(headers.accept)
    return {
      status: 200,
      type: CONTENT_TYPES[format],
      body: exposition(metrics(), format),
      headers: { vary: 'accept' },
    }
  }
}

const UNAUTHORIZED: Answer = {
  status: 401,
  type: 'text/plain',
  body: 'a token is required (--token-file): Authorization: Bearer TOKEN\n',
  headers: { 'www-authenticate': 'Bearer' },
}

/** The response while too many slow clients are being served; a retry uses a new connection. */
const FULL: Answer = {
  status: 503,
  type: 'text/plain',
  body: 'too many requests in progress: try again\n',
  headers: { 'retry-after': '1', connection: 'close' },
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers: own }: Answer,
): Promise<void> {
  const packs =
    body.length >= LONG && /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(request.headers['accept-encoding']))
  const bytes = packs ? await compressed(body) : Buffer.from(body)
  const headers = {
    'content-type': type,
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    ...own,
    ...(packs && { 'content-encoding': 'gzip' }),
  }
  // a request body is not read, so the connection cannot be reused
  const more = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  response.writeHead(status, more ? { ...headers, connection: 'close' } : headers)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

function answerTo(request: IncomingMessage, answers: ReadonlyMap<string, Handler>): Answer {
  const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain', body: `${body}\n` })
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET is supported')
  const answer = answers.get(pathOf(request))
  if (answer === undefined) return plain(404, `not found; available: ${[...answers.keys()].join(', ')}`)
  try {
    return answer(request)
  } catch {
    return plain(500, 'not available at present')
  }
}

const pathOf = ({ url = '' }: IncomingMessage) => url.replace(/\?.*$/s, '')

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const refused = (e: Error) => {
      const why = WORDS[systemCode(e) ?? ''] ?? reason(e)
      fail(new WebError(`cannot listen at ${address}, port ${port}: ${why}`))
    }
    server.once('error', refused)
    server.listen({ port, host: address, backlog: BACKLOG }, () => {
      server.removeListener('error', refused)
      // errors of single connections that cannot be accepted
      server.on('error', () => {})
      done()
    })
  })
}

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is listening there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'ports below 1024 require privileges',
  ENOTFOUND: 'there is no such address',
}

function closed(server: Server, connections: Connections): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    connections.close()
  })
}
