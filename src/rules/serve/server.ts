// The web server beside a run: whether it is well, versions, metrics. It answers GET only, reads no bodies, and waits for nobody.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { reason, systemCode } from '../../source/reason.js'
import { CONTENT_TYPE, exposition, type Metric } from './exposition.js'

/** What is served. */
export interface Sources {
  /** why the run is not well, as a clause; undefined: it is */
  readonly ailing: () => string | undefined
  /** versions by what they are of */
  readonly versions: () => Readonly<Record<string, string>>
  /** undefined: there is no /metrics */
  readonly metrics?: (() => readonly Metric[]) | undefined
}

export interface ServeOptions {
  /** undefined: this machine alone can reach it */
  readonly address?: string | undefined
  /** 0: any that is free */
  readonly port: number
  /** path of whether it is well; undefined: /healthz */
  readonly healthz?: string | undefined
  readonly sources: Sources
}

export interface Serving {
  readonly address: string
  readonly port: number
  /** Ends it, and all connections. */
  close(): Promise<void>
}

/** It cannot listen there: why, in a sentence. */
export class ServeError extends Error {}

const LOOPBACK = '127.0.0.1'
/** ms for a request, and until an idle connection is closed */
const PATIENCE = 5000
const MOST_CONNECTIONS = 64
const MOST_HEADER_BYTES = 8192
const JSON_TYPE = 'application/json'

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Listens. Rejects with ServeError. */
export async function serve({
  address = LOOPBACK,
  port,
  healthz = '/healthz',
  sources,
}: ServeOptions): Promise<Serving> {
  const answers = new Map<string, () => Answer>([
    [healthz, () => health(sources.ailing())],
    ['/versions', () => ({ status: 200, type: JSON_TYPE, body: JSON.stringify(sources.versions()) })],
  ])
  const { metrics } = sources
  if (metrics !== undefined)
    answers.set('/metrics', () => ({ status: 200, type: CONTENT_TYPE, body: exposition(metrics()) }))
  const limits = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: PATIENCE, requestTimeout: PATIENCE }
  const server = createServer(
    { ...limits, keepAliveTimeout: PATIENCE, connectionsCheckingInterval: 1000 },
    (request, response) => respond(request, response, answers),
  )
  server.maxConnections = MOST_CONNECTIONS
  // connections whose other end takes no answer
  server.setTimeout(2 * PATIENCE)
  await listening(server, address, port)
  const bound = server.address() as AddressInfo
  return { address: bound.address, port: bound.port, close: () => closed(server) }
}

function health(ailing: string | undefined): Answer {
  return ailing === undefined
    ? { status: 200, type: JSON_TYPE, body: '{"status": "ok"}' }
    : { status: 503, type: JSON_TYPE, body: JSON.stringify({ status: 'not ok', reason: ailing }) }
}

function respond(request: IncomingMessage, response: ServerResponse, answers: ReadonlyMap<string, () => Answer>): void {
  const { status, type, body } = answerTo(request, answers)
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  }
  // a body that nobody wants is not read
  const more = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  response.writeHead(status, more ? { ...headers, connection: 'close' } : headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function answerTo(request: IncomingMessage, answers: ReadonlyMap<string, () => Answer>): Answer {
  const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain', body: `${body}\n` })
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET is answered')
  const answer = answers.get((request.url ?? '').replace(/\?.*$/s, ''))
  if (answer === undefined) return plain(404, `there is ${[...answers.keys()].join(', ')}`)
  try {
    return answer()
  } catch {
    return plain(500, 'this cannot be told at present')
  }
}

function listening(server: Server, address: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    const refused = (e: Error) => {
      const why = WORDS[systemCode(e) ?? ''] ?? reason(e)
      fail(new ServeError(`nothing can be served at ${address}, port ${port}: ${why}`))
    }
    server.once('error', refused)
    server.listen(port, address, () => {
      server.removeListener('error', refused)
      // of connections that cannot be accepted
      server.on('error', () => {})
      done()
    })
  })
}

const WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'ports below 1024 are for privileged programs',
  ENOTFOUND: 'there is no such address',
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })
}
