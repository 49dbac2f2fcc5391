// The unencrypted start of TLS connections: server name, protocols and version.
import {
  type ClientHello,
  clientHello,
  defineChisel,
  type Event,
  endpointText,
  eventLines,
  helloLength,
  IO,
  isPeek,
  LONGEST_HELLO,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  proc: 'proc.name',
  container: 'container.name',
  write: 'evt.is_io_write',
  bytes: 'evt.buflen',
  data: 'evt.buffer',
  name: 'fd.name',
  ip: 'fd.sip',
  port: 'fd.sport',
} as const
type Fields = Values<typeof FIELDS>

/** A hello that was received in part. */
interface PartialHello {
  readonly born: number
  readonly parts: Uint8Array[]
  have: number
}

export default defineChisel({
  description: 'Shows starting TLS connections: server name, protocols and version that the client offers.',
  details:
    '> is a hello that the process sent, < one that it received. SERVER NAME is the SNI, - if the client sends none; ALPN the ' +
    'offered protocols; VERS the newest offered version, not the negotiated one, which TLS 1.3 encrypts. (ECH) marks the public ' +
    'name of an encrypted hello. The first 2048 bytes of each call are read (-s for more); [cut] marks a hello whose end is ' +
    'missing. QUIC and transfers by io_uring are not visible.',
  category: 'Application',
  fields: FIELDS,
  filter: `${IO} and evt.failed=false and fd.type in (ipv4, ipv6, unix)`,
  needs: { snaplen: 2048 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const partial = new PartialHellos()
    /** hellos of which too little was captured to show anything */
    let unread = 0

    return {
      start: () => out.titles(),
      event(v, e) {
        const bytes = isPeek(e) ? undefined : partial.add(v, e)
        if (bytes === undefined) return
        const hello = clientHello(bytes)
        if (hello === undefined) {
          if (bytes[CLIENT_HELLO_AT] === CLIENT_HELLO) unread++
        } else if (c.json) c.emit({ time: c.epoch(e.time), ...jsonOf(hello, v, e) })
        else out.row([c.timeOfDay(e.time), ...cellsOf(hello, v, e)])
      },
      end() {
        const missed = unread + partial.dropped
        if (missed > 0)
          c.tell(
            `too little was captured of ${missed} TLS ${missed === 1 ? 'connection' : 'connections'}; capture with -s 2048 to record more`,
          )
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['', 2],
  ['PID', 8],
  ['COMM', 13],
  ['CONTAINER', 14, 'containers'],
  ['VERS', 5],
  ['ALPN', 13],
  ['SERVER NAME', 0],
] as const

const HANDSHAKE = 22
/** Offset of the message type, after the header of a record. */
const CLIENT_HELLO_AT = 5
const CLIENT_HELLO = 1
/** Maximum number of partial hellos. */
const MOST = 1024

/** The starts of streams that may be hellos, until they are complete. */
class PartialHellos {
  /** by process, descriptor and direction */
  private readonly hellos = new Map<string, PartialHello>()
  /** number of those that were dropped because there were too many at a time */
  dropped = 0

  /** Adds an event's data. Returns a hello once it is complete, or as it is if the rest will be missing. */
  add(v: Fields, e: Event): Uint8Array | undefined {
    const { data } = v
    if (data === undefined || data.length === 0) return undefined
    // nearly all data start differently and are not part of a hello
    if (data[0] !== HANDSHAKE && this.hellos.size === 0) return undefined
    const key = `${e.pid} ${e.fdNum} ${v.write === true}`
    const hello = this.partOf(key, e.fd?.born ?? 0, data)
    if (hello === undefined) return undefined
    hello.parts.push(data.slice(0, LONGEST_HELLO - hello.have))
    hello.have += data.length
    const bytes = Buffer.concat(hello.parts)
    const length = helloLength(bytes)
    const hole = (v.bytes ?? 0) > data.length
    if (length !== false && !hole && (length === undefined || bytes.length < length)) return undefined
    this.hellos.delete(key)
    return length === false ? undefined : bytes
  }

  /** The hello that data belong to, which they may start; undefined: none. */
  private partOf(key: string, born: number, data: Uint8Array): PartialHello | undefined {
    const known = this.hellos.get(key)
    if (known !== undefined && known.born === born) return known
    if (helloLength(data) === false) return undefined
    if (this.hellos.size >= MOST) {
      this.dropped += this.hellos.size
      this.hellos.clear()
    }
    const hello = { born, parts: [], have: 0 }
    this.hellos.set(key, hello)
    return hello
  }
}

const directionOf = ({ write }: Fields): '>' | '<' => (write === true ? '>' : '<')

function jsonOf(
  { serverName: server_name, alpn, version, encrypted: ech, cut }: ClientHello,
  v: Fields,
  { pid }: Event,
) {
  const { proc = '<NA>', container, name: connection } = v
  return { direction: directionOf(v), pid, proc, container, connection, server_name, alpn, version, ech, cut }
}

function cellsOf({ version, alpn, serverName = '-', encrypted, cut }: ClientHello, v: Fields, e: Event): string[] {
  const { proc = '<NA>', container = '' } = v
  const more = `${encrypted ? ' (ECH)' : ''}${cut ? ' [cut]' : ''}`
  const name = `${serverName}${more}${serverText(v)}`
  return [directionOf(v), `${e.pid}`, proc, container, version, alpn.join(',') || '-', name]
}

function serverText({ ip, port }: Fields): string {
  return ip === undefined ? '' : ` (${endpointText(ip, port)})`
}
