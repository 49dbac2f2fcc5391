// Netlink messages (schema/structs/netlink.ts) instead of the dots of a buffer: [{nlmsg_len=20, nlmsg_type=RTM_GETLINK,
// ...}]. Attributes after the known part of a message stay dots, in which names are readable.
import type { Event } from '../../model/event.js'
import { errnoName } from '../../schema/errno.js'
import { messageBody, messageFlags, messageType } from '../../schema/structs/netlink.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { shapeWriter } from './writer.js'

/** bytes of struct nlmsghdr */
const HEADER = 16
/** alignment of messages */
const ALIGN = 4
const ERROR = 2
/** maximum number of messages shown */
const MOST = 16
const KOBJECT_UEVENT = 15

/** The protocol of the event's descriptor if it is a netlink socket with such messages; otherwise undefined. */
export function netlinkProtocol(e: Event): number | undefined {
  const { fd } = e
  if (fd?.type !== 'netlink' || !e.batch.native || fd.proto === KOBJECT_UEVENT) return undefined
  return fd.proto ?? -1
}

/**
 * Appends the messages in bytes [from, to), the last of which may be cut; returns false, having written nothing, if
 * there are none.
 */
export function writeMessages(out: ByteWriter, view: DataView, from: number, to: number, protocol: number): boolean {
  if (to - from < HEADER || view.getUint32(from, true) < HEADER) return false
  out.trusted('[')
  let at = from
  for (let i = 0; at + HEADER <= to; i++) {
    const length = view.getUint32(at, true)
    // programs may send a whole buffer, of which the kernel reads only the first message
    if (length < HEADER) break
    if (i > 0) out.trusted(', ')
    if (i === MOST) {
      out.trusted('...')
      break
    }
    message(out, view, at, Math.min(to, at + length), protocol)
    at += Math.ceil(length / ALIGN) * ALIGN
  }
  out.trusted(']')
  return true
}

function message(out: ByteWriter, view: DataView, at: number, end: number, protocol: number): void {
  const length = view.getUint32(at, true)
  const type = view.getUint16(at + 4, true)
  out.trusted('{')
  header(out, view, at, protocol)
  let rest = at + HEADER
  if (type === ERROR && rest + 4 <= end) rest = answer(out, view, rest, end, protocol)
  const shape = messageBody(protocol, type, view.getUint16(at + 6, true), length - HEADER)
  if (shape !== undefined && rest < end) {
    const stop = Math.min(end, rest + Math.ceil(shape.size / ALIGN) * ALIGN)
    out.trusted(', body=')
    shapeWriter(shape)(out, view, rest, stop)
    rest = stop
  }
  if (rest < end) {
    out.trusted(', data="')
    out.dots(view, rest, end)
    out.trusted('"')
  }
  out.trusted(at + length > end ? '...}' : '}')
}

function header(out: ByteWriter, view: DataView, at: number, protocol: number): void {
  const number = (offset: number) => view.getUint32(at + offset, true)
  const type = view.getUint16(at + 4, true)
  const name = messageType(protocol, type)
  const flags = messageFlags(name ?? '', view.getUint16(at + 6, true))
  out.trusted(`nlmsg_len=${number(0)}, nlmsg_type=${name ?? type}, nlmsg_flags=${flags}`)
  out.trusted(`, nlmsg_seq=${number(8)}, nlmsg_pid=${number(12)}`)
}

/**
 * The body of an error message: its code (0 for success), and the header of the message it refers to. Returns its end.
 */
function answer(out: ByteWriter, view: DataView, at: number, end: number, protocol: number): number {
  const code = view.getInt32(at, true)
  const original = at + 4
  out.trusted(`, error=${code === 0 ? 0 : (errnoName(code) ?? code)}`)
  if (original + HEADER > end) return original
  out.trusted(', msg={')
  header(out, view, original, protocol)
  out.trusted('}')
  return original + HEADER
}
