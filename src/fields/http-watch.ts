// HTTP/1 in the data of events: of which message an event moves a part, and what its head says. All fields of a capture share
// one, so that a request is known to whoever asks about its response.
import {
  Connections,
  type Exchange,
  hostOf,
  latencyOf,
  type Message,
  pathOf,
  type Request,
  urlOf,
} from '../http/index.js'
import { type Event, SIDE } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { decodeText, encodeText } from '../model/text.js'
import { isInet } from '../state/socket-sides.js'
import { watchOf } from './decoded.js'
import { bytesMoved, isPeek, isRead, isWrite } from './io.js'
import { byName } from './params.js'
import { serverOf } from './server-of.js'

/** What an event says in HTTP; of one that moves parts of several messages the first whose head ends with it. */
export interface HttpSaid {
  readonly side: 'client' | 'server'
  /** what was asked for; undefined where the request was not seen */
  readonly asked: Asked | undefined
  /** messages whose heads end with the event, mostly none or one */
  readonly heads: readonly Message[]
  /** ns from request to response, where the first head is of a response */
  readonly latency: number | undefined
  /** bytes of bodies that it moved */
  readonly bytes: { readonly request: number; readonly response: number }
}

export interface Asked {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly url: string
}

/** A message that one direction of a connection is in. */
interface Part {
  readonly m: Message
  readonly x: Exchange
  /** its head ended with the present event */
  fresh: boolean
  /** bytes of its body that were told */
  told: number
}

/** The messages under way in a connection, by direction. */
class Flow {
  sent: Part[] = []
  received: Part[] = []
}

const PORT = 80
/** Characters of a path, and of a host. */
const LONGEST = 1024
/** More than a process has descriptors. */
const FDS = 1 << 20
const NOTHING = new Uint8Array(0)

const findData = byName('data')

export class HttpWatch {
  private readonly connections = new Connections<Flow>(
    {
      owner: () => new Flow(),
      head: (m, x, flow) => {
        // interim responses (100 Continue) answer nothing
        if (m.kind === 'response' && x.response !== m) return
        const parts = (m.kind === 'request') === x.client ? flow.sent : flow.received
        parts.push({ m, x, fresh: true, told: 0 })
        if (m.kind === 'request') this.asked.set(m, askedBy(m, this.fd))
      },
    },
    0,
  )
  /** what requests ask for that may be answered */
  private readonly asked = new WeakMap<Message, Asked>()
  private fd: Fd | undefined
  /** the event that was looked at last */
  private num = -1
  private time = Number.NaN
  private said: HttpSaid | undefined

  /** What the event says; undefined where it moves no part of a message, as far as that is known. */
  at(e: Event): HttpSaid | undefined {
    if (e.num === this.num && e.time === this.time) return this.said
    this.num = e.num
    this.time = e.time
    this.said = e.sides === SIDE.NONE ? this.look(e) : this.lookBothWays(e)
    return this.said
  }

  /** Of a call on two descriptors: each may be a connection. */
  private lookBothWays(e: Event): HttpSaid | undefined {
    const from = e.reading ? SIDE.READ : SIDE.WRITE
    e.look(SIDE.WRITE)
    const sent = this.look(e)
    e.look(SIDE.READ)
    const received = this.look(e)
    e.look(from)
    return sent ?? received
  }

  private look(e: Event): HttpSaid | undefined {
    const { fd } = e
    const key = e.pid * FDS + e.fdNum
    if (e.def.name === 'close') this.connections.closed(key, e.time)
    if (fd === undefined || !(isInet(fd) || fd.type === 'unix')) return undefined
    const moved = isWrite(e) || isRead(e) ? bytesMoved(e) : undefined
    if (moved === undefined || isPeek(e)) return undefined
    const p = findData(e)
    const data = p < 0 ? NOTHING : (e.bytes(p) ?? NOTHING)
    this.fd = fd
    const out = isWrite(e)
    const flow = this.connections.data(key, fd.born, out, data, moved, e.time)
    if (flow === undefined) return undefined
    const parts = out ? flow.sent : flow.received
    const said = this.tell(parts)
    const going = parts.filter(({ m }) => m.endedAt === undefined)
    if (out) flow.sent = going
    else flow.received = going
    return said
  }

  private tell(parts: readonly Part[]): HttpSaid | undefined {
    const bytes = { request: 0, response: 0 }
    const heads: Message[] = []
    let first: Part | undefined
    for (const part of parts) {
      const { m, fresh } = part
      const more = m.body.length - part.told
      bytes[m.kind] += more
      part.told += more
      part.fresh = false
      if (fresh) heads.push(m)
      if ((first === undefined && more > 0) || (fresh && heads.length === 1)) first = part
    }
    if (first === undefined) return undefined
    const { m, x } = first
    return {
      side: x.client ? 'client' : 'server',
      asked: x.request && this.asked.get(x.request),
      heads,
      latency: m.kind === 'response' && m === heads[0] ? latencyOf(x) : undefined,
      bytes,
    }
  }
}

/** The watch over the events of the context's present host. */
export const httpOf = watchOf(() => new HttpWatch())

/** A request that names no host is known by the server's address, or the socket's path. */
function askedBy(m: Request, fd: Fd | undefined): Asked {
  const server = fd === undefined ? '' : fd.type === 'unix' ? (fd.path ?? fd.name) : (serverOf(fd, PORT) ?? '')
  return {
    method: alone(m.method),
    host: alone((hostOf(m) ?? server).slice(0, LONGEST)),
    path: alone(pathOf(m).slice(0, LONGEST)),
    url: urlOf(m),
  }
}

/** The text without the head that it was cut out of, which would stay in memory as long as a row that is known by it. */
function alone(text: string): string {
  const bytes = encodeText(text)
  return decodeText(bytes, 0, bytes.length)
}
