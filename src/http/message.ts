// HTTP/1 messages as plain data, the targets of requests (RFC 9112, section 3), and the captured bytes of bodies.

export interface Header {
  /** as it was written */
  readonly name: string
  readonly value: string
}

interface Common {
  /** `1.1`; undefined if the first line was cut before it */
  readonly version: string | undefined
  headers: readonly Header[]
  /** bytes of the head are missing: there may be more headers */
  headCut: boolean
  /** bytes of the head that were captured */
  readonly headSize: number
  readonly body: Body
  /** times in ns: the first byte, the end of the head, the last byte (undefined until then) */
  readonly startedAt: number
  headAt: number
  endedAt: number | undefined
  /** false: its actual end was not seen (cut framing, closed connection, end of the capture) */
  complete: boolean
}

export interface Request extends Common {
  readonly kind: 'request'
  readonly method: string
  /** as written: usually a path with its query */
  readonly target: string
}

export interface Response extends Common {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
}

export type Message = Request | Response

/** The value of the first header with that name (lower case); undefined if there is none. */
export function headerOf(m: Message, name: string): string | undefined {
  for (const h of m.headers) if (h.name.length === name.length && h.name.toLowerCase() === name) return h.value
  return undefined
}

/** Values of all headers with that name (lower case), as one comma-separated text; undefined if there is none. */
export function headerList(m: Message, name: string): string | undefined {
  const found = m.headers.filter((h) => h.name.toLowerCase() === name)
  return found.length === 0 ? undefined : found.map((h) => h.value).join(',')
}

/** Value of Content-Length; undefined if it is missing or not a number. */
export function contentLength(m: Message): number | undefined {
  const text = headerOf(m, 'content-length')
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)(.*)$/i

/** Host, path and query; or the target unchanged if it is not a path (request to a proxy). */
export function urlOf(request: Request): string {
  if (!request.target.startsWith('/')) return request.target
  return `${headerOf(request, 'host') ?? ''}${request.target}`
}

/** The host as written, with its port if it has one; undefined if the request names none. */
export function hostOf(request: Request): string | undefined {
  if (request.method === 'CONNECT') return request.target
  return ABSOLUTE.exec(request.target)?.[1] ?? (headerOf(request, 'host') || undefined)
}

/** The path without query; `*` for OPTIONS, empty for CONNECT. */
export function pathOf({ method, target }: Request): string {
  if (method === 'CONNECT') return ''
  const after = ABSOLUTE.exec(target)?.[2]
  const path = (after ?? target).replace(/[?#].*$/s, '')
  return after === undefined ? path : path || '/'
}

/** Missing bytes: `length` of them after the first `at` stored ones. */
export interface Gap {
  readonly at: number
  length: number
}

const EMPTY = new Uint8Array(0)
const NO_GAPS: readonly Gap[] = []

/** A body without its transfer coding: all bytes are counted, the first ones are stored. */
export class Body {
  /** total number of bytes, stored or not */
  length = 0
  /** bytes that were not captured, or not stored */
  gaps: readonly Gap[] = NO_GAPS
  private bytes = EMPTY
  private kept = 0

  constructor(private readonly limit: number) {}

  /** The stored bytes; `gaps` lists where others are missing. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.kept)
  }

  add(data: Uint8Array, from: number, to: number): void {
    const room = Math.min(to - from, this.limit - this.kept)
    if (room > 0) {
      this.grow(this.kept + room)
      this.bytes.set(data.subarray(from, from + room), this.kept)
      this.kept += room
      this.length += room
    }
    if (to - from > room) this.skip(to - from - Math.max(room, 0))
  }

  /** Counts bytes that were not captured. */
  skip(length: number): void {
    if (length <= 0) return
    this.length += length
    const last = this.gaps[this.gaps.length - 1]
    if (last !== undefined && last.at === this.kept) last.length += length
    else this.gaps = [...this.gaps, { at: this.kept, length }]
  }

  private grow(size: number): void {
    if (size <= this.bytes.length) return
    const more = new Uint8Array(Math.min(Math.max(size, this.bytes.length * 2, 256), this.limit))
    more.set(this.content)
    this.bytes = more
  }
}
