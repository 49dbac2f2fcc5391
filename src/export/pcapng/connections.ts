// The connections of a capture, and the position of each direction. Data that both ends of a local connection report is written once.
import { addressBytes } from '../../model/address.js'
import { type Fd, Role } from '../../model/fd.js'
import { isWildcard } from '../../state/socket-sides.js'
import { type End, Headers } from './headers.js'
import type { Comment } from './process-comments.js'

/** Maximum number of connections; the oldest are removed. */
const MOST = 65_536
/** Distance between the initial sequence numbers of connections with the same ends. */
const SEQUENCE_STEP = 0x01000000
const LOWEST = 1000

/** The end of a write without data. Its packets are written when the other end reads it, or when no read can follow. */
interface PendingWrite {
  /** the position after its last byte */
  to: number
  /** batch time (ns) of the write, and the comment for its process */
  readonly time: number
  readonly comment: Comment
}

/** The data from one end to the other. Positions are bytes (TCP) or datagrams (UDP). */
export class Direction {
  /** the sending end is a descriptor of this machine */
  here = false
  pending: PendingWrite | undefined
  /** positions by the calls of the sender, by the calls of the receiver, and of the written packets */
  sent = 0
  received = 0
  written = 0
  /** TCP sequence number of the first byte of data */
  first: number
  other!: Direction

  constructor(
    readonly headers: Headers,
    number: number,
  ) {
    this.first = number
  }

  /** TCP sequence number of the next byte. */
  get next(): number {
    return (this.first + this.written) % 4294967296
  }

  /** After a loss the positions are unknown: continues at the highest. */
  resynchronise(): void {
    this.written = Math.max(this.written, this.sent, this.received)
    this.sent = this.written
    this.received = this.written
  }

  start(number: number): void {
    this.sent = 0
    this.received = 0
    this.written = 0
    this.first = number
  }
}

interface Connection {
  /** from the end that occurred first */
  readonly there: Direction
  readonly back: Direction
  /** ends whose connect or accept was captured; a further one starts another connection */
  opened: { there: boolean; back: boolean }
  /** number of connections between these ends so far */
  number: number
  /** its start was captured, and the handshake is not yet written */
  greets: boolean
  /** the direction from the client; undefined if unknown */
  client: Direction | undefined
}

/** The end of a connection that a descriptor is. */
export interface ConnectionEnd {
  readonly connection: Connection
  /** the direction from that end */
  readonly out: Direction
}

export class Connections {
  private readonly known = new Map<string, ConnectionEnd>()

  /** The connection of a descriptor; undefined if its ends are no addresses. */
  endOf(fd: Fd, tcp: boolean): ConnectionEnd | undefined {
    const { localIp = '', remoteIp = '', localPort = 0, remotePort = 0 } = fd
    const key = `${tcp ? 't' : 'u'}${localIp} ${localPort} ${remoteIp} ${remotePort}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const ends = endsOf(localIp, localPort, remoteIp, remotePort)
    if (ends === undefined) return undefined
    const [local, remote] = ends
    const there = new Direction(new Headers(tcp, local, remote), LOWEST)
    const back = new Direction(new Headers(tcp, remote, local), LOWEST + SEQUENCE_STEP / 2)
    there.other = back
    back.other = there
    const connection: Connection = {
      there,
      back,
      opened: { there: false, back: false },
      number: 0,
      greets: false,
      client: fd.role === Role.Client ? there : fd.role === Role.Server ? back : undefined,
    }
    const end = { connection, out: there }
    this.put(key, end)
    this.put(`${tcp ? 't' : 'u'}${remoteIp} ${remotePort} ${localIp} ${localPort}`, { connection, out: back })
    return end
  }

  /** Handles a loss of events. */
  lost(): void {
    for (const { out } of this.known.values()) out.resynchronise()
  }

  private put(key: string, end: ConnectionEnd): void {
    if (this.known.size >= 2 * MOST) for (const oldest of this.known.keys()) if (this.known.delete(oldest)) break
    if (!this.known.has(key)) this.known.set(key, end)
  }
}

/** The end of `out` has connected or accepted: starts its connection, or another one with the same ends. */
export function openConnection(connection: Connection, out: Direction, client: boolean): void {
  const end = out === connection.there ? 'there' : 'back'
  const { there, back } = connection
  const unopened = !connection.opened.there && !connection.opened.back
  // data before any connect or accept belong to an older connection; a client may send before accept() ends
  if (connection.opened[end] || (unopened && there.written + back.written > 0)) {
    connection.opened = { there: false, back: false }
    connection.number++
    there.start((LOWEST + connection.number * SEQUENCE_STEP) % 4294967296)
    back.start((LOWEST + connection.number * SEQUENCE_STEP + SEQUENCE_STEP / 2) % 4294967296)
    connection.greets = true
  } else if (unopened) connection.greets = true
  connection.opened[end] = true
  connection.client = client ? out : out.other
}

/** Both ends, with addresses of the same version; an unknown address is all zeros. */
function endsOf(localIp: string, localPort: number, remoteIp: string, remotePort: number): [End, End] | undefined {
  const local = addressOf(localIp)
  const remote = addressOf(remoteIp)
  const size = (remote ?? local)?.length
  if (size === undefined) return undefined
  const none = new Uint8Array(size)
  const fits = (address: Uint8Array | undefined) => (address?.length === size ? address : undefined)
  return [
    { address: fits(local) ?? none, port: localPort & 0xffff },
    { address: fits(remote) ?? none, port: remotePort & 0xffff },
  ]
}

function addressOf(ip: string): Uint8Array | undefined {
  return ip === '' || isWildcard(ip) ? undefined : addressBytes(ip)
}
