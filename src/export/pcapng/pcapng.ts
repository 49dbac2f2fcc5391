// A pcapng file with the data that programs sent and received: the data of their calls as packets with synthetic headers.
import type { FieldContext } from '../../fields/field.js'
import { bytesMoved, eachSide, isPeek, isRead, isWrite } from '../../fields/io.js'
import { paramFinder } from '../../fields/params.js'
import { FIRST_DATA } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { escapeText } from '../../render/escape.js'
import { CODE } from '../../schema/codes.js'
import { holdsData } from '../../schema/data-params.js'
import { l4proto } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'
import { EpochClock } from '../epoch-clock.js'
import type { Export, ExportChoice } from '../format.js'
import { DIRECTION, PcapngBuffer } from './blocks.js'
import { type ConnectionEnd, Connections, type Direction, openConnection } from './connections.js'
import { FLAG } from './headers.js'
import { type Comment, ProcessComments } from './process-comments.js'

const EINPROGRESS = 115
/** Maximum bytes that one call can transfer. */
const MOST_MOVED = 0x7ffff000
const NOTHING = new Uint8Array(0)
/** Maximum number of directions with a pending write. */
const MOST_PENDING = 1024

/** Time and process of a packet. */
interface Origin {
  readonly time: number
  readonly comment: Comment
}

/** Bytes of a direction from position `from`, of which `size` are captured at `at` of the arena. */
interface StreamChunk {
  readonly from: number
  readonly at: number
  readonly size: number
  readonly arena: Uint8Array
  readonly way: number
}

const findData = paramFinder((p) => p.name === 'data' && (p.type === 'bytebuf' || holdsData(p)))

/** Writes a pcapng file. */
export function pcapngExport({ program }: ExportChoice): Export {
  return new Pcapng(program)
}

class Pcapng implements Export {
  readonly out = new PcapngBuffer()
  private readonly comments = new ProcessComments()
  private connections = new Connections()
  private clock = new EpochClock({ startSec: 0, startNsec: 0 })
  /** directions with a pending write, oldest first */
  private readonly waiting = new Set<Direction>()
  private packets = 0
  /** packets with missing data that was not captured */
  private cut = 0
  /** calls that transferred data over other sockets */
  private unix = 0
  private others = 0

  constructor(private readonly program: string) {}

  start({ info }: FieldContext): void {
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
    for (const d of this.waiting) this.endPending(d)
  }

  notes(): string[] {
    const { packets, cut, unix, others } = this
    const skipped = (n: number, what: string) =>
      `${n === 1 ? `1 call on a ${what} socket is` : `${n} calls on ${what} sockets are`} omitted: only TCP and UDP are exported`
    return [
      ...(packets === 0 ? ['the file has no packets: no matching call transferred data over an internet socket'] : []),
      ...(cut > 0
        ? [
            `${cut} of ${packets} packets have less data than was transferred; capture with -s BYTES to record more of each call`,
          ]
        : []),
      ...(unix > 0 ? [skipped(unix, 'unix')] : []),
      ...(others > 0 ? [skipped(others, 'raw')] : []),
    ]
  }

  private lost(): void {
    this.end()
    this.connections.lost()
  }

  private inet(e: Event, fd: Fd): void {
    const opens = opensConnection(e)
    const moved = bytesMoved(e)
    if (!opens && (moved === undefined || isPeek(e))) return
    const protocol = l4proto(fd) ?? 'tcp'
    if (protocol !== 'tcp' && protocol !== 'udp') {
      this.others++
      return
    }
    const end = this.connections.endOf(fd, protocol === 'tcp')
    if (end === undefined) return
    end.out.here = true
    if (!opens) this.data(e, end, protocol === 'udp', moved as number)
    else if (protocol === 'tcp') {
      this.endPending(end.out)
      this.endPending(end.out.other)
      openConnection(end.connection, end.out, e.def.socket === 'connects')
      if (e.ret >= 0) this.greet(e, end)
    }
  }

  private data(e: Event, end: ConnectionEnd, datagram: boolean, moved: number): void {
    if (!isWrite(e) && !isRead(e)) return
    const direction = isWrite(e) ? end.out : end.out.other
    if (datagram) this.datagram(e, direction, moved)
    else if (moved > 0) {
      this.greet(e, end)
      this.segments(e, direction, Math.floor(Math.min(moved, MOST_MOVED)))
    }
  }

  /** Writes TCP's handshake if the start of the connection was captured. */
  private greet(e: Event, { connection, out }: ConnectionEnd): void {
    if (!connection.greets) return
    connection.greets = false
    const client = connection.client ?? out
    const origin = this.origin(e)
    const server = client.other
    const way = (d: Direction) => (d === out ? DIRECTION.OUT : DIRECTION.IN)
    this.packet(origin, client, { length: 0, seq: client.first - 1, ack: 0, flags: FLAG.SYN, way: way(client) })
    const answer = { seq: server.first - 1, ack: client.first, flags: FLAG.SYN | FLAG.ACK, way: way(server) }
    this.packet(origin, server, { length: 0, ...answer })
    const done = { seq: client.first, ack: server.first, flags: FLAG.ACK, way: way(client) }
    this.packet(origin, client, { length: 0, ...done })
  }

