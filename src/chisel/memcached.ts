// Decodes requests in the text protocol of memcached from the pieces of data that a process reads or writes.
import { decodeText } from '../model/text.js'

export interface MemcachedRequest {
  /** as sent by the client: get, gets, set, mg ... */
  readonly method: string
  readonly sets: boolean
  readonly key: string
  /** bytes of the value of a set request, else 0 */
  readonly size: number
}

/** Methods of requests; for those that set, the index of the word with the number of bytes. */
const GETS: readonly string[] = ['get', 'gets', 'mg']
const SETS: ReadonlyMap<string, number> = new Map([
  ['set', 4],
  ['ms', 2],
])
const LINE_FEED = 10
/** The first byte of a request in the binary protocol. */
const BINARY = 0x80
/** Maximum number of connection directions with an incomplete value. */
const MAX_CONNECTIONS = 65536

export class MemcachedReader {
  /** number of pieces in the binary protocol */
  binary = 0
  /** remaining bytes of an incomplete value, by direction of a connection */
  private readonly rest = new Map<string, number>()

  /** The requests that start in a piece of `length` bytes; `data`: its first bytes, as far as captured. */
  read(connection: string, data: Uint8Array, length: number): MemcachedRequest[] {
    let at = this.rest.get(connection) ?? 0
    this.rest.delete(connection)
    const requests: MemcachedRequest[] = []
    if (at === 0 && data[0] === BINARY) this.binary++
    while (at < data.length) {
      const feed = data.indexOf(LINE_FEED, at)
      const line = decodeText(data, at, feed < 0 ? data.length : feed).trimEnd()
      at = feed < 0 ? length : feed + 1
      for (const request of requestsOf(line)) {
        requests.push(request)
        // values end with \r\n
        if (request.sets) at += request.size + 2
      }
    }
    if (at > length) this.saveRest(connection, at - length)
    return requests
  }

  private saveRest(connection: string, bytes: number): void {
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
  // flags follow the key of mg
  return (method === 'mg' ? [key] : words).map((k) => ({ method, sets: false, key: k, size: 0 }))
}
