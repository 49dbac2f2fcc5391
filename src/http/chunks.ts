// The chunked transfer coding: sizes, data, trailers, in pieces of any size and with gaps.
import type { Body } from './message.js'

/** Maximum length of a size line, and of all trailers. */
const MAX_LINE = 4096
const MAX_TRAILERS = 65536

const CR = 13
const LF = 10
/** bytes after a chunk's data if more chunks follow (CRLF), and after the last chunk (CRLF 0 CRLF CRLF) */
const AFTER_DATA = 2
const AFTER_LAST = 7

export class Chunks {
  /** end: the body has ended; lost: its chunks can no longer be followed */
  state: 'size' | 'data' | 'dataEnd' | 'trailers' | 'end' | 'lost' = 'size'
  private left = 0
  private line = ''
  private trailerBytes = 0

  clear(): void {
    this.state = 'size'
    this.left = 0
    this.line = ''
    this.trailerBytes = 0
  }

  /** Takes bytes from `from` on, up to the end of the body; data goes to `body`. Returns their number. */
  take(b: Uint8Array, from: number, body: Body): number {
    let i = from
    while (i < b.length && this.state !== 'end' && this.state !== 'lost') {
      if (this.state === 'data') {
        const to = Math.min(b.length, i + this.left)
        body.add(b, i, to)
        this.left -= to - i
        i = to
        if (this.left === 0) this.state = 'dataEnd'
      } else this.framing(b[i++] as number)
    }
    return i - from
  }

  /**
   * Bytes that were not captured: those of the current chunk are counted; what follows can only be guessed from their
   * number.
   */
  skip(length: number, body: Body): void {
    const ofData = this.state === 'data' ? Math.min(length, this.left) : 0
    body.skip(ofData)
    this.left -= ofData
    const after = length - ofData
    if (this.state === 'data' && this.left === 0) this.state = 'dataEnd'
    if (after === 0) return
    if (this.state === 'dataEnd' && after === AFTER_DATA) this.state = 'size'
    else if (this.state === 'dataEnd' && after === AFTER_LAST) this.state = 'end'
    else {
      body.skip(after)
      this.state = 'lost'
    }
  }

  private framing(c: number): void {
    if (c !== LF) {
      if (c === CR) return
      const wrong = this.state === 'dataEnd' || (this.state === 'size' && this.line === '' && !isHex(c))
      if (wrong || this.line.length >= MAX_LINE) this.state = 'lost'
      else this.line += String.fromCharCode(c)
      return
    }
    const line = this.line
    this.line = ''
    if (this.state === 'dataEnd') this.state = 'size'
    else if (this.state === 'size') this.size(line)
    else if (line === '') this.state = 'end'
    else {
      this.trailerBytes += line.length
      if (this.trailerBytes > MAX_TRAILERS) this.state = 'lost'
    }
  }

  private size(line: string): void {
    const size = /^([\da-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1]
    this.left = size === undefined ? 0 : Number.parseInt(size, 16)
    this.state = size === undefined ? 'lost' : this.left === 0 ? 'trailers' : 'data'
  }
}

function isHex(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102)
}