  /** Writes the data of a call, except what was already written for the other end. */
  private segments(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const from = writes ? d.sent : d.received
    const to = from + moved
    if (writes) d.sent = to
    else d.received = to
    const { at, size, arena } = this.dataOf(e)
    const origin = this.origin(e)
    const chunk = { from, at, size, arena, way: writes ? DIRECTION.OUT : DIRECTION.IN }
    if (writes && size > 0) this.endPending(d)
    const waits = writes && size < moved && (size === 0 || size >= FIRST_DATA) && d.other.here && to > d.written
    this.segmentsTo(waits ? Math.min(from + size, to) : to, origin, d, chunk)
    if (waits) this.wait(d, to, origin)
    else if (d.pending !== undefined && d.written >= d.pending.to) this.forget(d)
  }

  /** Writes packets up to position `to` from a chunk. */
  private segmentsTo(to: number, origin: Origin, d: Direction, { from, at, size, arena, way }: StreamChunk): void {
    while (d.written < to) {
      const offset = d.written - from
      const length = Math.min(to - d.written, d.headers.most)
      const has = Math.min(Math.max(size - offset, 0), length)
      const numbers = { seq: d.next, ack: d.other.next, flags: FLAG.PSH | FLAG.ACK, way }
      this.packet(origin, d, { length, ...numbers }, arena, at + offset, has)
      d.written += length
    }
  }

  /** The write has no data for the bytes up to `to`: waits for the read at the other end, which may have them. */
  private wait(d: Direction, to: number, { time, comment }: Origin): void {
    if (d.pending !== undefined) {
      d.pending.to = to
      return
    }
    if (this.waiting.size >= MOST_PENDING) for (const oldest of this.waiting) if (this.endPending(oldest)) break
    d.pending = { to, time, comment }
    this.waiting.add(d)
  }

  /** Writes a pending write as packets without data, as no read will follow. */
  private endPending(d: Direction): boolean {
    const { pending } = d
    if (pending !== undefined)
      this.segmentsTo(pending.to, pending, d, { from: 0, at: 0, size: 0, arena: NOTHING, way: DIRECTION.OUT })
    return this.forget(d)
  }

  private forget(d: Direction): boolean {
    d.pending = undefined
    return this.waiting.delete(d)
  }

  private datagram(e: Event, d: Direction, moved: number): void {
    const writes = isWrite(e)
    const nth = writes ? ++d.sent : ++d.received
    if (nth <= d.written) return
    d.written = nth
    const { at, size, arena } = this.dataOf(e)
    // for several messages in one call only their total size is known
    const total = e.def.special === 'sendmmsg' || e.def.special === 'recvmmsg' ? (e.numberOf('size') ?? size) : moved
    const length = Math.floor(Math.min(total, d.headers.most))
    const way = writes ? DIRECTION.OUT : DIRECTION.IN
    this.packet(this.origin(e), d, { length, seq: 0, ack: 0, flags: 0, way }, arena, at, Math.min(size, length))
  }

  /** Position and size of the captured data of an event. */
  private dataOf(e: Event): { at: number; size: number; arena: Uint8Array } {
    const { arena } = e.batch
    const p = findData(e)
    const at = p < 0 ? -1 : e.varAt(p)
    if (at < 0) return { at: 0, size: 0, arena }
    const size = e.varLen(at)
    if (size !== FIRST_DATA) return { at, size, arena }
    const all = e.data(at)
    return { at: 0, size: all.length, arena: all }
  }

  private origin(e: Event): Origin {
    return { time: e.time, comment: this.comments.comment(e) }
  }

  /** length: original bytes of data, of which `has` are at `at` of the arena. */
  private packet(
    { time, comment: { bytes, size } }: Origin,
    d: Direction,
    { length, seq, ack, flags, way }: { length: number; seq: number; ack: number; flags: number; way: number },
    arena: Uint8Array = NOTHING,
    at = 0,
    has = 0,
  ): void {
    const { out } = this
    const block = out.startPacket(this.clock.set(time))
    d.headers.append(out, length, seq, ack, flags)
    out.slice(has > 0 ? arena : NOTHING, at, at + has)
    out.endPacket(block, d.headers.size + length, way, bytes, size)
    this.packets++
    if (has < length) this.cut++
  }
}

/** Whether the event is a connect or an accept that succeeded, or a connect in progress. */
function opensConnection({ def, ret }: Event): boolean {
  if (def.socket === 'connects') return ret === 0 || ret === -EINPROGRESS
  return (def.name === 'accept' || def.name === 'accept4') && ret >= 0
}
