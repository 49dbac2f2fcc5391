// DNS questions with their answers, of clients and servers.
import {
  type DnsMessage,
  DnsStream,
  defineChisel,
  dnsMessage,
  type Event,
  endpointText,
  eventLines,
  isPeek,
  resolveMessage,
  spanText,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  proc: 'proc.name',
  container: 'container.name',
  write: 'evt.is_io_write',
  bytes: 'evt.buflen',
  data: 'evt.buffer',
  l4: 'fd.l4proto',
  kind: 'fd.type',
  ip: 'fd.sip',
  port: 'fd.sport',
} as const
type Fields = Values<typeof FIELDS>

/** A question whose answer has not come. Times in ns. */
interface Asked {
  readonly time: number
  readonly client: boolean
  readonly pid: number
  readonly proc: string
  readonly container: string | undefined
  readonly server: string
  readonly proto: string
  readonly id: number
  readonly name: string
  readonly type: string
  tries: number
}

type Answer = Pick<DnsMessage, 'code' | 'truncated' | 'answers' | 'more'>

export default defineChisel({
  description: 'Shows DNS questions with their answers, response codes and the time between.',
  details:
    '> is a question that the process asked, < one that it was asked: who forwards has both. Over UDP and TCP at port 53, of the ' +
    "loopback too, and over systemd-resolved's socket for programs. AFTER is the time to the answer, ? where the question was before the capture; - in CODE is no " +
    'answer within 10 seconds, or up to the end. Of each call 1500 bytes are looked at (-s for more): of a longer message, [+N] is the number of ' +
    'answers that were not. DNS over TLS or HTTPS is encrypted and not seen; nor what a program knew already.',
  category: 'Application',
  args: { port: { type: 'int', doc: 'the port of DNS servers', optional: true, default: 53 } },
  fields: FIELDS,
  filter: ({ args }) =>
    `evt.is_io=true and evt.failed=false and (fd.type in (ipv4, ipv6) and fd.port=${args.port} or fd.type=unix and fd.name contains /io.systemd.Resolve)`,
  needs: { snaplen: 1500 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const asked = new Map<string, Asked>()
    const streams = new Map<string, { readonly born: number; readonly stream: DnsStream }>()
    let broken = 0
    /** questions, and directions of connections, that there was no room for */
    let left = 0

    const show = (q: Asked, time: number, answer: Answer | undefined, known: boolean) => {
      const latency = known && answer !== undefined ? time - q.time : undefined
      if (c.json) emit(q, time, answer, latency)
      else out.row([c.timeOfDay(time), ...cellsOf(q, answer, latency)])
    }
    const emit = (q: Asked, time: number, answer: Answer | undefined, latency: number | undefined) => {
      const { client, pid, proc, container, server, proto, id, name, type, tries } = q
      const { code, truncated, answers, more } = answer ?? {}
      const who = { direction: client ? '>' : '<', pid, proc, container, server, proto }
      c.emit({ time: c.epoch(time), ...who, id, name, type, code, latency, tries, truncated, answers, more })
    }

    const about = (
      v: Fields,
      e: Event,
      proto: string,
      response: boolean,
      m: { id: number; name: string; type: string },
    ): Asked => ({
      time: e.time,
      client: (v.write === true) !== response,
      pid: e.pid,
      proc: v.proc ?? '<NA>',
      container: v.container,
      server: v.ip === undefined ? '' : endpointText(v.ip, v.port),
      proto,
      ...m,
      tries: 1,
    })
    const ask = (q: Asked, e: Event) => {
      const key = keyOf(q, e)
      const before = asked.get(key)
      if (before !== undefined) before.tries++
      else if (asked.size >= MOST) left++
      else asked.set(key, q)
    }
    const answer = (q: Asked, e: Event, a: Answer) => {
      const key = keyOf(q, e)
      const before = asked.get(key)
      asked.delete(key)
      show(before ?? q, e.time, a, before !== undefined)
    }

    const message = (m: DnsMessage | undefined, v: Fields, e: Event, proto: string) => {
      if (m?.question === undefined) {
        broken++
        return
      }
      const q = about(v, e, proto, m.response, { id: m.id, ...m.question })
      if (m.response) answer(q, e, m)
      else ask(q, e)
    }
    /** A datagram; of a call that sends or receives several, one after the other. */
    const datagrams = (data: Uint8Array, v: Fields, e: Event) => {
      const several = e.def.name.endsWith('mmsg')
      for (let at = 0, n = 0; at < data.length && n < MOST_MESSAGES; n++) {
        const m = dnsMessage(data.subarray(at))
        message(m, v, e, 'udp')
        if (!several || m?.end === undefined) return
        at += m.end
      }
    }
    const stream = (data: Uint8Array, v: Fields, e: Event) => {
      const key = `${e.pid} ${e.fdNum} ${v.write === true}`
      const born = e.fd?.born ?? 0
      let known = streams.get(key)
      if (known?.born !== born) {
        if (streams.size >= MOST_STREAMS) {
          left += streams.size
          streams.clear()
        }
        known = { born, stream: new DnsStream() }
        streams.set(key, known)
      }
      for (const bytes of known.stream.push(data, v.bytes ?? 0)) message(dnsMessage(bytes), v, e, 'tcp')
    }
    /** systemd-resolved's requests and replies, which have no numbers: one at a time is on a connection. */
    const varlink = (data: Uint8Array, v: Fields, e: Event) => {
      const said = resolveMessage(data)
      if (said === undefined) return
      const q = about(v, e, 'varlink', said.answer !== undefined, {
        id: 0,
        name: said.name ?? '',
        type: said.type ?? '',
      })
      const server = { ...q, server: 'systemd-resolved' }
      if (said.answer === undefined) ask(server, e)
      else answer(server, e, said.answer)
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        if (isPeek(e)) return
        const data = v.data ?? NOTHING
        if (v.kind === 'unix') varlink(data, v, e)
        else if (v.l4 === 'tcp') stream(data, v, e)
        else if (data.length > 0) datagrams(data, v, e)
      },
      interval(time) {
        for (const [key, q] of asked) {
          if (time - q.time < PATIENCE) break
          asked.delete(key)
          show(q, time, undefined, true)
        }
      },
      end(time) {
        for (const q of asked.values()) show(q, time, undefined, true)
        if (left > 0) c.tell(`${left} questions and connections were not followed: there were too many at a time`)
        if (broken > 0)
          c.tell(`${broken} ${broken === 1 ? 'message was' : 'messages were'} no DNS, or cut before the question ended`)
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['', 2],
  ['PID', 8],
  ['COMM', 12],
  ['CONTAINER', 14, 'containers'],
  ['TYPE', 7],
  ['CODE', 9],
  ['AFTER', 8],
  ['QUESTION -> ANSWER', 0],
] as const

const NOTHING = new Uint8Array(0)
/** Questions that wait for an answer, directions of connections, and messages of one call that are looked at. */
const MOST = 50_000
const MOST_STREAMS = 4096
const MOST_MESSAGES = 64
/** ns */
const PATIENCE = 10e9
/** Answers in a line. */
const SHOWN = 8

/** What a question and its answer have in common. */
function keyOf(q: Asked, e: Event): string {
  return `${q.pid} ${e.fdNum} ${q.proto === 'varlink' ? '' : `${q.id} ${q.name.toLowerCase()} ${q.type}`}`
}

function cellsOf(q: Asked, answer: Answer | undefined, latency: number | undefined): string[] {
  const { client, pid, proc, container, name, type, tries } = q
  const after = latency !== undefined ? spanText(latency) : answer === undefined ? '-' : '?'
  const what = answer === undefined ? `${name} (no answer)` : answerText(name, answer)
  return [
    client ? '>' : '<',
    `${pid}`,
    proc,
    container ?? '',
    type,
    answer?.code ?? '-',
    after,
    tries > 1 ? `${what} (asked ${tries} times)` : what,
  ]
}

function answerText(name: string, { answers, more, truncated }: Answer): string {
  const shown = answers.slice(0, SHOWN).map((a) => (a.type === 'CNAME' ? `CNAME ${a.data}` : a.data))
  const left = answers.length - shown.length + more
  const rest = [...(left > 0 ? [`[+${left}]`] : []), ...(truncated ? ['[truncated]'] : [])]
  const all = [...(shown.length > 0 ? [shown.join(', ')] : []), ...rest].join(' ')
  return all === '' ? name : `${name} -> ${all}`
}
