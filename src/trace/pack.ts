// Metadata of a trace (host, processes, users, index) to bytes and back. What comes back is checked before it is decoded,
// so that a hostile file cannot ask for memory that it does not fill.
import { addExtension, Packr } from 'msgpackr/pack'
import { Unpackr } from 'msgpackr/unpack'
import { decodeText, encodeText } from '../model/text.js'

const packr = new Packr({ useRecords: false, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })
const DEEPEST = 16
/** a number that msgpackr wants; it is not written */
const PART = 0x70

/** Plain data that is packed already, as a part of more. */
export class PackedPart {
  constructor(readonly bytes: Buffer) {}
}

addExtension({
  Class: PackedPart,
  type: PART,
  pack: ({ bytes }: PackedPart, allocate: (size: number) => { target: Buffer; position: number }) => {
    const { target, position } = allocate(bytes.length)
    bytes.copy(target, position)
  },
  unpack: () => undefined,
} as unknown as Parameters<typeof addExtension>[0])

/** Packs plain data. Text with bytes that are not UTF-8 (see model/text.ts) keeps them; keys without a value go. */
export function pack(value: unknown): Buffer {
  return packr.pack(lossless(value))
}

/** Plain data, packed to be put into more. */
export function packPart(value: unknown): PackedPart {
  return new PackedPart(Buffer.from(pack(value)))
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
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array || value instanceof PackedPart) return value
  return Array.isArray(value) ? losslessList(value) : losslessObject(value as Record<string, unknown>)
}

/** The list itself where nothing in it changes; what is undefined becomes null. */
function losslessList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = lossless(list[i]) ?? null
    if (item === list[i]) continue
    copy ??= [...list]
    copy[i] = item
  }
  return copy ?? list
}

/** The object itself where nothing in it changes; what is undefined goes. */
function losslessObject(object: Record<string, unknown>): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined
  for (const key in object) {
    const item = lossless(object[key])
    if (copy === undefined && (item !== object[key] || item === undefined)) copy = keysBefore(object, key)
    if (copy !== undefined && item !== undefined) copy[key] = item
  }
  return copy ?? object
}

/** What an object has before one of its keys. */
function keysBefore(object: Record<string, unknown>, end: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key in object) {
    if (key === end) break
    copy[key] = object[key]
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
