// Collects the head of a message over any number of reads, and parses it.
import { decodeText } from '../model/text.js'
import type { Header } from './message.js'
import { mayStart, parseStart, type StartLine } from './start.js'

/** Maximum length of a head; a longer one counts as cut there. */
const MAX_HEAD = 128 * 1024

/** Initial size of a buffer, which may be retained between heads. */
const SMALL = 1024

export interface ParsedHead {
  readonly start: StartLine
  /** number of bytes it was parsed from */
  readonly size: number
  readonly headers: Header[]
}

const LF = 10
const CR = 13

export class HeadBuffer {
  private bytes = new Uint8Array(SMALL)
  private length = 0
  /** the first line, once complete, and the start of the next one */
  private start: StartLine | undefined
  private rest = 0
  /** start of the current line */
  private line = 0

  clear(): void {
    if (this.held > 0) this.bytes = new Uint8Array(SMALL)
    this.length = 0
    this.start = undefined
    this.line = 0
  }

  get empty(): boolean {
    return this.length === 0
  }

  /** Memory of a long head, beyond the size that every buffer has. */
  get held(): number {
    return this.bytes.length - SMALL
  }

  /**
   * Takes bytes of [from, to) up to the end of the head. Returns their number, and whether the head is complete
   * (`end`), continues (`more`), is too long (`long`), or is not HTTP (`other`).
   */
  take(b: Uint8Array, from: number, to: number): { taken: number; state: 'end' | 'more' | 'long' | 'other' } {
    let i = from
    let state: 'end' | 'more' | 'long' | 'other' = 'more'
    while (i < to && state === 'more') {
      let lf = b.indexOf(LF, i)
      if (lf < 0 || lf >= to) lf = -1
      const stop = lf < 0 ? to : lf + 1
      const room = Math.min(stop, i + MAX_HEAD - this.length)
      this.append(b, i, room)
      i = room
      if (this.start === undefined && !mayStart(this.bytes, 0, this.length)) state = 'other'
      else if (room < stop) state = 'long'
      else if (lf >= 0) state = this.lineEnd()
    }
    return { taken: i - from, state }
  }

  /** The head so far; after a cut the last line may be incomplete, and is dropped. undefined if it is not a head. */
  parse(): ParsedHead | undefined {
    if (this.start === undefined) {
      const start = parseStart(decodeText(this.bytes, 0, this.length), true)
      return start && { start, size: this.length, headers: [] }
    }
    const lines = decodeText(this.bytes, this.rest, this.length).split('\n')
    const headers: Header[] = []
    for (let i = 0; i < lines.length - 1; i++) addHeader(headers, withoutReturn(lines[i] as string))
    return { start: this.start, size: this.length, headers }
  }

  private lineEnd(): 'end' | 'more' | 'other' {
    const at = this.line
    const end = this.length - 1
    this.line = this.length
    if (this.start === undefined) {
      this.start = parseStart(withoutReturn(decodeText(this.bytes, 0, end)))
      this.rest = this.length
      return this.start === undefined ? 'other' : 'more'
    }
    return end === at || (end === at + 1 && this.bytes[at] === CR) ? 'end' : 'more'
  }

  private append(b: Uint8Array, from: number, to: number): void {
    const size = this.length + to - from
    if (size > this.bytes.length) {
      const more = new Uint8Array(Math.max(size, this.bytes.length * 2))
      more.set(this.bytes.subarray(0, this.length))
      this.bytes = more
    }
    this.bytes.set(b.subarray(from, to), this.length)
    this.length = size
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** A line that starts with a blank continues the previous one. A line without a colon is not a header. */
function addHeader(headers: Header[], line: string): void {
  const last = headers[headers.length - 1]
  if (line.startsWith(' ') || line.startsWith('\t')) {
    if (last !== undefined)
      headers[headers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}`.trim() }
    return
  }
  const colon = line.indexOf(':')
  if (colon > 0) headers.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() })
}
