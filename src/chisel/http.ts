// HTTP in the data of events, for chisels.
import { bytesMoved } from '../fields/io.js'
import { Connections, type Exchange, type Message } from '../http/index.js'
import type { Event } from '../model/event.js'
import type { Values } from './values.js'

/** Fields that HttpWatch reads; a chisel includes them in its own. */
export const HTTP_FIELDS = {
  write: 'evt.is_io_write',
  bytes: 'evt.buflen',
  data: 'evt.rawarg.data',
  name: 'fd.name',
  proc: 'proc.name',
} as const

/** Events that HttpWatch needs: data on sockets, and the ends of connections. */
export const HTTP_FILTER =
  'evt.failed=false and fd.type in (ipv4, ipv6, unix) and (evt.is_io=true or evt.type in (close, shutdown))'

/** The process that has a connection. */
export interface Owner {
  readonly pid: number
  readonly proc: string
  /** the connection's ends */
  readonly name: string
}

export interface HttpListener {
  /** A head was read. */
  head?(m: Message, x: Exchange, owner: Owner): void
  /** A message has ended. */
  end?(m: Message, x: Exchange, owner: Owner): void
}

const NOTHING = new Uint8Array(0)
/** More than the number of descriptors of a process. */
const FDS = 1 << 20

export class HttpWatch {
  private readonly connections: Connections<Owner>
  private values: Values<typeof HTTP_FIELDS> | undefined
  private pid = 0
  /** number of heads */
  private readonly heads = { request: 0, response: 0 }

  /** The listener is called during event() and end(). `bodyLimit`: bytes to retain of each body. */
  constructor(listener: HttpListener, bodyLimit: number) {
    const owner = () => ({ pid: this.pid, proc: this.values?.proc ?? '<NA>', name: this.values?.name ?? '' })
    const head: HttpListener['head'] = (m, x, of) => {
      this.heads[m.kind]++
      listener.head?.(m, x, of)
    }
    this.connections = new Connections({ ...listener, head, owner }, bodyLimit)
  }

  event(v: Values<typeof HTTP_FIELDS>, e: Event): void {
    const key = e.pid * FDS + e.fdNum
    const bytes = bytesMoved(e)
    if (bytes === undefined) {
      if (e.def.name === 'close') this.connections.closed(key, e.time)
      return
    }
    const data = v.data
    const seen = data instanceof Uint8Array ? data : NOTHING
    this.values = v
    this.pid = e.pid
    this.connections.data(key, e.fd?.born ?? 0, v.write === true, seen, bytes, e.time)
  }

  /** The capture ends at batch time `time` (ns). */
  end(time: number): void {
    this.connections.end(time)
  }

  /** Reports why less may be shown than expected. `shown`: number of messages shown. */
  explain(c: { tell(sentence: string): void }, shown: number): void {
    const { tls, http2, cut } = this.connections
    const unpaired = this.unpaired()
    if (shown === 0 && unpaired !== undefined)
      c.tell(`nothing is shown for ${unpaired}: the other side was not captured, or the filter does not pass it`)
    if (shown === 0 && tls > 0)
      c.tell(`${counted(tls, 'encrypted connection')} (TLS) started; encrypted content is not visible`)
    if (shown === 0 && http2 > 0) c.tell(`${counted(http2, 'connection')} used HTTP/2, which is not decoded`)
    if (cut > 0)
      c.tell(`${counted(cut, 'message')} had more headers than were captured; capture with -s 8000 to record more`)
  }

  /** The messages, if none of them is the other side of an exchange; undefined if there are none. */
  private unpaired(): string | undefined {
    const { request, response } = this.heads
    if (request === 0 && response > 0) return `${counted(response, 'response')} without a request`
    return response === 0 && request > 0 ? `${counted(request, 'request')} without a response` : undefined
  }
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}
