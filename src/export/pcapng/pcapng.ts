// A pcapng file of what programs sent and received: the data of their calls as packets, with headers that are made up for them.

import type { FieldContext } from '../../fields/field.js'
import { bytesMoved, eachSide, isPeek, isRead, isWrite } from '../../fields/io.js'
import { paramFinder } from '../../fields/params.js'
import { escapeText } from '../../format/text/escape.js'
import { FIRST_DATA } from '../../model/batch.js'
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
import { type Comment, ProcessComments } from './process-comments.js'

const EINPROGRESS = 115
/** Bytes that one call can move. */
const MOST_MOVED = 0x7ffff000
const NOTHING = new Uint8Array(0)
/** Directions of which a write waits for the read of its bytes. */
const MOST_HELD = 1024

/** When a packet was sent, and by whom. */
interface Whose {
  readonly time: number
  readonly comment: Comment
}

/** Bytes of a direction from position `from` on: what of them is known. */
interface Part {
  readonly from: number
  readonly at: number
  readonly size: number
  readonly arena: Uint8Array
  readonly way: number
}

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
  /** directions with a write that is held, the oldest first */
  private readonly holding = new Set<Direction>()
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
    if (e.type === CODE.drop) this.lost()
    else if (fd !== undefined && isInet(fd)) this.inet(e, fd)
    else if (fd?.type === 'unix' && (bytesMoved(e) ?? 0) > 0 && !isPeek(e)) this.unix++
  }

  end(): void {
    for (const d of this.holding) this.endHeld(d)
  }

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

  private lost(): void {
    this.end()
    this.connections.lost()
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
    found.out.here = true
    if (!begins) this.data(e, found, protocol === 'udp', moved as number)
    else if (protocol === 'tcp') {
      this.endHeld(found.out)
      this.endHeld(found.out.other)
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
    const whose = this.whose(e)
    const server = client.other
    const way = (d: Direction) => (d === out ? DIRECTION.OUT : DIRECTION.IN)
    this.packet(whose, client, { length: 0, seq: client.first - 1, ack: 0, flags: FLAG.SYN, way: way(client) })
    const answer = { seq: server.first - 1, ack: client.first, flags: FLAG.SYN | FLAG.ACK, way: way(server) }
    this.packet(whose, server, { length: 0, ...answer })
    const done = { seq: client.first, ack: server.first, flags: FLAG.ACK, way: way(client) }
    this.packet(whose, client, { length: 0, ...done })
  }

  /** What a call moved, but for what the other end has told of already. */
  private segments(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const from = writes ? d.sent : d.received
    const to = from + moved
    if (writes) d.sent = to
    else d.received = to
    const { at, size, arena } = this.dataOf(e)
    const whose = this.whose(e)
    const part = { from, at, size, arena, way: writes ? DIRECTION.OUT : DIRECTION.IN }
    if (writes && size > 0) this.endHeld(d)
    const holds = writes && size < moved && (size === 0 || size >= FIRST_DATA) && d.other.here && to > d.written
    this.segmentsTo(holds ? Math.min(from + size, to) : to, whose, d, part)
    if (holds) this.hold(d, to, whose)
    else if (d.held !== undefined && d.written >= d.held.to) this.forget(d)
  }

  /** Makes packets up to a position, of a part of the direction's bytes of which `size` are at `at` of an arena. */
  private segmentsTo(to: number, whose: Whose, d: Direction, { from, at, size, arena, way }: Part): void {
    while (d.written < to) {
      const offset = d.written - from
      const length = Math.min(to - d.written, d.headers.most)
      const has = Math.min(Math.max(size - offset, 0), length)
      const numbers = { seq: d.next, ack: d.other.next, flags: FLAG.PSH | FLAG.ACK, way }
      this.packet(whose, d, { length, ...numbers }, arena, at + offset, has)
      d.written += length
    }
  }

  /** The bytes up to a position are not in the record of the write: those of the read at the other end may be. */
  private hold(d: Direction, to: number, { time, comment }: Whose): void {
    if (d.held !== undefined) {
      d.held.to = to
      return
    }
    if (this.holding.size >= MOST_HELD) for (const oldest of this.holding) if (this.endHeld(oldest)) break
    d.held = { to, time, comment }
    this.holding.add(d)
  }

  /** Nothing more will come of what is held: packets without data are made of it. */
  private endHeld(d: Direction): boolean {
    const { held } = d
    if (held !== undefined)
      this.segmentsTo(held.to, held, d, { from: 0, at: 0, size: 0, arena: NOTHING, way: DIRECTION.OUT })
    return this.forget(d)
  }

  private forget(d: Direction): boolean {
    d.held = undefined
    return this.holding.delete(d)
  }

  private datagram(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const nth = writes ? ++d.sent : ++d.received
    if (nth <= d.written) return
    d.written = nth
    const { at, size, arena } = this.dataOf(e)
    // of several messages in one call only their sizes together are known
    const whole = e.def.special === 'sendmmsg' || e.def.special === 'recvmmsg' ? (e.numberOf('size') ?? size) : moved
    const length = Math.floor(Math.min(whole, d.headers.most))
    const way = writes ? DIRECTION.OUT : DIRECTION.IN
    this.packet(this.whose(e), d, { length, seq: 0, ack: 0, flags: 0, way }, arena, at, Math.min(size, length))
  }

  /** Where the data of the event lie, and how much of it was captured. */
  private dataOf(e: Event): { at: number; size: number; arena: Uint8Array } {
    const { arena } = e.batch
    const p = findData(e)
    const at = p < 0 ? -1 : e.varAt(p)
    if (at < 0) return { at: 0, size: 0, arena }
    const size = e.varLen(at)
    if (size !== FIRST_DATA) return { at, size, arena }
    const whole = e.data(at)
    return { at: 0, size: whole.length, arena: whole }
  }

  private whose(e: Event): Whose {
    return { time: e.time, comment: this.comments.of(e) }
  }

  /** length: bytes of data that the packet had, of which `has` are at `at` of the arena. */
  private packet(
    { time, comment: { bytes, size } }: Whose,
    d: Direction,
    { length, seq, ack, flags, way }: { length: number; seq: number; ack: number; flags: number; way: number },
    arena: Uint8Array = NOTHING,
    at = 0,
    has = 0,
  ): void {
    const { out } = this
    const block = out.beginPacket(this.clock.set(time))
    d.headers.append(out, length, seq, ack, flags)
    out.part(has > 0 ? arena : NOTHING, at, at + has)
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
