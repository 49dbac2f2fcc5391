// A pcapng file of what programs sent and received: the data of their calls as packets, with headers that are made up for them.

import type { FieldContext } from '../../fields/field.js'
import { bytesMoved, eachSide, isPeek, isRead, isWrite } from '../../fields/io.js'
import { paramFinder } from '../../fields/params.js'
import { escapeText } from '../../format/text/escape.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { CODE } from '../../schema/codes.js'
import { holdsData } from '../../schema/data-params.js'
import { l4proto } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'
import { EpochClock } from '../epoch-clock.js'
import type { Export, ExportChoice } from '../format.js'
import { DIRECTION, PcapngBuffer } from './blocks.js'
import { beginConnection, Connections, type Direction, type Found } from './connections.js'
import { FLAG } from './headers.js'
import { ProcessComments } from './process-comments.js'

const EINPROGRESS = 115
/** Bytes that one call can move. */
const MOST_MOVED = 0x7ffff000
const NOTHING = new Uint8Array(0)

const findData = paramFinder((p) => p.name === 'data' && (p.type === 'bytebuf' || holdsData(p)))

/** Makes a file of packets. */
export function pcapngExport({ program }: ExportChoice): Export {
  return new Pcapng(program)
}

class Pcapng implements Export {
  readonly out = new PcapngBuffer()
  private readonly comments = new ProcessComments()
  private connections = new Connections()
  private clock = new EpochClock({ startSec: 0, startNsec: 0 })
  private packets = 0
  /** of which data is missing that was not captured */
  private cut = 0
  /** calls that moved data by other sockets */
  private unix = 0
  private others = 0

  constructor(private readonly program: string) {}

  begin({ info }: FieldContext): void {
    this.clock = new EpochClock(info)
    this.connections = new Connections()
    this.out.section(this.program, escapeText(info.hostname), escapeText(info.kernel))
  }

  show(e: Event): void {
    eachSide(e, this.add)
  }

  private readonly add = (e: Event): void => {
    const { fd } = e
    if (e.type === CODE.drop) this.connections.lost()
    else if (fd !== undefined && isInet(fd)) this.inet(e, fd)
    else if (fd?.type === 'unix' && (bytesMoved(e) ?? 0) > 0 && !isPeek(e)) this.unix++
  }

  end(): void {}

  notes(): string[] {
    const { packets, cut, unix, others } = this
    const left = (n: number, what: string) =>
      `${n === 1 ? `1 call on a ${what} socket is` : `${n} calls on ${what} sockets are`} left out: packets are of TCP and UDP`
    return [
      ...(packets === 0 ? ['the file has no packets: no call that passed moved data by an internet socket'] : []),
      ...(cut > 0
        ? [`${cut} of ${packets} packets have less data than was moved: -s BYTES captures more of each call`]
        : []),
      ...(unix > 0 ? [left(unix, 'unix')] : []),
      ...(others > 0 ? [left(others, 'raw')] : []),
    ]
  }

  private inet(e: Event, fd: Fd): void {
    const begins = beginsConnection(e)
    const moved = bytesMoved(e)
    if (!begins && (moved === undefined || isPeek(e))) return
    const protocol = l4proto(fd) ?? 'tcp'
    if (protocol !== 'tcp' && protocol !== 'udp') {
      this.others++
      return
    }
    const found = this.connections.of(fd, protocol === 'tcp')
    if (found === undefined) return
    if (!begins) this.data(e, found, protocol === 'udp', moved as number)
    else if (protocol === 'tcp') {
      beginConnection(found.connection, found.out, e.def.socket === 'connects')
      if (e.ret >= 0) this.greet(e, found)
    }
  }

  private data(e: Event, found: Found, datagram: boolean, moved: number): void {
    if (!isWrite(e) && !isRead(e)) return
    const direction = isWrite(e) ? found.out : found.out.other
    if (datagram) this.datagram(e, direction, moved)
    else if (moved > 0) {
      this.greet(e, found)
      this.segments(e, direction, Math.floor(Math.min(moved, MOST_MOVED)))
    }
  }

  /** TCP's handshake, where the connection's beginning was seen. */
  private greet(e: Event, { connection, out }: Found): void {
    if (!connection.greets) return
    connection.greets = false
    const client = connection.client ?? out
    const server = client.other
    const way = (d: Direction) => (d === out ? DIRECTION.OUT : DIRECTION.IN)
    this.packet(e, client, { length: 0, seq: client.first - 1, ack: 0, flags: FLAG.SYN, way: way(client) })
    const answer = { seq: server.first - 1, ack: client.first, flags: FLAG.SYN | FLAG.ACK, way: way(server) }
    this.packet(e, server, { length: 0, ...answer })
    const done = { seq: client.first, ack: server.first, flags: FLAG.ACK, way: way(client) }
    this.packet(e, client, { length: 0, ...done })
  }

  /** What a call moved, but for what the other end has told of already. */
  private segments(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const from = writes ? d.sent : d.received
    const to = from + moved
    if (writes) d.sent = to
    else d.received = to
    const way = writes ? DIRECTION.OUT : DIRECTION.IN
    const { at, size } = this.dataOf(e)
    while (d.written < to) {
      const offset = d.written - from
      const length = Math.min(to - d.written, d.headers.most)
      const has = Math.min(Math.max(size - offset, 0), length)
      const numbers = { seq: d.next, ack: d.other.next, flags: FLAG.PSH | FLAG.ACK, way }
      this.packet(e, d, { length, ...numbers }, at + offset, has)
      d.written += length
    }
  }

  private datagram(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const nth = writes ? ++d.sent : ++d.received
    if (nth <= d.written) return
    d.written = nth
    const { at, size } = this.dataOf(e)
    // of several messages in one call only their sizes together are known
    const whole = e.def.special === 'sendmmsg' || e.def.special === 'recvmmsg' ? (e.numberOf('size') ?? size) : moved
    const length = Math.floor(Math.min(whole, d.headers.most))
    const way = writes ? DIRECTION.OUT : DIRECTION.IN
    this.packet(e, d, { length, seq: 0, ack: 0, flags: 0, way }, at, Math.min(size, length))
  }

  /** Where the data of the event lie in its arena, and how much of it was captured. */
  private dataOf(e: Event): { at: number; size: number } {
    const p = findData(e)
    const at = p < 0 ? -1 : e.varAt(p)
    return at < 0 ? { at: 0, size: 0 } : { at, size: e.varLen(at) }
  }

  /** length: bytes of data that the packet had, of which `has` are at `at` of the event's arena. */
  private packet(
    e: Event,
    d: Direction,
    { length, seq, ack, flags, way }: { length: number; seq: number; ack: number; flags: number; way: number },
    at = 0,
    has = 0,
  ): void {
    const { out } = this
    const block = out.beginPacket(this.clock.set(e.time))
    d.headers.append(out, length, seq, ack, flags)
    out.part(has > 0 ? e.batch.arena : NOTHING, at, at + has)
    const { bytes, size } = this.comments.of(e)
    out.endPacket(block, d.headers.size + length, way, bytes, size)
    this.packets++
    if (has < length) this.cut++
  }
}

/** Whether the event's socket has connected or was accepted. */
function beginsConnection({ def, ret }: Event): boolean {
  if (def.socket === 'connects') return ret === 0 || ret === -EINPROGRESS
  return (def.name === 'accept' || def.name === 'accept4') && ret >= 0
}
