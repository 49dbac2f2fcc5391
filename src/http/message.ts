// HTTP/1 messages as plain data, and the bytes of their bodies as far as they were seen.

export interface Header {
  /** as it was written */
  readonly name: string
  readonly value: string
}

interface Common {
  /** `1.1`; undefined when the first line was cut before it */
  readonly version: string | undefined
  headers: readonly Header[]
  /** bytes of the head are missing: there may be more headers */
  headCut: boolean
  /** bytes of the head that were seen */
  readonly headSize: number
  readonly body: Body
  /** times in ns: the first byte, the end of the head, the last byte (undefined until then) */
  readonly startedAt: number
  headAt: number
  endedAt: number | undefined
  /** false: its end was not seen as such (cut framing, a closed connection, the end of the capture) */
  complete: boolean
}

export interface Request extends Common {
  readonly kind: 'request'
  readonly method: string
  /** as it was written: a path with its query, mostly */
  readonly target: string
}

export interface Response extends Common {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
}

export type Message = Request | Response

/** The value of the first header of that name (lower case), undefined when there is none. */
export function headerOf(m: Message, name: string): string | undefined {
  for (const h of m.headers) if (h.name.length === name.length && h.name.toLowerCase() === name) return h.value
  return undefined
}

/** Values of all headers of that name (lower case), in one comma-separated text; undefined when there is none. */
export function headerList(m: Message, name: string): string | undefined {
  const found = m.headers.filter((h) => h.name.toLowerCase() === name)
  return found.length === 0 ? undefined : found.map((h) => h.value).join(',')
}

/** What Content-Length says; undefined without one, or with one that is no number. */
export function contentLength(m: Message): number | undefined {
  const text = headerOf(m, 'content-length')
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Bytes that are not there: `length` of them after the first `at` kept ones. */
export interface Gap {
  readonly at: number
  length: number
}

const EMPTY = new Uint8Array(0)
const NO_GAPS: readonly Gap[] = []

/** A body without its transfer coding: all bytes are counted, the first ones are kept. */
export class Body {
  /** bytes that passed, kept or not */
  length = 0
  /** bytes that passed unseen, or were not kept */
  gaps: readonly Gap[] = NO_GAPS
  private bytes = EMPTY
  private kept = 0

  constructor(private readonly limit: number) {}

  /** The kept bytes; gaps say where others are missing. */
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

  /** Counts bytes that nobody saw. */
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
