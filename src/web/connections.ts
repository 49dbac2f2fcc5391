// The connections of the web server: how many there may be, and which of them ends where there is no room for another.
import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { peerName } from './peer-name.js'

export interface ConnectionLimits {
  /** connections without a request that is being answered; above it those end that are older than `grace` */
  readonly idle: number
  /** connections whose requests are being answered */
  readonly busy: number
  /** all of them: above it even young ones end */
  readonly all: number
  /** ms that a connection has for sending a request, or for taking an answer, before it makes room for others */
  readonly grace: number
}

/** fresh: no whole request has come; kept: it may bring another; busy: a request is being answered. Idle ones go in this order. */
const IDLE = ['fresh', 'kept'] as const
const BUSY = ['busy'] as const
const ALL = [...IDLE, ...BUSY] as const
type State = (typeof ALL)[number]

interface Connection {
  readonly socket: Socket
  readonly peer: Peer
  state: State
  /** ms of the process's clock when it came into this state */
  since: number
  /** requests that are being answered: a client may send several in a row */
  requests: number
}

/** Who connects; each set begins with the one that is longest in that state. */
type Peer = Readonly<Record<State, Set<Connection>>>

export class Connections {
  private readonly peers = new Map<string, Peer>()
  /** by their two ends: requests of https come from another socket object than the one that was accepted */
  private readonly byEnds = new Map<string, Connection>()
  /** idle ones above the limit are about to be ended */
  private trims = false

  constructor(private readonly limits: ConnectionLimits) {}

  /** Takes a connection that was accepted; others make room for it. */
  admit(socket: Socket): void {
    const { remoteAddress } = socket
    // it has gone already
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
   * A whole request came from this socket: what is to be called once it is answered. undefined: as many as may be are being answered;
   * always: it counts, but is answered in any case.
   */
  async begin(socket: Socket, always: boolean): Promise<(() => void) | undefined> {
    if (this.count(BUSY) >= this.limits.busy) await nextTurn()
    const connection = this.byEnds.get(endsOf(socket))
    // it had to make room in the meantime
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

  /** Ends all of them, also those that have not come as far as http. */
  close(): void {
    for (const { socket } of this.byEnds.values()) socket.destroy()
  }

  /**
   * Ends idle connections above the limit. What has come by now is read before: after a pause of this process connections would look
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
   * Ends the connection that is longest in the first of these states, of the peer who has most of them; whether there is one that is
   * so for at least grace ms. Peers who have more than the one for whom it makes room have no such time.
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
    // without a handshake at the end, which nobody may answer
    victim.socket.resetAndDestroy()
    return true
  }
}

/** Changes the state of a connection that has not ended. */
function move(connection: Connection, state: State): void {
  const { peer } = connection
  if (!peer[connection.state].delete(connection)) return
  connection.state = state
  connection.since = performance.now()
  peer[state].add(connection)
}

const sizeOf = (peer: Peer, states: readonly State[]) => states.reduce((n, state) => n + peer[state].size, 0)

function first(of: ReadonlySet<Connection>): Connection | undefined {
  for (const connection of of) return connection
  return undefined
}

const endsOf = ({ remoteAddress, remotePort, localAddress }: Socket) => `${remoteAddress} ${remotePort} ${localAddress}`
