// Clients that occupy connections of a web server without requests, and one that sends requests in the meantime.
import { Agent as HttpAgent, type IncomingMessage, get as plainGet } from 'node:http'
import { Agent as HttpsAgent, get as tlsGet } from 'node:https'
import { connect, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls'

/** The address of a server; ca: it uses https, with a certificate of this authority. */
export interface Where {
  readonly port: number
  readonly ca?: Buffer | undefined
}

/** ms within which a client gets a response: a second of CPU time, for which a busy machine may need half a minute. */
const PROMPT = 100_000
/** ms within which a crowd was served */
export const CROWDED = 400_000

/** The behaviours of clients: send nothing, a part of a request at once, a byte a second, or a whole request and then nothing. */
const WAYS = ['nothing', 'part', 'slow', 'kept'] as const
type Way = (typeof WAYS)[number] | 'handshake'

/** ms after which a rejected client reconnects: clients should occupy connections, not the CPU time that they share */
const AWAY = 500

const PART = 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: '
/** the start of a TLS handshake: a record of 512 bytes with a ClientHello, most of which is missing */
const HELLO = Buffer.from('16030102000100', 'hex')

export class Crowd {
  /** connections that the server has ended */
  ended = 0
  private readonly sockets = new Set<Socket>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private over = false
  private readonly secureContext: SecureContext

  /** This many clients, which reconnect whenever they are rejected. */
  constructor(
    private readonly where: Where,
    size: number,
  ) {
    this.secureContext = createSecureContext({ ca: where.ca })
    // handshakes of TLS cost CPU time, so there are few of them
    const ways: readonly Way[] =
      where.ca === undefined ? WAYS : [...WAYS, ...Array.from({ length: 12 }, () => 'handshake' as const)]
    for (let i = 0; i < size; i++) this.come(ways[i % ways.length] as Way)
  }

  leave(): void {
    this.over = true
    for (const timer of this.timers) clearTimeout(timer)
    for (const socket of this.sockets) socket.destroy()
  }

  private come(way: Way): void {
    const { port, ca } = this.where
    const to = { port, host: '127.0.0.1' }
    const socket =
      ca === undefined || way === 'handshake' ? connect(to) : tlsConnect({ ...to, secureContext: this.secureContext })
    this.sockets.add(socket)
    let timer: NodeJS.Timeout | undefined
    const begin = () => {
      if (way === 'part') socket.write(PART)
      if (way === 'kept') socket.write('HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
      if (way === 'handshake') socket.write(HELLO)
      if (way !== 'slow') return
      let sent = 0
      timer = setInterval(() => socket.write(PART[sent++] ?? 'x'), 1000)
      this.timers.add(timer)
    }
    socket.once(ca === undefined || way === 'handshake' ? 'connect' : 'secureConnect', begin)
    socket.on('error', () => undefined).resume()
    socket.once('close', () => {
      clearInterval(timer)
      if (timer !== undefined) this.timers.delete(timer)
      this.sockets.delete(socket)
      if (this.over) return
      this.ended++
      const again = setTimeout(() => {
        this.timers.delete(again)
        this.come(way)
      }, AWAY)
      this.timers.add(again)
    })
  }
}

/** A client with a connection of its own for each request, or, like Prometheus, with a persistent one. */
export function asker({ port, ca }: Where, keepAlive = false) {
  const agent = ca === undefined ? new HttpAgent({ keepAlive }) : new HttpsAgent({ keepAlive, ca })
  const get = ca === undefined ? plainGet : tlsGet
  /** The status, or the error, of a response that has arrived completely in time. */
  const ask = (path: string): Promise<number | string> =>
    new Promise((done) => {
      const signal = AbortSignal.timeout(PROMPT)
      const taken = (answer: IncomingMessage) =>
        answer
          .on('end', () => done(answer.statusCode as number))
          .on('error', (e) => done(String(e)))
          .resume()
      get({ agent, host: '127.0.0.1', port, path, signal }, taken).on('error', (e) => done(String(e)))
    })
  return { ask, leave: () => agent.destroy() }
}

/**
 * Has this many clients occupy a server for this long (ms) and until each was rejected on average; meanwhile other requests are sent for
 * these paths. Returns the different responses: a server that is not affected gives 200 alone.
 */
export async function crowded(where: Where, size: number, paths: readonly string[], long = 4000) {
  const crowd = new Crowd(where, size)
  const askers = [asker(where), asker(where, true)]
  const answers = new Set<string>()
  try {
    const start = performance.now()
    while (performance.now() - start < long || crowd.ended < size) {
      for (const { ask } of askers) for (const path of paths) answers.add(`${path} ${await ask(path)}`)
      await new Promise((done) => setTimeout(done, 100))
    }
  } finally {
    crowd.leave()
    for (const { leave } of askers) leave()
  }
  return [...answers].sort()
}
