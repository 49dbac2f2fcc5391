// DNS questions with their answers, of clients and servers.
import {
  type ChiselContext,
  type DnsProtocol,
  type DnsTransfer,
  DnsTransfers,
  defineChisel,
  type Event,
  endpointText,
  eventLines,
  isPeek,
  spanText,
  type TransferredMessage,
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

/** A question. Times in ns. */
interface Question {
  readonly time: number
  readonly client: boolean
  readonly pid: number
  readonly proc: string
  readonly container: string | undefined
  readonly server: string
  readonly proto: DnsProtocol
  readonly id: number
  readonly name: string
  readonly type: string
  tries: number
}

type Answer = Pick<TransferredMessage, 'code' | 'truncated' | 'answers' | 'more'>

export default defineChisel({
  description: 'Shows DNS questions with their answers, response codes and the time between.',
  details:
    '> is a question that the process sent, < one that it received; a forwarding resolver has both. Shows messages over UDP and ' +
    'TCP on port 53, including the loopback interface, and requests of programs to the socket of systemd-resolved. AFTER is the ' +
    'time to the answer, ? if the question was sent before the capture; - in CODE means no answer within 10 seconds or until the ' +
    'end. The first 1500 bytes of each call are read (-s for more); [+N] is the number of answers beyond them. DNS over TLS or ' +
    'HTTPS is encrypted and not visible; neither are names that a program has cached.',
  category: 'Application',
  args: { port: { type: 'int', doc: 'the port of DNS servers', optional: true, default: 53 } },
  fields: FIELDS,
  filter: ({ args }) =>
    `evt.is_io=true and evt.failed=false and (fd.type in (ipv4, ipv6) and fd.port=${args.port} or fd.type=unix and fd.name contains /io.systemd.Resolve)`,
  needs: { snaplen: 1500 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const transfers = new DnsTransfers()
    /** questions without an answer, by keyOf() */
    const pending = new Map<string, Question>()
    let dropped = 0

    const show = (q: Question, time: number, answer?: Answer, latency?: number) => {
      if (c.json) c.emit(jsonOf(c, q, time, answer, latency))
      else out.row([c.timeOfDay(time), ...cellsOf(q, answer, latency)])
    }
    const remember = (key: string, q: Question) => {
      const before = pending.get(key)
      if (before !== undefined) before.tries++
      else if (pending.size >= MOST) dropped++
      else pending.set(key, q)
    }
    const answered = (key: string, q: Question, answer: Answer, time: number) => {
      const before = pending.get(key)
      pending.delete(key)
      show(before ?? q, time, answer, before && time - before.time)
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        if (isPeek(e)) return
        const transfer = transferOf(v, e)
        for (const m of transfers.read(transfer)) {
          const q = questionOf(m, v, e, transfer.protocol)
          if (m.response) answered(keyOf(q, e), q, m, e.time)
          else remember(keyOf(q, e), q)
        }
      },
      interval(time) {
        for (const [key, q] of pending) {
          if (time - q.time < PATIENCE) break
          pending.delete(key)
          show(q, time)
        }
      },
      end(time) {
        for (const q of pending.values()) show(q, time)
        const skipped = dropped + transfers.dropped
        if (skipped > 0) c.tell(`${skipped} questions and connections were not tracked: too many at a time`)
        const { undecodable } = transfers
        if (undecodable > 0)
          c.tell(
            `${undecodable} ${undecodable === 1 ? 'message was' : 'messages were'} no DNS, or cut before the question ended`,
          )
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
/** Maximum number of pending questions. */
const MOST = 50_000
/** ns after which a question counts as unanswered */
const PATIENCE = 10e9
/** Maximum number of answers in a line. */
const SHOWN = 8

/** The data of a call, as a transfer of DNS messages. */
function transferOf(v: Fields, e: Event): DnsTransfer {
  return {
    protocol: v.kind === 'unix' ? 'varlink' : v.l4 === 'tcp' ? 'tcp' : 'udp',
    direction: `${e.pid} ${e.fdNum} ${v.write === true}`,
    born: e.fd?.born ?? 0,
    several: e.def.name.endsWith('mmsg'),
    data: v.data ?? NOTHING,
    length: v.bytes ?? 0,
  }
}

/** The question of a message, which may be an answer. */
function questionOf(m: TransferredMessage, v: Fields, e: Event, proto: DnsProtocol): Question {
  return {
    time: e.time,
    client: (v.write === true) !== m.response,
    pid: e.pid,
    proc: v.proc ?? '<NA>',
    container: v.container,
    server: proto === 'varlink' ? 'systemd-resolved' : v.ip === undefined ? '' : endpointText(v.ip, v.port),
    proto,
    id: m.id,
    ...m.question,
    tries: 1,
  }
}

/** Equal for a question and its answer. systemd-resolved has one request at a time on a connection, without an id. */
function keyOf(q: Question, e: Event): string {
  return `${q.pid} ${e.fdNum} ${q.proto === 'varlink' ? '' : `${q.id} ${q.name.toLowerCase()} ${q.type}`}`
}

function jsonOf(
  c: Pick<ChiselContext<unknown, typeof FIELDS>, 'epoch'>,
  q: Question,
  time: number,
  answer: Answer | undefined,
  latency: number | undefined,
): unknown {
  const { client, pid, proc, container, server, proto, id, name, type, tries } = q
  const { code, truncated, answers, more } = answer ?? {}
  const who = { direction: client ? '>' : '<', pid, proc, container, server, proto }
  return { time: c.epoch(time), ...who, id, name, type, code, latency, tries, truncated, answers, more }
}

function cellsOf(q: Question, answer: Answer | undefined, latency: number | undefined): string[] {
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
  const omitted = answers.length - shown.length + more
  const rest = [...(omitted > 0 ? [`[+${omitted}]`] : []), ...(truncated ? ['[truncated]'] : [])]
  const all = [...(shown.length > 0 ? [shown.join(', ')] : []), ...rest].join(' ')
  return all === '' ? name : `${name} -> ${all}`
}
