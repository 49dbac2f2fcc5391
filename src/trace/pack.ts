// Metadata of a trace (host, processes, users, index) to bytes and back. What comes back is checked before it is decoded,
// so that a hostile file cannot ask for memory that it does not fill.
import { Packr } from 'msgpackr/pack'
import { Unpackr } from 'msgpackr/unpack'
import { decodeText, encodeText } from '../model/text.js'

const packr = new Packr({ useRecords: false, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })
const DEEPEST = 16

/** Packs plain data. Text with bytes that are not UTF-8 (see model/text.ts) keeps them; keys without a value go. */
export function pack(value: unknown): Buffer {
  return packr.pack(lossless(value))
}

/** Plain data of those bytes; undefined when they are not a single well-formed value. Binary values stay bytes. */
export function unpack(bytes: Buffer): unknown {
  try {
    if (skip(bytes, 0, 0) !== bytes.length) return undefined
    return unpackr.unpack(bytes)
  } catch {
    return undefined
  }
}

/** Text that pack() was given, undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? decodeText(value, 0, value.length) : undefined
}

function lossless(value: unknown): unknown {
  if (typeof value === 'string') return /[\udc80-\udcff]/.test(value) ? encodeLone(value) : value
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map((item) => lossless(item) ?? null)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = lossless((value as Record<string, unknown>)[key])
    if (item !== undefined) copy[key] = item
  }
  return copy
}

/** Bytes of text with lone surrogates; ordinary text that only has pairs stays text. */
function encodeLone(text: string): string | Buffer {
  const bytes = encodeText(text)
  return bytes.toString('utf8') === text ? text : bytes
}

/** Offset behind the MessagePack value at `at`. Throws when it is malformed, of a kind pack() never makes, or too deep. */
function skip(b: Buffer, at: number, depth: number): number {
  const c = b.readUInt8(at)
  const next = at + 1
  if (c < 0x80 || c >= 0xe0) return next
  if (c < 0x90) return items(b, next, (c & 15) * 2, depth)
  if (c < 0xa0) return items(b, next, c & 15, depth)
  if (c < 0xc0) return within(b, next + (c & 31))
  switch (c) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return next
    case 0xc4:
    case 0xd9:
      return within(b, next + 1 + b.readUInt8(next))
    case 0xc5:
    case 0xda:
      return within(b, next + 2 + b.readUInt16BE(next))
    case 0xc6:
    case 0xdb:
      return within(b, next + 4 + b.readUInt32BE(next))
    case 0xcc:
    case 0xd0:
      return within(b, next + 1)
    case 0xcd:
    case 0xd1:
      return within(b, next + 2)
    case 0xca:
    case 0xce:
    case 0xd2:
      return within(b, next + 4)
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return within(b, next + 8)
    case 0xdc:
      return items(b, next + 2, b.readUInt16BE(next), depth)
    case 0xdd:
      return items(b, next + 4, b.readUInt32BE(next), depth)
    case 0xde:
      return items(b, next + 2, b.readUInt16BE(next) * 2, depth)
    case 0xdf:
      return items(b, next + 4, b.readUInt32BE(next) * 2, depth)
    default:
      throw new RangeError('not a value of ours')
  }
}

function items(b: Buffer, from: number, count: number, depth: number): number {
  if (depth >= DEEPEST || count > b.length - from) throw new RangeError('impossible list')
  let at = from
  for (let i = 0; i < count; i++) at = skip(b, at, depth + 1)
  return at
}

function within(b: Buffer, at: number): number {
  if (at > b.length) throw new RangeError('value leads out of the data')
  return at
}
