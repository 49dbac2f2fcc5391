// Alerts to a server: a POST for each, over connections that stay open, tried again when nobody answers or the server fails.
import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { Agent as AgentTls, request as requestHttps } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Attempt, Backoff, type Channel, type OutputContext, pause } from './channel.js'
import type { Formatted } from './output.js'
import { OutputError, type OutputSpec } from './spec.js'
import { tlsOptions } from './tls.js'

const compressed = promisify(gzip)
/** requests that are under way at once */
const MOST_AT_ONCE = 4
/** ms for an answer, and tries after the first, unless others are chosen */
const TIMEOUT = 5000
const RETRIES = 8
/** ms before the second try, and at most between two */
const LEAST = 100
const MOST = 5000
/** bytes of an answer after which the connection is given up */
const LARGEST_ANSWER = 1 << 20
/** codes of answers after which the same request may go well */
const AGAIN = new Set([408, 425, 429])

/** Throws OutputError where the URL or files for TLS are wrong; whether anybody listens there is seen later. */
export async function openHttp(spec: OutputSpec, { json, version }: OutputContext): Promise<Channel> {
  const url = urlOf(spec.target ?? '')
  const secure = url.protocol === 'https:'
  const odd = (['ca', 'cert', 'key', 'insecure'] as const).find((name) => (spec[name] ?? false) !== false)
  if (!secure && odd !== undefined)
    throw new OutputError(`${odd} is about https, and ${url.origin} is not: leave it out`)
  const sockets = { keepAlive: true, maxSockets: MOST_AT_ONCE, maxFreeSockets: MOST_AT_ONCE }
  const agent = secure ? new AgentTls({ ...sockets, ...tlsOptions(spec) }) : new Agent(sockets)
  const headers = {
    'content-type': json ? 'application/json' : 'text/plain',
    'user-agent': spec.userAgent ?? `ksys/${version}`,
    ...(spec.compress === true && { 'content-encoding': 'gzip' }),
  }
  return new HttpChannel(url, { method: 'POST', agent, headers }, spec)
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new OutputError(`'${text}' is no URL of a web server: http://HOST:PORT/PATH or https://...`)
}

/** What became of a request; again: the same may go well later. */
interface Answer {
  readonly wrong: string | undefined
  readonly again: boolean
}

class HttpChannel implements Channel {
  readonly most = 1
  readonly atOnce = MOST_AT_ONCE

  constructor(
    private readonly url: URL,
    private readonly options: RequestOptions & { readonly agent: Agent },
    private readonly spec: OutputSpec,
  ) {}

  async send([alert]: readonly Formatted[], { abort, trouble }: Attempt): Promise<void> {
    const text = Buffer.from(alert?.line ?? '')
    const body = this.spec.compress === true ? await compressed(text) : text
    const backoff = new Backoff(LEAST, MOST)
    const tries = 1 + (this.spec.retries ?? RETRIES)
    for (let left = tries; ; ) {
      const { wrong, again } = await this.post(body, abort)
      if (wrong === undefined) return
      if (!again || --left === 0 || abort.aborted) throw new Error(wrong)
      trouble(wrong)
      await pause(backoff.take(), abort)
    }
  }

  async close(): Promise<void> {
    this.options.agent.destroy()
  }

  private post(body: Buffer, abort: AbortSignal): Promise<Answer> {
    const { url, options, spec } = this
    return new Promise((done) => {
      const end = (wrong: string | undefined, again: boolean) => {
        clearTimeout(timer)
        abort.removeEventListener('abort', stop)
        done({ wrong, again })
      }
      const failed = (e: NodeJS.ErrnoException) => end(wordsOf(e, url), true)
      const send = url.protocol === 'https:' ? requestHttps : requestHttp
      const headers = { ...options.headers, 'content-length': body.length }
      const request = send(url, { ...options, headers }, (answer) => read(answer, end, failed))
      const timeout = spec.timeout ?? TIMEOUT
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
function read(
  answer: IncomingMessage,
  end: (wrong: string | undefined, again: boolean) => void,
  failed: (e: Error) => void,
): void {
  const status = answer.statusCode ?? 0
  let size = 0
  answer.on('data', (part: Buffer) => {
    size += part.length
    if (size > LARGEST_ANSWER) answer.destroy(new Error('its answer has no end'))
  })
  answer.on('error', failed)
  answer.on('end', () => {
    if (status >= 200 && status < 300) end(undefined, false)
    else if (status >= 300 && status < 400) end(`it answers ${status}, a redirect, which is not followed`, false)
    else end(`it answers ${status}`, status >= 500 || AGAIN.has(status))
  })
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
