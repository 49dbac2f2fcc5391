// Writes addresses of sockets: one, or both ends from source to destination.
import { AF_INET, AF_INET6, AF_UNIX, decodeSockaddr, decodeTuple, ipv6Text } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { sockaddr } from '../../schema/structs/address.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'
import { withPorts } from '../services.js'
import { shapeWriter } from '../structs/writer.js'
import { NO_VALUE, NOTHING, type WriteBytes } from './write.js'

const COLON = 58
const DOT = 46
const ARROW = new EncodedText('->')
/** bytes of one end: an address and a port */
const END = 6

/** Both ends of a socket (model/address.ts). */
export const tuple: WriteBytes = (out, e, ctx, at, end) => {
  const { view, arena } = e.batch
  if (end === at) out.encoded(NOTHING)
  else if (view.getUint8(at) === AF_INET && end - at >= 1 + 2 * END && !ctx.format.resolvePorts) {
    ipv4(out, view, at + 1)
    out.encoded(ARROW)
    ipv4(out, view, at + 1 + END)
  } else out.text(tupleBytes(arena, at, end, (ends) => withPorts(ends, ctx)))
}

/** The same as text. */
export function tupleText(e: Event, p: number): string {
  const at = e.varAt(p)
  return tupleBytes(e.batch.arena, at, at + e.varLen(at), (ends) => ends)
}

function tupleBytes(arena: Uint8Array, at: number, end: number, inet: (ends: string) => string): string {
  if (end === at) return NO_VALUE
  const t = decodeTuple(arena, at, end)
  if (t === undefined) return badFamily(arena[at] as number)
  if (t.family === AF_UNIX) return `${t.source}->${t.dest} ${t.path}`
  return inet(`${t.sourceIp}:${t.sourcePort}->${t.destIp}:${t.destPort}`)
}

/** One address: ip:port, a path, or a description of what is wrong with it. */
export const address: WriteBytes = (out, e, ctx, at, end) => {
  const { view, arena } = e.batch
  if (end === at) out.encoded(NOTHING)
  else if (view.getUint8(at) === AF_INET && end - at >= 1 + END && !ctx.format.resolvePorts) ipv4(out, view, at + 1)
  else {
    const a = decodeSockaddr(arena, at, end)
    if (a === undefined) otherFamily(out, e, at, end)
    else out.text(a.family === AF_UNIX ? a.path : withPorts(`${a.ip}:${a.port}`, ctx))
  }
}

/** An unknown family; after it the kernel side records the whole address. */
function otherFamily(out: ByteWriter, e: Event, at: number, end: number): void {
  const { arena, view } = e.batch
  const family = arena[at] as number
  const whole = end - at > 2 && view.getUint16(at + 1, true) === family && family !== AF_INET && family !== AF_INET6
  if (!whole || !shapeWriter(sockaddr)(out, view, at + 1, end)) out.trusted(badFamily(family))
}

function badFamily(family: number): string {
  return family === AF_INET ? 'INVALID IPv4' : family === AF_INET6 ? 'INVALID IPv6' : `family ${family}`
}

function ipv4(out: ByteWriter, view: DataView, at: number): void {
  out.int(view.getUint8(at))
  out.byte(DOT)
  out.int(view.getUint8(at + 1))
  out.byte(DOT)
  out.int(view.getUint8(at + 2))
  out.byte(DOT)
  out.int(view.getUint8(at + 3))
  out.byte(COLON)
  out.int(view.getUint16(at + 4, true))
}

/** An address of sixteen bytes. */
export const ipv6: WriteBytes = (out, e, _, at, end) => {
  out.trusted(end - at === 16 ? ipv6Text(e.batch.arena, at) : NO_VALUE)
}
