// One direction of a connection: converts bytes, in pieces of any size and with gaps, to messages.
import { Chunks } from './chunks.js'
import type { Framing } from './framing.js'
import { HeadBuffer, type ParsedHead } from './head.js'
import { Body, type Message } from './message.js'
import { parseStart } from './start.js'

interface ReaderEvents {
  /** A head is complete, or cut. The result determines how its body ends. */
  head(m: Message): Framing
  /** The message has ended. */
  end(m: Message): void
}

/**
 * Bytes outside of messages are skipped. Each piece (the data of one call) is examined independently, so that a reader
 * that lost its position finds it again at the next message that starts a piece.
 */
export class Reader {
  private message: Message | undefined
  private framing: Framing['kind'] = 'none'
  /** remaining bytes of a body with a known length */
  private remaining = 0
  private readonly headBytes = new HeadBuffer()
  private headFrom = 0
  private readonly chunks = new Chunks()
  private tunneled = false

  constructor(
    private readonly on: ReaderEvents,
    private readonly bodyLimit: number,
  ) {}

  /** No later data is HTTP. */
  tunnel(time: number): void {
    this.finish(time, true)
    this.tunneled = true
  }

  /** Whether a message is in progress. */
  get busy(): boolean {
    return this.message !== undefined || !this.headBytes.empty
  }

  /** Memory of the current head: while it is collected, and until its message ends. */
  get held(): number {
    return this.headBytes.held + (this.message?.headSize ?? 0)
  }

  /** Takes a piece: `data` are its first bytes, `length` (not less) its total number of bytes, `time` in ns. */
  push(data: Uint8Array, length: number, time: number): void {
    if (this.tunneled) return
    if (this.framing === 'unframed' && this.message !== undefined && beginsMessage(data)) this.finish(time, false)
    let i = 0
    while (i < data.length && !this.tunneled) {
      const taken = this.message === undefined ? this.takeHead(data, i, time) : this.takeBody(data, i, time)
      if (taken < 0) return
      i += taken
    }
    if (this.tunneled) return
    if (length > data.length) this.skip(length - data.length, time)
    else if (this.framing === 'unframed' && endsChunks(data)) this.finish(time, true)
  }

  /** No more bytes will follow. */
  close(time: number): void {
    if (this.message === undefined && !this.headBytes.empty) this.cutHead(time)
    this.finish(time, this.framing === 'close')
    this.headBytes.clear()
  }

  /** A body without a known end has ended, because the other side continued. */
  endUnframed(time: number): void {
    if (this.framing === 'unframed') this.finish(time, false)
  }

  /** Takes bytes of a head from `from` on; returns -1 if they are not a head. */
  private takeHead(data: Uint8Array, from: number, time: number): number {
    let at = from
    if (this.headBytes.empty) {
      while (at < data.length && (data[at] === 13 || data[at] === 10)) at++
      this.headFrom = time
      if (at === data.length) return at - from
    }
    const { taken, state } = this.headBytes.take(data, at, data.length)
    if (state === 'other') {
      this.headBytes.clear()
      return -1
    }
    if (state === 'long') this.cutHead(time)
    else if (state === 'end') this.startBody(this.headBytes.parse(), false, time)
    return at - from + taken
  }

  private cutHead(time: number): void {
    this.startBody(this.headBytes.parse(), true, time)
  }

  private startBody(head: ParsedHead | undefined, headCut: boolean, time: number): void {
    this.headBytes.clear()
    if (head === undefined) return
    const m = messageOf(head, headCut, new Body(this.bodyLimit), this.headFrom, time)
    this.message = m
    this.chunks.clear()
    const framing = this.on.head(m)
    this.framing = framing.kind
    this.remaining = framing.kind === 'length' ? framing.length : 0
    if (framing.kind === 'none') this.finish(time, true)
    else if (framing.kind === 'tunnel') this.tunnel(time)
  }

  private takeBody(data: Uint8Array, from: number, time: number): number {
    const { body } = this.message as Message
    if (this.framing === 'length') {
      const to = Math.min(data.length, from + this.remaining)
      body.add(data, from, to)
      this.remaining -= to - from
      if (this.remaining === 0) this.finish(time, true)
      return to - from
    }
    if (this.framing === 'chunked') {
      const taken = this.chunks.take(data, from, body)
      if (this.chunks.state === 'end') this.finish(time, true)
      else if (this.chunks.state === 'lost') this.framing = 'unframed'
      return taken
    }
    body.add(data, from, data.length)
    return data.length - from
  }

  /** Bytes that were not captured. */
  private skip(length: number, time: number): void {
    if (this.message === undefined && !this.headBytes.empty) this.cutHead(time)
    if (this.message === undefined) return
    const { body } = this.message
    if (this.framing === 'length') {
      const skipped = Math.min(length, this.remaining)
      body.skip(skipped)
      this.remaining -= skipped
      if (this.remaining === 0) this.finish(time, true)
    } else if (this.framing === 'chunked') {
      this.chunks.skip(length, body)
      if (this.chunks.state === 'end') this.finish(time, true)
      else if (this.chunks.state === 'lost') this.framing = 'unframed'
    } else body.skip(length)
  }

  private finish(time: number, complete: boolean): void {
    const m = this.message
    if (m === undefined) return
    this.message = undefined
    this.framing = 'none'
    m.endedAt = time
    m.complete = complete
    this.on.end(m)
  }
}

function messageOf(head: ParsedHead, headCut: boolean, body: Body, startedAt: number, headAt: number): Message {
  const { start, headers, size: headSize } = head
  const { version } = start
  const rest = { headers, headCut, headSize, body, startedAt, headAt, endedAt: undefined, complete: false }
  return start.kind === 'request'
    ? { kind: 'request', method: start.method, target: start.target, version, ...rest }
    : { kind: 'response', status: start.status, reason: start.reason, version, ...rest }
}

/** Whether a piece starts with the complete first line of a message. */
function beginsMessage(data: Uint8Array): boolean {
  const lf = data.subarray(0, 8192).indexOf(10)
  if (lf < 12) return false
  return parseStart(Buffer.from(data.buffer, data.byteOffset, lf).toString('latin1').replace(/\r$/, '')) !== undefined
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Whether a piece ends like a chunked body. */
function endsChunks(data: Uint8Array): boolean {
  const at = data.length - LAST_CHUNK.length
  if (at < 0 || (at > 0 && data[at - 1] !== 10)) return false
  for (let i = 0; i < LAST_CHUNK.length; i++) if (data[at + i] !== LAST_CHUNK[i]) return false
  return true
}
