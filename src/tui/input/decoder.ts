// Decodes bytes of the terminal to inputs. A sequence may arrive in any number of pieces; no part of one is ever taken
// for text.
import { char, type Input, named } from './input.js'
import { consoleKey, control, csi, oldMouse, ss3, withAlt } from './sequences.js'

const ESC = 0x1b
const BEL = 0x07
/** Longest sequence: what is longer and has no end is not a sequence. */
const LONGEST = 4096
/** Maximum bytes of a paste; the rest is discarded. */
const LONGEST_PASTE = 1 << 20
/** ms after which an Esc without a successor is the Esc key */
export const ESCAPE_AFTER = 50
/** ms after which an incomplete sequence is discarded */
const SEQUENCE_AFTER = 500

const PASTE_END = Buffer.from('\x1b[201~')

/** The input at a position, or none, and the number of bytes that it took; undefined if more bytes are needed. */
interface Taken {
  readonly input: Input | undefined
  readonly bytes: number
}

export class Decoder {
  private pending: Buffer = Buffer.alloc(0)
  private paste: Buffer[] | undefined
  private pasted = 0

  /** Takes bytes and returns the inputs that they complete. */
  push(bytes: Uint8Array): Input[] {
    let data: Buffer = this.pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.pending, bytes])
    const out: Input[] = []
    for (;;) {
      if (this.paste !== undefined) {
        const rest = this.takePaste(data, out)
        if (rest === undefined) return out
        data = rest
      }
      const at = this.keys(data, out)
      if (at < data.length && this.paste === undefined) {
        this.pending = data.subarray(at)
        return out
      }
      data = data.subarray(at)
      this.pending = Buffer.alloc(0)
      if (data.length === 0) return out
    }
  }

  /** ms to wait for more bytes before flush() must be called; undefined if nothing is pending. */
  get patience(): number | undefined {
    if (this.pending.length === 0 || this.paste !== undefined) return undefined
    return this.pending.every((b) => b === ESC) ? ESCAPE_AFTER : SEQUENCE_AFTER
  }

  /** No more bytes arrived: a lone Esc is a key, an incomplete sequence is dropped. */
  flush(): Input[] {
    const { pending } = this
    if (this.paste !== undefined) return []
    this.pending = Buffer.alloc(0)
    if (pending[0] !== ESC) return pending.length > 0 ? [char('\ufffd')] : []
    if (pending.every((b) => b === ESC)) return Array.from(pending, () => named('escape'))
    return pending.length === 2 ? [withAlt(char(String.fromCharCode(pending[1] as number)))] : []
  }

  /** Decodes until the end, the start of a paste, or an incomplete sequence; returns its position. */
  private keys(data: Buffer, out: Input[]): number {
    let at = 0
    while (at < data.length) {
      const taken = take(data, at)
      if (taken === undefined) {
        if (data.length - at <= LONGEST) return at
        at = data.length
        break
      }
      if (taken.input !== undefined) out.push(taken.input)
      at += taken.bytes
      if (taken.bytes === 6 && data.subarray(at - 6, at).equals(PASTE_BEGIN)) {
        this.paste = []
        this.pasted = 0
        return at
      }
    }
    return at
  }

  /** Collects a paste; returns the bytes after it, undefined if its end has not arrived. */
  private takePaste(data: Buffer, out: Input[]): Buffer | undefined {
    const end = data.indexOf(PASTE_END)
    // the end may be split: its first part waits for the rest
    const upTo = end >= 0 ? end : data.length - partialEnd(data)
    if (this.pasted < LONGEST_PASTE) this.paste?.push(Buffer.from(data.subarray(0, upTo)))
    this.pasted += upTo
    if (end < 0) {
      this.pending = data.subarray(upTo)
      return undefined
    }
    const text = Buffer.concat(this.paste ?? []).toString('utf8')
    this.paste = undefined
    this.pending = Buffer.alloc(0)
    if (text !== '') out.push({ type: 'paste', text })
    return data.subarray(end + PASTE_END.length)
  }
}

const PASTE_BEGIN = Buffer.from('\x1b[200~')

/** Length of the longest prefix of PASTE_END at the end of the data. */
function partialEnd(data: Buffer): number {
  for (let n = Math.min(PASTE_END.length - 1, data.length); n > 0; n--)
    if (data.subarray(data.length - n).equals(PASTE_END.subarray(0, n))) return n
  return 0
}

