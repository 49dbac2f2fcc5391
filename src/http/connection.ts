// Both directions of a connection: matches responses to requests.
import { framingOf } from './framing.js'
import type { Message, Request, Response } from './message.js'
import { Reader } from './reader.js'

/** A request and its response. */
export interface Exchange {
  /** true: the observed process sent the request; false: it answers */
  readonly client: boolean
  /** undefined: the response's request was not seen */
  readonly request: Request | undefined
  response: Response | undefined
}

/** ns from the first byte of the request to the first of the response; undefined if either is missing. */
export function latencyOf(x: Exchange): number | undefined {
  if (x.request === undefined || x.response === undefined) return undefined
  return Math.max(0, x.response.startedAt - x.request.startedAt)
}

interface Listener {
  /** Called for each head; also for interim responses (1xx), which never become the response of an exchange. */
  head?(m: Message, x: Exchange): void
  /** Called when a message has ended. */
  end?(m: Message, x: Exchange): void
}

/** Maximum number of pending requests per connection; above it, the oldest is dropped. */
const MAX_WAITING = 256

export class Connection {
  private readonly waiting: Exchange[] = []
  private readonly out: Reader
  private readonly into: Reader

  constructor(
    private readonly listener: Listener,
    bodyLimit: number,
  ) {
    this.out = this.reader(true, bodyLimit)
    this.into = this.reader(false, bodyLimit)
  }

  /**
   * Takes the data that one call sent (`out`) or received: its first bytes, the total number of bytes, and the time
   * (ns).
   */
  push(out: boolean, data: Uint8Array, length: number, time: number): void {
    ;(out ? this.out : this.into).push(data, length, time)
  }

  /** One direction has ended (`undefined`: both). */
  close(out: boolean | undefined, time: number): void {
    if (out !== false) this.out.close(time)
    if (out !== true) this.into.close(time)
  }

  /** Whether no message is in progress. */
  get idle(): boolean {
    return !this.out.busy && !this.into.busy && this.waiting.length === 0
  }

  /** Bytes of heads held in memory. */
  get held(): number {
    let size = this.out.held + this.into.held
    for (const { request } of this.waiting) size += request?.headSize ?? 0
    return size
  }

  private reader(out: boolean, bodyLimit: number): Reader {
    /** the exchange of this direction's current message */
    let x: Exchange
    return new Reader(
      {
        head: (m) => {
          x = m.kind === 'request' ? this.addRequest(m, out) : this.matchResponse(m, out)
          this.listener.head?.(m, x)
          const framing = framingOf(m, x.request?.method)
          if (framing.kind === 'tunnel') this.other(out).tunnel(m.headAt)
          return framing
        },
        end: (m) => this.listener.end?.(m, x),
      },
      bodyLimit,
    )
  }

  private other(out: boolean): Reader {
    return out ? this.into : this.out
  }

  private addRequest(request: Request, out: boolean): Exchange {
    this.other(out).endUnframed(request.startedAt)
    const x: Exchange = { client: out, request, response: undefined }
    if (this.waiting.push(x) > MAX_WAITING) this.waiting.shift()
    return x
  }

  private matchResponse(response: Response, out: boolean): Exchange {
    this.other(out).endUnframed(response.startedAt)
    const interim = response.status < 200 && response.status !== 101
    const x = (interim ? this.waiting[0] : this.waiting.shift()) ?? {
      client: !out,
      request: undefined,
      response: undefined,
    }
    if (!interim) x.response = response
    return x
  }
}
