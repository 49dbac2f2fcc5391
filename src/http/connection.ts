// Both directions of a connection: which response answers which request.
import { framingOf } from './framing.js'
import type { Message, Request, Response } from './message.js'
import { Reader } from './reader.js'

/** A request and what answered it. */
export interface Exchange {
  /** true: the process that is looked at sent the request; false: it answers */
  readonly client: boolean
  /** undefined: the response's request was not seen */
  readonly request: Request | undefined
  response: Response | undefined
}

/** ns from the first byte of the request to the first of the response; undefined without either. */
export function latencyOf(x: Exchange): number | undefined {
  if (x.request === undefined || x.response === undefined) return undefined
  return Math.max(0, x.response.startedAt - x.request.startedAt)
}

export interface Listener {
  /** A head was read; interim responses (1xx) are told too, and never become an exchange's response. */
  head?(m: Message, x: Exchange): void
  /** A message has ended. */
  end?(m: Message, x: Exchange): void
}

/** Requests of one connection that may wait for their response at a time; beyond, the oldest is given up. */
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

  /** What one call sent (`out`) or received: its first bytes, how many passed, and when (ns). */
  push(out: boolean, data: Uint8Array, length: number, time: number): void {
    ;(out ? this.out : this.into).push(data, length, time)
  }

  /** One direction has ended (`undefined`: both). */
  close(out: boolean | undefined, time: number): void {
    if (out !== false) this.out.close(time)
    if (out !== true) this.into.close(time)
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return !this.out.busy && !this.into.busy && this.waiting.length === 0
  }

  /** Bytes of heads that it remembers. */
  get held(): number {
    let size = this.out.held + this.into.held
    for (const { request } of this.waiting) size += request?.headSize ?? 0
    return size
  }

  private reader(out: boolean, bodyLimit: number): Reader {
    /** of the message that this direction is in */
    let x: Exchange
    return new Reader(
      {
        head: (m) => {
          x = m.kind === 'request' ? this.ask(m, out) : this.answer(m, out)
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

  private ask(request: Request, out: boolean): Exchange {
    this.other(out).endUnframed(request.startedAt)
    const x: Exchange = { client: out, request, response: undefined }
    if (this.waiting.push(x) > MAX_WAITING) this.waiting.shift()
    return x
  }

  private answer(response: Response, out: boolean): Exchange {
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
