// The unencrypted start of TLS connections: server name, protocols and version.
import {
  clientHello,
  defineChisel,
  type Event,
  endpointText,
  eventLines,
  helloLength,
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
  filter: 'evt.is_io=true and evt.failed=false and fd.type in (ipv4, ipv6, unix)',
  needs: { snaplen: 2048 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const partial = new Map<string, PartialHello>()
    /** hellos of which too little was captured */
    let unread = 0

    const show = (bytes: Uint8Array, v: Fields, e: Event) => {
      const hello = clientHello(bytes)
      if (hello === undefined) {
        if (bytes[CLIENT_HELLO_AT] === CLIENT_HELLO) unread++
        return
      }
      const direction = v.write === true ? '>' : '<'
      const { proc = '<NA>', container, name: connection } = v
      if (c.json) {
        const { serverName: server_name, alpn, version, encrypted: ech, cut } = hello
        c.emit({
          time: c.epoch(e.time),
          direction,
          pid: e.pid,
          proc,
          container,
          connection,
          server_name,
          alpn,
          version,
          ech,
          cut,
        })
        return
      }
      const more = `${hello.encrypted ? ' (ECH)' : ''}${hello.cut ? ' [cut]' : ''}`
      out.row([
        c.timeOfDay(e.time),
        direction,
        `${e.pid}`,
        proc,
        container ?? '',
        hello.version,
        hello.alpn.join(',') || '-',
        `${hello.serverName ?? '-'}${more}${serverText(v)}`,
      ])
    }
    /** Adds data to a hello. Shows the hello once it is complete, or as it is if the rest will be missing. */
    const add = (key: string, b: PartialHello, data: Uint8Array, v: Fields, e: Event) => {
      b.parts.push(data.slice(0, LONGEST_HELLO - b.have))
      b.have += data.length
      const bytes = Buffer.concat(b.parts)
      const length = helloLength(bytes)
      const hole = (v.bytes ?? 0) > data.length
      if (length !== false && !hole && (length === undefined || bytes.length < length)) return
      partial.delete(key)
      if (length !== false) show(bytes, v, e)
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        const { data } = v
        if (data === undefined || data.length === 0 || isPeek(e)) return
        // nearly all data start differently and are not part of a hello
        if (data[0] !== HANDSHAKE && partial.size === 0) return
        const key = `${e.pid} ${e.fdNum} ${v.write === true}`
        const born = e.fd?.born ?? 0
        const known = partial.get(key)
        if (known !== undefined && known.born === born) return add(key, known, data, v, e)
        if (helloLength(data) === false) return
        if (partial.size >= MOST) {
          unread += partial.size
          partial.clear()
        }
        const fresh = { born, parts: [], have: 0 }
        partial.set(key, fresh)
        add(key, fresh, data, v, e)
      },
      end() {
        if (unread > 0)
          c.tell(
            `too little was captured of ${unread} TLS ${unread === 1 ? 'connection' : 'connections'}; capture with -s 2048 to record more`,
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

function serverText({ ip, port }: Fields): string {
  return ip === undefined ? '' : ` (${endpointText(ip, port)})`
}
