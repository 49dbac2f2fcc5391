// HTTP/1 in the data of events: the message that an event transfers a part of, and the contents of its head. All fields
// of a capture share one decoder, so that a response can be matched to its request.
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
import { decoderPerHost, serverOf } from './decoded.js'
import { bytesMoved, isPeek, isRead, isWrite } from './io.js'
import { byName } from './params.js'

/** HTTP activity of an event. If it moves parts of several messages: the first one whose head ends with the event. */
interface HttpActivity {
  readonly side: 'client' | 'server'
  /** target of the request; undefined if the request was not seen */
  readonly target: HttpTarget | undefined
  /** messages whose heads end with the event, usually none or one */
  readonly heads: readonly Message[]
  /** ns from request to response, if the first head is of a response */
  readonly latency: number | undefined
  /** bytes of bodies that the event moved */
  readonly bytes: { readonly request: number; readonly response: number }
}

export interface HttpTarget {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly url: string
}

/** A message in progress in one direction of a connection. */
interface OpenMessage {
  readonly m: Message
  readonly x: Exchange
  /** its head ends with the current event */
  fresh: boolean
  /** bytes of its body that are already reported */
  reportedBytes: number
}

/** The messages in progress of a connection, by direction. */
class Flow {
  sent: OpenMessage[] = []
  received: OpenMessage[] = []
}

const PORT = 80
/** Maximum characters of a path, and of a host. */
const LONGEST = 1024
/** More than a process can have descriptors. */
const FDS = 1 << 20
const NOTHING = new Uint8Array(0)

const findData = byName('data')

class HttpDecoder {
  private readonly connections = new Connections<Flow>(
    {
      owner: () => new Flow(),
      head: (m, x, flow) => {
        // interim responses (100 Continue) do not answer the request
        if (m.kind === 'response' && x.response !== m) return
        const parts = (m.kind === 'request') === x.client ? flow.sent : flow.received
        parts.push({ m, x, fresh: true, reportedBytes: 0 })
        if (m.kind === 'request') this.targets.set(m, targetOf(m, this.fd))
      },
    },
    0,
  )
  /** targets of the requests that may still be answered */
  private readonly targets = new WeakMap<Message, HttpTarget>()
  private fd: Fd | undefined
  /** the last decoded event */
  private num = -1
  private time = Number.NaN
  private activity: HttpActivity | undefined

  /** HTTP activity of the event; undefined if it moves no part of a known message. */
  at(e: Event): HttpActivity | undefined {
    if (e.num === this.num && e.time === this.time) return this.activity
    this.num = e.num
    this.time = e.time
    this.activity = e.sides === SIDE.NONE ? this.decode(e) : this.decodeBothSides(e)
    return this.activity
  }

  /** For a call on two descriptors: each may be a connection. */
  private decodeBothSides(e: Event): HttpActivity | undefined {
    const from = e.reading ? SIDE.READ : SIDE.WRITE
    e.look(SIDE.WRITE)
    const sent = this.decode(e)
    e.look(SIDE.READ)
    const received = this.decode(e)
    e.look(from)
    return sent ?? received
  }

  private decode(e: Event): HttpActivity | undefined {
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
    const activity = this.report(parts)
    const unfinished = parts.filter(({ m }) => m.endedAt === undefined)
    if (out) flow.sent = unfinished
    else flow.received = unfinished
    return activity
  }

  private report(parts: readonly OpenMessage[]): HttpActivity | undefined {
    const bytes = { request: 0, response: 0 }
    const heads: Message[] = []
    let first: OpenMessage | undefined
    for (const part of parts) {
      const { m, fresh } = part
      const more = m.body.length - part.reportedBytes
      bytes[m.kind] += more
      part.reportedBytes += more
      part.fresh = false
      if (fresh) heads.push(m)
      if ((first === undefined && more > 0) || (fresh && heads.length === 1)) first = part
    }
    if (first === undefined) return undefined
    const { m, x } = first
    return {
      side: x.client ? 'client' : 'server',
      target: x.request && this.targets.get(x.request),
      heads,
      latency: m.kind === 'response' && m === heads[0] ? latencyOf(x) : undefined,
      bytes,
    }
  }
}

/** The decoder for the event's host. */
export const httpOf = decoderPerHost(() => new HttpDecoder())

/** The target of a request. If it names no host, the server's address or the socket's path is the host. */
function targetOf(m: Request, fd: Fd | undefined): HttpTarget {
  const server = fd === undefined ? '' : fd.type === 'unix' ? (fd.path ?? fd.name) : (serverOf(fd, PORT) ?? '')
  return {
    method: copyOf(m.method),
    host: copyOf((hostOf(m) ?? server).slice(0, LONGEST)),
    path: copyOf(pathOf(m).slice(0, LONGEST)),
    url: urlOf(m),
  }
}

/** A copy of the text: a substring would keep the whole head in memory, for as long as a table row uses it as a key. */
function copyOf(text: string): string {
  const bytes = encodeText(text)
  return decodeText(bytes, 0, bytes.length)
}
