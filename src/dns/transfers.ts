// DNS messages in transfers: datagrams, pieces of TCP streams, and exchanges with systemd-resolved.
import { type DnsMessage, dnsMessage } from './message.js'
import { resolveMessage } from './resolved.js'
import { DnsStream } from './stream.js'
import { VarlinkStream } from './varlink-stream.js'

export type DnsProtocol = 'udp' | 'tcp' | 'varlink'

/** Data that one call transferred. */
export interface DnsTransfer {
  readonly protocol: DnsProtocol
  /** identifies the direction of a connection, for `tcp` and `varlink` */
  readonly direction: string
  /** when its descriptor was created: a later one with the same `direction` is another connection */
  readonly born: number
  /** the call may transfer several datagrams, one after the other */
  readonly several: boolean
  readonly data: Uint8Array
  /** bytes of the transfer, of which `data` are the first */
  readonly length: number
}

/** A message; those of systemd-resolved have the id 0. */
export type TransferredMessage = Pick<DnsMessage, 'id' | 'response' | 'code' | 'truncated' | 'answers' | 'more'> & {
  readonly question: { readonly name: string; readonly type: string }
}

/** Maximum number of directions of connections, and of messages of one call. */
const MOST_STREAMS = 4096
const MOST_MESSAGES = 64

export class DnsTransfers {
  /** messages that are no DNS, or end before the question does */
  undecodable = 0
  private readonly streams = new Streams(() => new DnsStream())
  private readonly varlink = new Streams(() => new VarlinkStream())

  /** The messages that end with the transfer. */
  read(t: DnsTransfer): TransferredMessage[] {
    if (t.protocol === 'varlink') return this.varlink.of(t).push(t.data, t.length).flatMap(varlink)
    const messages = t.protocol === 'tcp' ? this.streams.of(t).push(t.data, t.length).map(dnsMessage) : datagrams(t)
    return messages.flatMap((m) => {
      const { question } = m ?? {}
      if (m === undefined || question === undefined) {
        this.undecodable++
        return []
      }
      return [{ ...m, question }]
    })
  }

  /** directions of connections that were dropped because there were too many */
  get dropped(): number {
    return this.streams.dropped + this.varlink.dropped
  }
}

/** The stream of each direction of a connection. */
class Streams<S> {
  dropped = 0
  private readonly known = new Map<string, { readonly born: number; readonly stream: S }>()

  constructor(private readonly make: () => S) {}

  of({ direction, born }: DnsTransfer): S {
    const known = this.known.get(direction)
    if (known?.born === born) return known.stream
    if (this.known.size >= MOST_STREAMS) {
      this.dropped += this.known.size
      this.known.clear()
    }
    const stream = this.make()
    this.known.set(direction, { born, stream })
    return stream
  }
}

function datagrams({ data, several }: DnsTransfer): (DnsMessage | undefined)[] {
  const messages: (DnsMessage | undefined)[] = []
  for (let at = 0; at < data.length && messages.length < MOST_MESSAGES; ) {
    const m = dnsMessage(data.subarray(at))
    messages.push(m)
    if (!several || m?.end === undefined) break
    at += m.end
  }
  return messages
}

/** A request or reply of systemd-resolved. A reply has no name and type. */
function varlink(data: Uint8Array): TransferredMessage[] {
  const message = resolveMessage(data)
  if (message === undefined) return []
  const { name = '', type = '', answer } = message
  const none = { code: '', truncated: false, answers: [], more: 0 }
  return [{ id: 0, question: { name, type }, response: answer !== undefined, ...(answer ?? none) }]
}
