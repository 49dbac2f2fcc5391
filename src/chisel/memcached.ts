// Requests in the text protocol of memcached, in pieces of data as a process reads or writes them.
import { decodeText } from '../model/text.js'

export interface MemcachedRequest {
  /** as the client wrote it: get, gets, set, mg ... */
  readonly method: string
  readonly sets: boolean
  readonly key: string
  /** bytes of the value that is set, 0 of others */
  readonly size: number
}

/** Words that begin a request, and where its number of bytes stands. */
const GETS: readonly string[] = ['get', 'gets', 'mg']
const SETS: ReadonlyMap<string, number> = new Map([
  ['set', 4],
  ['ms', 2],
])
const LINE_FEED = 10
/** the first byte of a request of the binary protocol */
const BINARY = 0x80
/** Directions of connections of which a value goes on. */
const MAX_CONNECTIONS = 65536

export class MemcachedReader {
  /** pieces of data in the binary protocol */
  binary = 0
  /** bytes of a value that are still to come, by direction of a connection */
  private readonly rest = new Map<string, number>()

  /** The requests that begin in a piece of `length` bytes, of which `data` are the first ones that were captured. */
  read(connection: string, data: Uint8Array, length: number): MemcachedRequest[] {
    let at = this.rest.get(connection) ?? 0
    this.rest.delete(connection)
    const found: MemcachedRequest[] = []
    if (at === 0 && data[0] === BINARY) this.binary++
    while (at < data.length) {
      const feed = data.indexOf(LINE_FEED, at)
      const line = decodeText(data, at, feed < 0 ? data.length : feed).trimEnd()
      at = feed < 0 ? length : feed + 1
      for (const request of requestsOf(line)) {
        found.push(request)
        // a value ends with \r\n
        if (request.sets) at += request.size + 2
      }
    }
    if (at > length) this.keep(connection, at - length)
    return found
  }

  private keep(connection: string, bytes: number): void {
    if (this.rest.size >= MAX_CONNECTIONS) this.rest.clear()
    this.rest.set(connection, bytes)
  }
}

function requestsOf(line: string): MemcachedRequest[] {
  const [method = '', ...words] = line.split(' ')
  const key = words[0]
  if (key === undefined || key === '') return []
  const at = SETS.get(method)
  if (at !== undefined) {
    const size = words[at - 1]
    return size !== undefined && /^\d{1,10}$/.test(size) ? [{ method, sets: true, key, size: Number(size) }] : []
  }
  if (!GETS.includes(method)) return []
  // mg has flags behind its key
  return (method === 'mg' ? [key] : words).map((k) => ({ method, sets: false, key: k, size: 0 }))
}
