// What TLS connections tell before they are encrypted: whom the client wants to talk to, and how.
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

/** A hello that comes in pieces. */
interface Begun {
  readonly born: number
  readonly parts: Uint8Array[]
  have: number
}

export default defineChisel({
  description: 'Shows TLS connections as they begin: server name, protocols and version that the client offers.',
  details:
    '> is a hello that the process sent, < one that it received. SERVER NAME is the SNI, - where the client names none; ALPN the ' +
    'protocols that it offers; VERS the newest version that it speaks, not what is agreed on, which TLS 1.3 encrypts. With (ECH) the name is the public one ' +
    'of an encrypted hello. Of each call 2048 bytes are looked at (-s for more): [cut] is a hello of which the end is missing. QUIC, and what ' +
    'goes through io_uring, is not seen.',
  category: 'Application',
  fields: FIELDS,
  filter: 'evt.is_io=true and evt.failed=false and fd.type in (ipv4, ipv6, unix)',
  needs: { snaplen: 2048 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const begun = new Map<string, Begun>()
    /** hellos of which too little was captured to tell anything */
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
    /** More of a hello: shown once it is whole, or what there is when the rest cannot be known. */
    const go = (key: string, b: Begun, data: Uint8Array, v: Fields, e: Event) => {
      b.parts.push(data.slice(0, LONGEST_HELLO - b.have))
      b.have += data.length
      const bytes = Buffer.concat(b.parts)
      const length = helloLength(bytes)
      const hole = (v.bytes ?? 0) > data.length
      if (length !== false && !hole && (length === undefined || bytes.length < length)) return
      begun.delete(key)
      if (length !== false) show(bytes, v, e)
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        const { data } = v
        if (data === undefined || data.length === 0 || isPeek(e)) return
        // nearly all data begins otherwise, and is no part of a hello
        if (data[0] !== HANDSHAKE && begun.size === 0) return
        const key = `${e.pid} ${e.fdNum} ${v.write === true}`
        const born = e.fd?.born ?? 0
        const known = begun.get(key)
        if (known !== undefined && known.born === born) return go(key, known, data, v, e)
        if (helloLength(data) === false) return
        if (begun.size >= MOST) {
          unread += begun.size
          begun.clear()
        }
        const fresh = { born, parts: [], have: 0 }
        begun.set(key, fresh)
        go(key, fresh, data, v, e)
      },
      end() {
        if (unread > 0)
          c.tell(
            `${unread} ${unread === 1 ? 'connection' : 'connections'} (TLS) began of which too little was captured: capturing with -s 2048 keeps more`,
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
/** Behind the header of a record, what kind of message it has. */
const CLIENT_HELLO_AT = 5
const CLIENT_HELLO = 1
/** Connections of which a hello has begun. */
const MOST = 1024

function serverText({ ip, port }: Fields): string {
  return ip === undefined ? '' : ` (${endpointText(ip, port)})`
}