function take(d: Buffer, at: number): Taken | undefined {
  const b = d[at] as number
  if (b === ESC) return escaped(d, at)
  if (b < 32 || b === 127) return { input: control(b), bytes: 1 }
  if (b < 0x80) return { input: char(String.fromCharCode(b)), bytes: 1 }
  return utf8(d, at)
}

function utf8(d: Buffer, at: number): Taken | undefined {
  const b = d[at] as number
  const length = b >= 0xf0 && b < 0xf5 ? 4 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xc2 && b < 0xe0 ? 2 : 0
  if (length === 0) return { input: char('\ufffd'), bytes: 1 }
  for (let i = 1; i < length; i++) {
    const c = d[at + i]
    if (c === undefined) return undefined
    if ((c & 0xc0) !== 0x80) return { input: char('\ufffd'), bytes: i }
  }
  const text = d.toString('utf8', at, at + length)
  // overlong and surrogate forms decode to several replacement characters
  return { input: char(text.includes('\ufffd') ? '\ufffd' : text), bytes: length }
}

function escaped(d: Buffer, at: number): Taken | undefined {
  const b = d[at + 1]
  if (b === undefined) return undefined
  if (b === ESC) {
    // Alt before another sequence; two presses of Esc otherwise
    const next = d[at + 2]
    if (next === undefined) return undefined
    if (next !== 0x5b && next !== 0x4f) return { input: named('escape'), bytes: 1 }
    const inner = escaped(d, at + 1)
    return inner && { input: inner.input && withAlt(inner.input), bytes: inner.bytes + 1 }
  }
  if (b === 0x5b) return controlSequence(d, at)
  if (b === 0x4f) return singleShift(d, at)
  // OSC, DCS, SOS, PM, APC: replies of the terminal, up to BEL or ESC \
  if (b === 0x5d || b === 0x50 || b === 0x58 || b === 0x5e || b === 0x5f) return string(d, at)
  const rest = take(d, at + 1)
  return rest && { input: rest.input && withAlt(rest.input), bytes: rest.bytes + 1 }
}

function controlSequence(d: Buffer, at: number): Taken | undefined {
  let i = at + 2
  if (d[i] === 0x5b) {
    const letter = d[i + 1]
    return letter === undefined ? undefined : { input: consoleKey(String.fromCharCode(letter)), bytes: 4 }
  }
  if (d[i] === 0x4d) {
    if (d.length < i + 4) return undefined
    return { input: oldMouse(d[i + 1] as number, d[i + 2] as number, d[i + 3] as number), bytes: 6 }
  }
  while (i < d.length && (d[i] as number) >= 0x30 && (d[i] as number) <= 0x3f) i++
  const params = d.toString('latin1', at + 2, i)
  // rxvt ends the sequence of a shifted key with $, which is no final byte elsewhere
  if (d[i] === 0x24 && /^\d+$/.test(params)) return { input: csi(params, '$'), bytes: i + 1 - at }
  while (i < d.length && (d[i] as number) >= 0x20 && (d[i] as number) <= 0x2f) i++
  const final = d[i]
  if (final === undefined) return undefined
  // a control character or another byte in the middle: the sequence is broken, what follows counts on its own
  if (final < 0x40 || final > 0x7e) return { input: undefined, bytes: i - at }
  return { input: csi(params, String.fromCharCode(final)), bytes: i + 1 - at }
}

function singleShift(d: Buffer, at: number): Taken | undefined {
  let i = at + 2
  while (i < d.length && (d[i] as number) >= 0x30 && (d[i] as number) <= 0x3b) i++
  const final = d[i]
  if (final === undefined) return undefined
  if (final < 0x40 || final > 0x7e) return { input: undefined, bytes: i - at }
  return { input: ss3(d.toString('latin1', at + 2, i), String.fromCharCode(final)), bytes: i + 1 - at }
}

function string(d: Buffer, at: number): Taken | undefined {
  for (let i = at + 2; i < d.length; i++) {
    if (d[i] === BEL) return { input: undefined, bytes: i + 1 - at }
    if (d[i] !== ESC) continue
    if (d[i + 1] === undefined) return undefined
    return { input: undefined, bytes: i + (d[i + 1] === 0x5c ? 2 : 0) - at }
  }
  return undefined
}
