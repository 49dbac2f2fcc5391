// The connections of a whole machine: data by connection, and counts of what could not be read.
import { Connection, type Exchange } from './connection.js'
import type { Message } from './message.js'
import { isTls, mayStart } from './start.js'

/** Maximum number of connections; above it, the oldest is dropped. */
const MAX_CONNECTIONS = 8192
/** Maximum bytes of heads held by all of them; above it, the oldest is dropped. */
const MAX_HELD = 64 << 20

/** Called for messages, with the caller's data about their connection. */
interface TrafficListener<Owner> {
  /** the caller's data for a new connection: called while its first data is processed */
  owner(): Owner
  /** Called for each head. */
  head?(m: Message, x: Exchange, owner: Owner): void
  /** Called when a message has ended. */
  end?(m: Message, x: Exchange, owner: Owner): void
}

interface Entry<Owner> {
  readonly since: number
  readonly connection: Connection
  readonly owner: Owner
  /** bytes of heads at the last count */
  held: number
}

export class Connections<Owner> {
  /** connections with encrypted or unsupported content: TLS, and HTTP/2 without it */
  tls = 0
  http2 = 0
  /** messages of whose head only the start was captured */
  cut = 0
  private readonly open = new Map<number, Entry<Owner>>()
  /** bytes of heads of all connections */
  private held = 0

  constructor(
    private readonly listener: TrafficListener<Owner>,
    private readonly bodyLimit: number,
  ) {}

  /**
   * One call moved `length` bytes on the connection `key`, of which `data` are the first; `out`: it sent them. An empty
   * read is the end of the incoming direction. `since` distinguishes connections that use the same key one after
   * another. Times in ns. Returns the caller's data of the connection; undefined if it is not HTTP.
   */
  data(key: number, since: number, out: boolean, data: Uint8Array, length: number, time: number): Owner | undefined {
    let entry = this.open.get(key)
    if (entry !== undefined && entry.since !== since) {
      this.closed(key, time)
      entry = undefined
    }
    if (entry === undefined && data.length > 0) entry = this.meet(key, since, out, data, time)
    if (entry === undefined) return undefined
    if (length === 0) entry.connection.close(out, time)
    else entry.connection.push(out, data, length, time)
    this.count(entry, time)
    return entry.owner
  }

  /** The connection was closed. */
  closed(key: number, time: number): void {
    const known = this.open.get(key)
    if (known === undefined) return
    this.open.delete(key)
    this.held -= known.held
    known.connection.close(undefined, time)
  }

  /** The capture has ended: reports messages in progress as far as they were seen. */
  end(time: number): void {
    for (const { connection } of this.open.values()) connection.close(undefined, time)
    this.open.clear()
    this.held = 0
  }

  private meet(key: number, since: number, out: boolean, data: Uint8Array, time: number): Entry<Owner> | undefined {
    if (!mayStart(data, 0, data.length)) {
      if (out && isTls(data)) this.tls++
      return undefined
    }
    const owner = this.listener.owner()
    const connection = new Connection(
      {
        head: (m, x) => {
          if (m.headCut) this.cut++
          if (m.kind === 'request' && m.method === 'PRI') this.http2++
          else this.listener.head?.(m, x, owner)
        },
        end: (m, x) => {
          if (m.kind === 'response' || m.method !== 'PRI') this.listener.end?.(m, x, owner)
        },
      },
      this.bodyLimit,
    )
    if (this.open.size >= MAX_CONNECTIONS) this.evictOldest(time)
    const entry = { since, connection, owner, held: 0 }
    this.open.set(key, entry)
    return entry
  }

  private count(entry: Entry<Owner>, time: number): void {
    const { held } = entry.connection
    this.held += held - entry.held
    entry.held = held
    while (this.held > MAX_HELD && this.open.size > 0) this.evictOldest(time)
  }

  private evictOldest(time: number): void {
    for (const key of this.open.keys()) {
      this.closed(key, time)
      return
    }
  }
}
