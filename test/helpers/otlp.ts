// A receiver of OTLP over HTTP that decodes requests by the numbers of opentelemetry-proto, and responds as specified.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { all, inner, type Message, message, number, text } from './protobuf.js'

export type Any = string | number | boolean | bigint | Any[] | undefined
export type Attributes = Record<string, Any>

export interface ReceivedRecord {
  /** ns since the epoch */
  readonly time: bigint
  readonly severity: number
  readonly event: string | undefined
  readonly body: Any
  readonly attributes: Attributes
  readonly resource: Attributes
  readonly scope: string | undefined
}

export interface ReceivedPoint {
  readonly metric: string
  readonly unit: string | undefined
  readonly kind: 'gauge' | 'sum' | 'histogram'
  /** 2: cumulative */
  readonly temporality: number
  readonly monotonic: boolean
  readonly attributes: Attributes
  readonly begin: bigint
  readonly time: bigint
  /** the sum, for a histogram */
  readonly value: number
  readonly count: number
  readonly counts: readonly number[]
  readonly bounds: readonly number[]
}

/** How the receiver handles a request: an HTTP status, with the body of its response, or no response at all. */
export type Answer =
  | { readonly status: number; readonly body?: Buffer; readonly headers?: Record<string, string> }
  | 'hang'

export interface Receiver {
  readonly url: string
  readonly records: ReceivedRecord[]
  readonly points: ReceivedPoint[]
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[]
}

interface Options {
  /** by the number of the request, from 0 */
  readonly answer?: (request: number) => Answer
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer }
  /** ms before a response */
  readonly slow?: number
}

/** Listens until the test ends. */
export async function receiver({ answer = () => ({ status: 200 }), tls, slow = 0 }: Options = {}): Promise<Receiver> {
  const got: Omit<Receiver, 'url'> = { records: [], points: [], requests: [] }
  const listener: RequestListener = async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const what = answer(got.requests.length)
    got.requests.push({ path: request.url ?? '', headers: request.headers })
    if (what === 'hang') return
    if (slow > 0) await new Promise((done) => setTimeout(done, slow))
    const packed = request.headers['content-encoding'] === 'gzip'
    const body = packed ? gunzipSync(Buffer.concat(parts)) : Buffer.concat(parts)
    if (what.status === 200) {
      if (request.url?.endsWith('/v1/logs')) got.records.push(...readLogs(body))
      else if (request.url?.endsWith('/v1/metrics')) got.points.push(...readMetricPoints(body))
      else throw new Error(`nothing is received at ${request.url}`)
    }
    response.writeHead(what.status, { 'content-type': 'application/x-protobuf', ...what.headers })
    response.end(what.body)
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { ...got, url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}` }
}

/** ExportLogsServiceRequest */
export function readLogs(body: Buffer): ReceivedRecord[] {
  return inner(message(body), 1).flatMap((resourceLogs) => {
    const resource = resourceOf(resourceLogs)
    return inner(resourceLogs, 2).flatMap((scopeLogs) => {
      const scope = inner(scopeLogs, 1).map((m) => text(m, 1))[0]
      return inner(scopeLogs, 2).map((record) => ({
        time: unsigned(record, 1),
        severity: Number(number(record, 2) ?? 0),
        event: text(record, 12),
        body: inner(record, 5).map(anyOf)[0],
        attributes: attributesOf(record, 6),
        resource,
        scope,
      }))
    })
  })
}

/** ExportMetricsServiceRequest */
export function readMetricPoints(body: Buffer): ReceivedPoint[] {
  return inner(message(body), 1).flatMap((resourceMetrics) =>
    inner(resourceMetrics, 2).flatMap((scopeMetrics) => inner(scopeMetrics, 2).flatMap(pointsOf)),
  )
}

const KINDS = [
  [5, 'gauge'],
  [7, 'sum'],
  [9, 'histogram'],
] as const

function pointsOf(metric: Message): ReceivedPoint[] {
  const described = { metric: text(metric, 1) ?? '', unit: text(metric, 3) }
  return KINDS.flatMap(([field, kind]) =>
    inner(metric, field).flatMap((data) =>
      inner(data, 1).map((point) => ({
        ...described,
        kind,
        temporality: Number(number(data, 2) ?? 0),
        monotonic: number(data, 3) === 1n,
        attributes: attributesOf(point, kind === 'histogram' ? 9 : 7),
        begin: unsigned(point, 2),
        time: unsigned(point, 3),
        value: doubles(all(point, kind === 'histogram' ? 5 : 4))[0] ?? Number.NaN,
        count: Number(number(point, 4) ?? 0),
        counts: kind === 'histogram' ? packed(point, 6).map(Number) : [],
        bounds: kind === 'histogram' ? doubles(packed(point, 7)) : [],
      })),
    ),
  )
}

function unsigned(m: Message, field: number): bigint {
  return BigInt.asUintN(64, number(m, field) ?? 0n)
}

function packed(m: Message, field: number): bigint[] {
  return all(m, field).flatMap((value) => {
    const b = value as Buffer
    return Array.from({ length: b.length / 8 }, (_, i) => b.readBigUInt64LE(8 * i))
  })
}

function doubles(values: readonly (bigint | Buffer)[]): number[] {
  return values.map((value) => {
    const b = Buffer.alloc(8)
    b.writeBigUInt64LE(BigInt.asUintN(64, value as bigint))
    return b.readDoubleLE()
  })
}

function resourceOf(m: Message): Attributes {
  return Object.assign({}, ...inner(m, 1).map((resource) => attributesOf(resource, 1)))
}

function attributesOf(m: Message, field: number): Attributes {
  const pairs = inner(m, field).map((pair) => [text(pair, 1) ?? '', inner(pair, 2).map(anyOf)[0]] as const)
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error('an attribute comes twice')
  return Object.fromEntries(pairs)
}

/** AnyValue */
function anyOf(m: Message): Any {
  const [field] = m.keys()
  switch (field) {
    case 1:
      return text(m, 1)
    case 2:
      return number(m, 2) === 1n
    case 3:
      return Number(number(m, 3))
    case 4:
      return doubles(all(m, 4))[0]
    case 5:
      return inner(m, 5).flatMap((list) => inner(list, 1).map(anyOf))
    default:
      return undefined
  }
}
