// A web server that is sent bodies: by POST, over connections that stay open, tried again when nobody answers or the server fails.
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http'
import { Agent as AgentTls, request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { declareNeeds } from '../source/later-needs.js'
import { type Attempt, Backoff, pause } from './attempt.js'
import type { HttpOptions } from './http-options.js'
import { tlsOptions } from './tls.js'
import { webUrl } from './url.js'
import { WebError } from './web-error.js'

const compressed = promisify(gzip)
/** ms for an answer, and tries after the first, unless others are chosen */
const TIMEOUT = 5000
const RETRIES = 8
/** ms before the second try, and at most between two, also where the server says when to come again */
const LEAST = 100
const MOST = 5000
/** bytes of an answer after which the connection is given up */
const LARGEST_ANSWER = 1 << 20
/** codes of answers after which the same request may go well */
const AGAIN = new Set([408, 425, 429])

export interface PosterOptions extends Omit<HttpOptions, 'userAgent'> {
  readonly url: string
  readonly headers: OutgoingHttpHeaders
  /** requests that are under way at once */
  readonly atOnce: number
}

/** What became of a request; again: the same may go well later, not before `after` ms. */
interface Answer {
  readonly wrong: string | undefined
  readonly again: boolean
  readonly after?: number
  readonly body?: Buffer
}

export class Poster {
  private readonly url: URL
  private readonly agent: Agent
  private readonly headers: OutgoingHttpHeaders

  /** Throws WebError where the URL or files for TLS are wrong; whether anybody listens there is seen later. */
  constructor(private readonly options: PosterOptions) {
    this.url = webUrl(options.url)
    declareNeeds({ network: true })
    const secure = this.url.protocol === 'https:'
    const odd = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => (options[name] ?? false) !== false)
    if (!secure && odd !== undefined)
      throw new WebError(`${odd} is about https, and ${this.url.origin} is not: leave it out`)
    const sockets = { keepAlive: true, maxSockets: options.atOnce, maxFreeSockets: options.atOnce }
    this.agent = secure ? new AgentTls({ ...sockets, ...tlsOptions(options) }) : new Agent(sockets)
    this.headers = { ...options.headers, ...(options.compress === true && { 'content-encoding': 'gzip' }) }
  }

  /** Sends a body; returns that of the answer. Rejects with why it could not be delivered. */
  async send(body: Uint8Array, { abort, trouble }: Attempt): Promise<Buffer> {
    const bytes = this.options.compress === true ? await compressed(body) : body
    const backoff = new Backoff(LEAST, MOST)
    let last: string | undefined
    for (let left = 1 + (this.options.retries ?? RETRIES); ; ) {
      const { wrong, again, after = 0, body: said } = await this.post(bytes, abort)
      if (wrong === undefined) return said ?? Buffer.alloc(0)
      // what stood against it before is the reason, not that there was no time for another try
      if (abort.aborted) throw new Error(last === undefined ? wrong : `${last}; ${wrong}`)
      if (!again || --left === 0) throw new Error(wrong)
      last = wrong
      trouble(wrong)
      await pause(Math.max(backoff.take(), Math.min(after, MOST)), abort)
    }
  }

  close(): void {
    this.agent.destroy()
  }

  private post(body: Uint8Array, abort: AbortSignal): Promise<Answer> {
    const { url, agent, options } = this
    return new Promise((done) => {
      const end = (answer: Answer) => {
        clearTimeout(timer)
        abort.removeEventListener('abort', stop)
        done(answer)
      }
      const failed = (e: NodeJS.ErrnoException) => end({ wrong: wordsOf(e, url), again: true })
      const send = url.protocol === 'https:' ? requestHttps : requestHttp
      const headers = { ...this.headers, 'content-length': body.length }
      const request = send(url, { method: 'POST', agent, headers }, (answer) => read(answer, end, failed))
      const timeout = options.timeout ?? TIMEOUT
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeout} ms`)), timeout)
      const stop = () => request.destroy(new Error('the end of the run did not leave it time to answer'))
      request.on('error', failed)
      abort.addEventListener('abort', stop)
      if (abort.aborted) stop()
      request.end(body)
    })
  }
}

/** Reads an answer to its end, so that the connection can be used again. */
function read(answer: IncomingMessage, end: (answer: Answer) => void, failed: (e: Error) => void): void {
  const status = answer.statusCode ?? 0
  const parts: Buffer[] = []
  let size = 0
  answer.on('data', (part: Buffer) => {
    size += part.length
    if (size > LARGEST_ANSWER) answer.destroy(new Error('its answer has no end'))
    else parts.push(part)
  })
  answer.on('error', failed)
  answer.on('end', () => {
    const wrong = `it answers ${status}`
    if (status >= 200 && status < 300) end({ wrong: undefined, again: false, body: Buffer.concat(parts) })
    else if (status >= 300 && status < 400) end({ wrong: `${wrong}, a redirect, which is not followed`, again: false })
    else end({ wrong, again: status >= 500 || AGAIN.has(status), after: comeAgain(answer) })
  })
}

/** ms that a server wants to be left alone for. */
function comeAgain({ headers }: IncomingMessage): number {
  const seconds = headers['retry-after']
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : 0
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
  EPIPE: 'the connection was broken off',
}

function wordsOf(e: NodeJS.ErrnoException, { host }: URL): string {
  return `${WORDS[e.code ?? ''] ?? e.message} (${host})`
}
