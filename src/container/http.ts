// HTTP requests to a local socket (or host and port) with limits of time and size, and a stream of JSON lines.
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { json } from './raw.js'
import { Allowance } from './runtime.js'

export interface Endpoint {
  readonly socketPath?: string
  /** the required owner of the socket */
  readonly owner?: number
  readonly host?: string
  readonly port?: number
}

/** Limits in bytes: of a response, and of a line of a stream. */
const LARGEST = 8 << 20
const LONGEST_LINE = 1 << 20
/** Bytes of a stream: the initial allowance, and the rate per second. */
const FLOW = 2 << 20

/** There was no response in time. */
export class Late extends Error {
  constructor() {
    super('no answer in time')
  }
}

/** The response to a request. */
interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The JSON of a response; undefined if its status is not 200 or it is not JSON. Rejects if there is no response. */
export async function getJson(at: Endpoint, path: string, ms: number): Promise<unknown> {
  const { status, body } = await reply(at, path, ms)
  return status === 200 ? json(body.toString()) : undefined
}

/** The whole response to a request. Rejects if there is none within `ms`, or it is too long. */
export function reply(at: Endpoint, path: string, ms: number): Promise<Reply> {
  return new Promise((done, fail) => {
    const request = get({ ...at, path, agent: false }, (answer) => {
      const parts: Buffer[] = []
      let size = 0
      answer.on('data', (part: Buffer) => {
        size += part.length
        if (size > LARGEST) request.destroy(new Error('the response is too long'))
        else parts.push(part)
      })
      answer.on('end', () => {
        clearTimeout(timer)
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) })
      })
      answer.on('error', fail)
    })
    const timer = setTimeout(() => request.destroy(new Late()), ms)
    request.on('error', (e) => {
      clearTimeout(timer)
      fail(e)
    })
  })
}

/**
 * Calls `line` with each JSON value of an endless response, `open` once it has started, and `end` once when it ends for any
 * reason. Returns a function that ends it.
 */
export function follow(
  at: Endpoint,
  path: string,
  ms: number,
  on: { open(): void; line(value: unknown): void; end(): void },
): () => void {
  let over = false
  const end = () => {
    if (over) return
    over = true
    clearTimeout(timer)
    request.destroy()
    on.end()
  }
  const timer = setTimeout(end, ms)
  const request: ClientRequest = get({ ...at, path, agent: false }, (answer: IncomingMessage) => {
    clearTimeout(timer)
    if (answer.statusCode !== 200) return end()
    on.open()
    let rest = ''
    const allowance = new Allowance(FLOW)
    answer.setEncoding('utf8')
    answer.on('data', (part: string) => {
      if (over || !allowance.take(part.length)) return end()
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) return end()
      for (const l of lines) if (l.trim() !== '') on.line(json(l))
    })
    answer.on('end', end)
    answer.on('error', end)
  })
  request.on('error', end)
  return end
}

/** Accepts a path, unix:///path or tcp://host:port; undefined for other schemes (ssh). */
export function addressOf(text: string): Endpoint | undefined {
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/]+):(\d{1,5})/.exec(text)
  if (tcp !== null) return { host: (tcp[1] as string).replace(/^\[|\]$/g, ''), port: Number(tcp[2]) }
  const { socketPath = '' } = pathOf(text) ?? {}
  return socketPath.startsWith('/') ? { socketPath } : undefined
}

/** Accepts a path or unix:///path; undefined for an empty text. */
export function pathOf(text: string): Endpoint | undefined {
  const socketPath = text.replace(/^unix:\/\//, '')
  return socketPath === '' ? undefined : { socketPath }
}
