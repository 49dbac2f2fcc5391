// The connections of a capture, and of each direction how far it is: what both ends of a local connection tell is told once.
import { addressBytes } from '../../model/address.js'
import { type Fd, Role } from '../../model/fd.js'
import { isWildcard } from '../../state/socket-sides.js'
import { type End, Headers } from './headers.js'
import type { Comment } from './process-comments.js'

/** Connections kept; the oldest are forgotten. */
const MOST = 65_536
/** Between the first sequence numbers of connections with the same ends. */
const APART = 0x01000000
const LOWEST = 1000

/** The end of a write without data, of which packets are made when the other end reads it, or when nothing more comes of it. */
export interface Held {
  /** the position behind its last byte */
  to: number
  /** batch time (ns) of the write, and whose it was */
  readonly time: number
  readonly comment: Comment
}

/** What goes from one end to the other. Positions are bytes of TCP, datagrams of UDP. */
export class Direction {
  /** the end that sends is a descriptor of this machine */
  here = false
  held: Held | undefined
  /** by the calls of the end that sends, of the end that receives, and what packets were made of */
  sent = 0
  received = 0
  written = 0
  /** TCP's number of the first byte of data */
  first: number
  other!: Direction

  constructor(
    readonly headers: Headers,
    number: number,
  ) {
    this.first = number
  }

  /** TCP's number of the next byte. */
  get next(): number {
    return (this.first + this.written) % 4294967296
  }

  /** After a loss nobody knows how far the ends are. */
  meet(): void {
    this.written = Math.max(this.written, this.sent, this.received)
    this.sent = this.written
    this.received = this.written
  }

  begin(number: number): void {
    this.sent = 0
    this.received = 0
    this.written = 0
    this.first = number
  }
}

export interface Connection {
  /** from the end that was met first */
  readonly there: Direction
  readonly back: Direction
  /** ends whose beginning was seen; a third one begins another connection */
  begun: { there: boolean; back: boolean }
  /** how often its ends were connected */
  number: number
  /** its beginning was seen, and packets of it are still to be made */
  greets: boolean
  /** the end that connects, where that is known */
  client: Direction | undefined
}

/** What a descriptor is an end of. */
export interface Found {
  readonly connection: Connection
  /** the direction out of that end */
  readonly out: Direction
}

export class Connections {
  private readonly known = new Map<string, Found>()

  /** What the descriptor is an end of; undefined where its ends are no addresses. */
  of(fd: Fd, tcp: boolean): Found | undefined {
    const { localIp = '', remoteIp = '', localPort = 0, remotePort = 0 } = fd
    const key = `${tcp ? 't' : 'u'}${localIp} ${localPort} ${remoteIp} ${remotePort}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    const ends = endsOf(localIp, localPort, remoteIp, remotePort)
    if (ends === undefined) return undefined
    const [local, remote] = ends
    const there = new Direction(new Headers(tcp, local, remote), LOWEST)
    const back = new Direction(new Headers(tcp, remote, local), LOWEST + APART / 2)
    there.other = back
    back.other = there
    const connection: Connection = {
      there,
      back,
      begun: { there: false, back: false },
      number: 0,
      greets: false,
      client: fd.role === Role.Client ? there : fd.role === Role.Server ? back : undefined,
    }
    const made = { connection, out: there }
    this.put(key, made)
    this.put(`${tcp ? 't' : 'u'}${remoteIp} ${remotePort} ${localIp} ${localPort}`, { connection, out: back })
    return made
  }

  /** Something was lost. */
  lost(): void {
    for (const { out } of this.known.values()) out.meet()
  }

  private put(key: string, made: Found): void {
    if (this.known.size >= 2 * MOST) for (const oldest of this.known.keys()) if (this.known.delete(oldest)) break
    if (!this.known.has(key)) this.known.set(key, made)
  }
}

/** The end of `out` has connected, or accepted: its connection begins, or another one with the same ends. */
export function beginConnection(connection: Connection, out: Direction, client: boolean): void {
  const end = out === connection.there ? 'there' : 'back'
  const { there, back } = connection
  const unseen = !connection.begun.there && !connection.begun.back
  // data before any beginning are those of an older connection; a client may send before accept() has ended
  if (connection.begun[end] || (unseen && there.written + back.written > 0)) {
    connection.begun = { there: false, back: false }
    connection.number++
    there.begin((LOWEST + connection.number * APART) % 4294967296)
    back.begin((LOWEST + connection.number * APART + APART / 2) % 4294967296)
    connection.greets = true
  } else if (unseen) connection.greets = true
  connection.begun[end] = true
  connection.client = client ? out : out.other
}

/** Both ends with addresses of one kind; one that is not known is all zeros. */
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
