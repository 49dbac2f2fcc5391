// The connections of the web server: limits, and which connection is closed to make room for another.
import { isIPv6, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

export interface ConnectionLimits {
  /** connections without a request in progress; above this number those older than `grace` are closed */
  readonly idle: number
  /** connections with a request in progress */
  readonly busy: number
  /** all connections; above this number even young ones are closed */
  readonly all: number
  /** ms that a connection has to send a request, or to read a response, before it may be closed in favour of others */
  readonly grace: number
}

/** fresh: no complete request has arrived; kept: idle after a request; busy: a request is in progress. Idle ones are closed in this order. */
const IDLE = ['fresh', 'kept'] as const
const BUSY = ['busy'] as const
const ALL = [...IDLE, ...BUSY] as const
type State = (typeof ALL)[number]

interface Connection {
  readonly socket: Socket
  readonly peer: Peer
  state: State
  /** performance.now() at which it entered this state */
  since: number
  /** requests in progress: a client may pipeline several */
  requests: number
}

/** A peer's connections by state; each set starts with the one that has been in that state for the longest time. */
type Peer = Readonly<Record<State, Set<Connection>>>

export class Connections {
  private readonly peers = new Map<string, Peer>()
  /** by both addresses: for https, requests have another socket object than the accepted connection */
  private readonly byEnds = new Map<string, Connection>()
  /** a trim() of idle connections is pending */
  private trims = false

  constructor(private readonly limits: ConnectionLimits) {}

  /** Adds an accepted connection; others may be closed for it. */
  admit(socket: Socket): void {
    const { remoteAddress } = socket
    // it was closed already
    if (remoteAddress === undefined) {
      socket.destroy()
      return
    }
    const { idle, all } = this.limits
    const name = peerName(remoteAddress)
    const peer = this.peer(name)
    while (this.count(ALL) >= all && this.drop(ALL, 0, peer));
    const ends = endsOf(socket)
    const connection: Connection = { socket, peer, state: 'fresh', since: performance.now(), requests: 0 }
    this.byEnds.set(ends, connection)
    peer.fresh.add(connection)
    if (this.count(IDLE) > idle) void this.trim()
    socket.once('close', () => {
      peer[connection.state].delete(connection)
      if (this.byEnds.get(ends) === connection) this.byEnds.delete(ends)
      if (sizeOf(peer, ALL) === 0 && this.peers.get(name) === peer) this.peers.delete(name)
    })
  }

  /**
   * Called when a complete request has arrived on a socket. Returns a function to call once it is answered; undefined: the limit of requests
   * in progress is reached. always: the request counts, but is answered regardless.
   */
  async begin(socket: Socket, always: boolean): Promise<(() => void) | undefined> {
    if (this.count(BUSY) >= this.limits.busy) await nextTurn()
    const connection = this.byEnds.get(endsOf(socket))
    // it was closed in favour of others in the meantime
    if (connection === undefined) return () => undefined
    const { busy, grace } = this.limits
    const isFull = connection.requests === 0 && this.count(BUSY) >= busy
    if (isFull && !this.drop(BUSY, grace, connection.peer) && !always) return undefined
    connection.requests++
    move(connection, 'busy')
    return () => {
      connection.requests--
      if (connection.requests === 0) move(connection, 'kept')
    }
  }

  /** Closes all connections, including those that have not sent any HTTP. */
  close(): void {
    for (const { socket } of this.byEnds.values()) socket.destroy()
  }

  /**
   * Closes idle connections above the limit. Arrived requests are processed first: after a pause of this process connections would appear
   * older than the time they had.
   */
  private async trim(): Promise<void> {
    if (this.trims) return
    this.trims = true
    await nextTurn()
    this.trims = false
    const { idle, grace } = this.limits
    while (this.count(IDLE) > idle && this.drop(IDLE, grace));
  }

  private peer(name: string): Peer {
    const peer = this.peers.get(name) ?? { fresh: new Set(), kept: new Set(), busy: new Set() }
    this.peers.set(name, peer)
    return peer
  }

  private count(states: readonly State[]): number {
    let n = 0
    for (const peer of this.peers.values()) n += sizeOf(peer, states)
    return n
  }

  /**
   * Closes the connection that has been in the first of these states for the longest time, of the peer with the most such connections.
   * Returns whether there was one for at least grace ms. Peers with more connections than the peer that needs room have no grace.
   */
  private drop(states: readonly State[], grace: number, by?: Peer): boolean {
    const now = performance.now()
    const own = by === undefined ? Number.POSITIVE_INFINITY : sizeOf(by, states) + 1
    let victim: Connection | undefined
    let most = 0
    for (const peer of this.peers.values()) {
      const size = sizeOf(peer, states)
      if (size <= most) continue
      const least = peer !== by && size > own ? 0 : grace
      const found = states.map((state) => first(peer[state])).find((c) => c !== undefined && now - c.since >= least)
      if (found === undefined) continue
      victim = found
      most = size
    }
    if (victim === undefined) return false
    victim.peer[victim.state].delete(victim)
    this.byEnds.delete(endsOf(victim.socket))
    // reset, because the other end may not take part in a closing handshake
    victim.socket.resetAndDestroy()
    return true
  }
}

/** Changes the state of an open connection. */
function move(connection: Connection, state: State): void {
  const { peer } = connection
  if (!peer[connection.state].delete(connection)) return
  connection.state = state
  connection.since = performance.now()
  peer[state].add(connection)
}

const sizeOf = (peer: Peer, states: readonly State[]) => states.reduce((n, state) => n + peer[state].size, 0)

function first(connections: ReadonlySet<Connection>): Connection | undefined {
  for (const connection of connections) return connection
  return undefined
}

const endsOf = ({ remoteAddress, remotePort, localAddress }: Socket) => `${remoteAddress} ${remotePort} ${localAddress}`

/** An IPv4 address identifies a peer; of IPv6 the first 64 bits do, because a host usually has all addresses of such a network. */
export function peerName(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '')
  const [before = '', after] = address.replace(/%.*$/, '').split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [head, tail] = [groups(before), groups(after ?? '')]
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
