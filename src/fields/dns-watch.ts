// DNS in the data of events: what each event asks or answers, and how long its answer took. All fields of a capture share one, so
// that a question is known to whoever asks about its answer.
import { type DnsMessage, DnsStream, dnsMessage, resolveMessage } from '../dns/index.js'
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { l4proto } from '../state/fd-name.js'
import { isInet } from '../state/socket-sides.js'
import { watchOf } from './decoded.js'
import { bytesMoved, isPeek, isRead, isWrite } from './io.js'
import { byName } from './params.js'
import { serverOf } from './server-of.js'

/** What an event says in DNS; of one that moves several messages the first, with the numbers of all. */
export interface DnsSaid {
  readonly name: string
  readonly type: string
  /** the process asked, or was answered */
  readonly client: boolean
  readonly server: string
  /** undefined: it is a question */
  readonly answer: Pick<DnsMessage, 'code' | 'answers'> | undefined
  /** ns since the question; undefined where that was not seen */
  readonly latency: number | undefined
  /** questions, or answers, of this event */
  readonly messages: number
}

type Part = Pick<DnsMessage, 'id' | 'code' | 'answers' | 'question'> & { readonly response: boolean }

const PORT = 53
const RESOLVED = '/io.systemd.Resolve'
/** Questions that wait for an answer, directions of connections, and messages of one call that are looked at. */
const MOST = 50_000
const MOST_STREAMS = 4096
const MOST_MESSAGES = 64

const findData = byName('data')

export class DnsWatch {
  private readonly asked = new Map<string, { readonly time: number; readonly name: string; readonly type: string }>()
  private readonly streams = new Map<string, DnsStream>()
  /** the event that was looked at last */
  private num = -1
  private time = Number.NaN
  private said: DnsSaid | undefined

  /** What the event says; undefined where that is no DNS, or cut before the question ends. */
  at(e: Event): DnsSaid | undefined {
    if (e.num === this.num && e.time === this.time) return this.said
    this.num = e.num
    this.time = e.time
    this.said = this.look(e)
    return this.said
  }

  private look(e: Event): DnsSaid | undefined {
    const { fd } = e
    if (fd === undefined || (!isWrite(e) && !isRead(e))) return undefined
    const resolved = fd.type === 'unix' && (fd.path ?? fd.name).includes(RESOLVED)
    if (!resolved && !(isInet(fd) && (fd.localPort === PORT || fd.remotePort === PORT))) return undefined
    const p = findData(e)
    const data = p < 0 ? undefined : e.bytes(p)
    const moved = bytesMoved(e)
    if (data === undefined || moved === undefined || isPeek(e)) return undefined
    const parts = resolved
      ? varlink(data)
      : l4proto(fd) === 'tcp'
        ? this.stream(e, fd, data, moved)
        : datagrams(e, data)
    return this.take(e, fd, parts, resolved)
  }

  private take(e: Event, fd: Fd, parts: readonly Part[], resolved: boolean): DnsSaid | undefined {
    let first: DnsSaid | undefined
    for (const { id, question, response, code, answers } of parts) {
      const key = `${e.pid} ${e.fdNum} ${fd.born} ${resolved ? '' : `${id} ${question?.name.toLowerCase()} ${question?.type}`}`
      const before = response ? this.asked.get(key) : undefined
      // answers of systemd-resolved do not say what was asked
      const { name, type } = (resolved && before) || question || { name: '', type: '' }
      if (response) this.asked.delete(key)
      else this.ask(key, { time: e.time, name, type })
      first ??= {
        name,
        type,
        client: isWrite(e) !== response,
        server: resolved ? 'systemd-resolved' : (serverOf(fd, PORT) ?? ''),
        answer: response ? { code, answers } : undefined,
        latency: before && e.time - before.time,
        messages: parts.filter((o) => o.response === response).length,
      }
    }
    return first
  }

  /** A question that is asked again waits since the first time. */
  private ask(key: string, q: { time: number; name: string; type: string }): void {
    if (this.asked.has(key)) return
    if (this.asked.size >= MOST) for (const oldest of this.asked.keys()) if (this.asked.delete(oldest)) break
    this.asked.set(key, q)
  }

  private stream(e: Event, fd: Fd, data: Uint8Array, moved: number): Part[] {
    const key = `${e.pid} ${e.fdNum} ${fd.born} ${isWrite(e)}`
    let stream = this.streams.get(key)
    if (stream === undefined) {
      if (this.streams.size >= MOST_STREAMS) this.streams.clear()
      stream = new DnsStream()
      this.streams.set(key, stream)
    }
    return stream.push(data, moved).flatMap(whole)
  }
}

/** The watch over the events of the context's present host. */
export const dnsOf = watchOf(() => new DnsWatch())

/** A message whose question can be read. */
function whole(bytes: Uint8Array): Part[] {
  const m = dnsMessage(bytes)
  return m?.question === undefined ? [] : [m]
}

/** Calls that send or receive several have one behind the other. */
function datagrams(e: Event, data: Uint8Array): Part[] {
  const parts: Part[] = []
  const several = e.def.name.endsWith('mmsg')
  for (let at = 0; at < data.length && parts.length < MOST_MESSAGES; ) {
    const m = dnsMessage(data.subarray(at))
    if (m?.question !== undefined) parts.push(m)
    if (!several || m?.end === undefined) break
    at += m.end
  }
  return parts
}

function varlink(data: Uint8Array): Part[] {
  const said = resolveMessage(data)
  if (said === undefined) return []
  const { name = '', type = '', answer } = said
  return [{ id: 0, question: { name, type }, response: answer !== undefined, code: '', answers: [], ...answer }]
}
