// Sends bodies to a web server by POST, over persistent connections, with retries if it does not respond or fails.
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
/** defaults: ms for a response, and number of retries */
const TIMEOUT = 5000
const RETRIES = 8
/** ms before the first retry, and the longest pause, even if the server requests a longer one (Retry-After) */
const LEAST = 100
const MOST = 5000
/** limit of a response in bytes; the connection is closed beyond it */
const LARGEST_ANSWER = 1 << 20
/** Whether the same request may succeed after a response with that status. */
const isTemporary = (status: number) => status >= 500 || [408, 425, 429].includes(status)

interface PosterOptions extends Omit<HttpOptions, 'userAgent'> {
  readonly url: string
  readonly headers: OutgoingHttpHeaders
  /** requests in progress at once */
  readonly atOnce: number
  /** whether a request is retried after a response with that status, if the protocol specifies it */
  readonly retriesAfter?: (status: number) => boolean
}

/** The result of a request; again: a retry may succeed, after at least `after` ms. */
interface PostResult {
  readonly failure: string | undefined
  readonly again: boolean
  readonly after?: number
  readonly body?: Buffer
}

export class Poster {
  private readonly url: URL
  private readonly agent: Agent
  private readonly headers: OutgoingHttpHeaders

  /** Throws WebError if the URL or files for TLS are invalid; the server is not contacted yet. */
  constructor(private readonly options: PosterOptions) {
    this.url = webUrl(options.url)
    declareNeeds({ network: true })
    const secure = this.url.protocol === 'https:'
    const odd = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => (options[name] ?? false) !== false)
    if (!secure && odd !== undefined)
      throw new WebError(`${odd} requires https, but ${this.url.origin} uses http: remove it`)
    const sockets = { keepAlive: true, maxSockets: options.atOnce, maxFreeSockets: options.atOnce }
    this.agent = secure ? new AgentTls({ ...sockets, ...tlsOptions(options) }) : new Agent(sockets)
    this.headers = { ...options.headers, ...(options.compress === true && { 'content-encoding': 'gzip' }) }
  }

  /** Sends a body; returns the body of the response. Rejects with the reason if it could not be delivered. */
  async send(body: Uint8Array, { abort, trouble }: Attempt): Promise<Buffer> {
    const bytes = this.options.compress === true ? await compressed(body) : body
    const backoff = new Backoff(LEAST, MOST)
    let last: string | undefined
    for (let attempts = 1 + (this.options.retries ?? RETRIES); ; ) {
      const { failure, again, after = 0, body: response } = await this.post(bytes, abort)
      if (failure === undefined) return response ?? Buffer.alloc(0)
      // the earlier failure is the cause, not the abort
      if (abort.aborted) throw new Error(last === undefined ? failure : `${last}; ${failure}`)
      if (!again || --attempts === 0) throw new Error(failure)
      last = failure
      trouble(failure)
      await pause(Math.max(backoff.take(), Math.min(after, MOST)), abort)
    }
  }

  close(): void {
    this.agent.destroy()
  }

  private post(body: Uint8Array, abort: AbortSignal): Promise<PostResult> {
    const { url, agent, options } = this
    const { retriesAfter = isTemporary } = options
    return new Promise((done) => {
      const end = (answer: PostResult) => {
        clearTimeout(timer)
        abort.removeEventListener('abort', stop)
        done(answer)
      }
      const failed = (e: NodeJS.ErrnoException) => end({ failure: messageOf(e, url), again: true })
      const send = url.protocol === 'https:' ? requestHttps : requestHttp
      const headers = { ...this.headers, 'content-length': body.length }
      const request = send(url, { method: 'POST', agent, headers }, (answer) => read(answer, retriesAfter, end, failed))
      const timeout = options.timeout ?? TIMEOUT
      const due = performance.now() + timeout
      const expire = () => request.destroy(new Error(`no response within ${timeout} ms`))
      // while this process did not run, the response may have arrived: the server has that time as well
      let timer = setTimeout(() => {
        timer = setTimeout(expire, performance.now() - due)
      }, timeout)
      const stop = () => request.destroy(new Error('the run ended before it responded'))
      request.on('error', failed)
      abort.addEventListener('abort', stop)
      if (abort.aborted) stop()
      request.end(body)
    })
  }
}

/** Reads a response to its end, so that the connection can be reused. */
function read(
  answer: IncomingMessage,
  retriesAfter: (status: number) => boolean,
  end: (answer: PostResult) => void,
  failed: (e: Error) => void,
): void {
  const status = answer.statusCode ?? 0
  const parts: Buffer[] = []
  let size = 0
  answer.on('data', (part: Buffer) => {
    size += part.length
    if (size > LARGEST_ANSWER) answer.destroy(new Error('its response is too long'))
    else parts.push(part)
  })
  answer.on('error', failed)
  answer.on('end', () => {
    const failure = `it responded with ${status}`
    if (status >= 200 && status < 300) end({ failure: undefined, again: false, body: Buffer.concat(parts) })
    else if (status >= 300 && status < 400)
      end({ failure: `${failure}, a redirect, which is not followed`, again: false })
    else end({ failure, again: retriesAfter(status), after: retryAfter(answer) })
  })
}

/** ms after which the server allows a retry. */
function retryAfter({ headers }: IncomingMessage): number {
  const seconds = headers['retry-after']
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : 0
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed',
  ENOTFOUND: 'there is no host with that name',
  EAI_AGAIN: 'the host name cannot be resolved',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the host does not respond',
  EPIPE: 'the connection was closed',
}

function messageOf(e: NodeJS.ErrnoException, { host }: URL): string {
  return `${WORDS[e.code ?? ''] ?? e.message} (${host})`
}
