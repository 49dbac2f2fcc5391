// DNS in the data of events: the query or response of each event, and the response time. All fields of a capture share
// one decoder, so that a response can be matched to its query.
import { type DnsMessage, type DnsProtocol, DnsTransfers, type TransferredMessage } from '../dns/index.js'
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { l4proto } from '../state/fd-name.js'
import { isInet } from '../state/socket-sides.js'
import { decoderPerState, serverOf } from './decoded.js'
import { type FieldContext, stateOf } from './field.js'
import { bytesMoved, isPeek, isRead, isWrite } from './io.js'
import { byName } from './params.js'

/** DNS activity of an event. If it moves several messages: the first one, and the number of all. */
interface DnsActivity {
  readonly name: string
  readonly type: string
  /** the process is the client: it sent the query, or received the response */
  readonly client: boolean
  readonly server: string
  /** undefined for a query */
  readonly answer: Pick<DnsMessage, 'code' | 'answers'> | undefined
  /** ns since the query; undefined if it was not seen */
  readonly latency: number | undefined
  /** queries, or responses, in this event */
  readonly messages: number
}

/** The answer to a question that the process sent before. */
interface Answered {
  readonly name: string
  /** batch time (ns) of the question */
  readonly queriedAt: number
  readonly answers: DnsMessage['answers']
}

const PORT = 53
const RESOLVED = '/io.systemd.Resolve'
/** Maximum number of pending queries. */
const MOST = 50_000

const NOTHING = new Uint8Array(0)
const findData = byName('data')

export class DnsDecoder {
  /** called for each answer that a process received to a question of its own */
  onAnswer: ((e: Event, answered: Answered) => void) | undefined
  /** number of calls that received answers of which the capture has no data, or too little */
  cut = 0
  private readonly pending = new Map<string, { readonly time: number; readonly name: string; readonly type: string }>()
  private readonly transfers = new DnsTransfers()
  /** the last decoded event */
  private num = -1
  private time = Number.NaN
  private activity: DnsActivity | undefined

  /** DNS activity of the event; undefined if it has none, or if the data is cut before the question ends. */
  at(e: Event): DnsActivity | undefined {
    if (e.num === this.num && e.time === this.time) return this.activity
    this.num = e.num
    this.time = e.time
    this.activity = this.decode(e)
    return this.activity
  }

  private decode(e: Event): DnsActivity | undefined {
    const { fd } = e
    const reads = isRead(e)
    const protocol = fd && (reads || isWrite(e)) ? protocolOf(fd) : undefined
    if (fd === undefined || protocol === undefined) return undefined
    const moved = bytesMoved(e)
    if (moved === undefined || isPeek(e)) return undefined
    const p = findData(e)
    const data = (p < 0 ? undefined : e.bytes(p)) ?? NOTHING
    const messages = this.transfers.read({
      protocol,
      direction: `${e.pid} ${e.fdNum} ${!reads}`,
      born: fd.born,
      several: e.def.name.endsWith('mmsg'),
      data,
      length: moved,
    })
    if (reads && data.length < moved && !messages.some((m) => m.response && m.more === 0)) this.cut++
    return this.match(e, fd, messages, protocol === 'varlink')
  }

  private match(e: Event, fd: Fd, messages: readonly TransferredMessage[], resolved: boolean): DnsActivity | undefined {
    let first: DnsActivity | undefined
    for (const { id, question, response, code, answers } of messages) {
      const key = `${e.pid} ${e.fdNum} ${fd.born} ${resolved ? '' : `${id} ${question.name.toLowerCase()} ${question.type}`}`
      const before = response ? this.pending.get(key) : undefined
      // responses of systemd-resolved do not contain the question
      const { name, type } = (resolved && before) || question
      if (response) this.pending.delete(key)
      if (before !== undefined && isRead(e)) this.onAnswer?.(e, { name, queriedAt: before.time, answers })
      if (!response) this.addPending(key, { time: e.time, name, type })
      first ??= {
        name,
        type,
        client: isWrite(e) !== response,
        server: resolved ? 'systemd-resolved' : (serverOf(fd, PORT) ?? ''),
        answer: response ? { code, answers } : undefined,
        latency: before && e.time - before.time,
        messages: messages.filter((o) => o.response === response).length,
      }
    }
    return first
  }

  /** For a repeated query, the latency counts from the first time. */
  private addPending(key: string, q: { time: number; name: string; type: string }): void {
    if (this.pending.has(key)) return
    if (this.pending.size >= MOST) for (const oldest of this.pending.keys()) if (this.pending.delete(oldest)) break
    this.pending.set(key, q)
  }
}

/** How a descriptor's data contain DNS; undefined: not at all. */
function protocolOf(fd: Fd): DnsProtocol | undefined {
  if (fd.type === 'unix') return (fd.path ?? fd.name).includes(RESOLVED) ? 'varlink' : undefined
  if (!isInet(fd) || (fd.localPort !== PORT && fd.remotePort !== PORT)) return undefined
  return l4proto(fd) === 'tcp' ? 'tcp' : 'udp'
}

/** Whether it is a client's socket: of DNS, or of systemd-resolved. */
export function asksForNames(fd: Fd): boolean {
  return fd.remotePort === PORT ? isInet(fd) : fd.type === 'unix' && protocolOf(fd) !== undefined
}

/** The decoder of a host. */
export const decoderOf = decoderPerState(() => new DnsDecoder())

/** The decoder for the event's host. */
export const dnsOf = (ctx: FieldContext, e: Event): DnsDecoder => decoderOf(stateOf(ctx, e))
