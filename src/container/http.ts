// Requests over HTTP to a local socket (or host and port) with limits of time and size, and a stream of JSON lines.
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { json } from './raw.js'
import { Allowance } from './runtime.js'

export interface Endpoint {
  readonly socketPath?: string
  /** the only user whose socket it may be */
  readonly owner?: number
  readonly host?: string
  readonly port?: number
}

/** Largest answer that is read, and longest line of a stream. */
const LARGEST = 8 << 20
const LONGEST_LINE = 1 << 20
/** Bytes of a stream at once and a second. */
const FLOW = 2 << 20

/** Nobody answered in time. */
export class Late extends Error {
  constructor() {
    super('no answer in time')
  }
}

/** What a path answers with. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The JSON that a path answers with; undefined when the answer is no success or no JSON. Rejects when nobody answers. */
export async function ask(at: Endpoint, path: string, ms: number): Promise<unknown> {
  const { status, body } = await reply(at, path, ms)
  return status === 200 ? json(body.toString()) : undefined
}

/** The whole answer to a request. Rejects when nobody answers within `ms`, or the answer is too long. */
export function reply(at: Endpoint, path: string, ms: number): Promise<Reply> {
  return new Promise((done, fail) => {
    const request = get({ ...at, path, agent: false }, (answer) => {
      const parts: Buffer[] = []
      let size = 0
      answer.on('data', (part: Buffer) => {
        size += part.length
        if (size > LARGEST) request.destroy(new Error('the answer is too long'))
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
 * Calls `line` with each JSON value of an endless answer, `open` once it has begun, and `end` once when it is over, for
 * whatever reason. Returns what ends it.
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
