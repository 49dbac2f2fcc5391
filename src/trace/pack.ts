// Packs a trace's metadata (host, processes, users, index) as MessagePack, and unpacks it. Bytes are validated before
// they are decoded, so that a hostile file cannot request memory that its size does not justify.
import { addExtension, Packr } from 'msgpackr/pack'
import { Unpackr } from 'msgpackr/unpack'
import { decodeText, encodeText } from '../model/text.js'
import { codec } from './codec.js'
import { type BlockHeader, blockHeader, KIND } from './format.js'

const packr = new Packr({ useRecords: false, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })
const MAX_DEPTH = 16
/** a packed null */
const NIL = Buffer.from([0xc0])
/** Payloads up to this size are decompressed synchronously: passing them to a thread would take longer. */
const SMALL_PAYLOAD = 64 << 10
/** a type number that msgpackr requires; it is never written */
const PART_TYPE = 0x70

/** Data that is already packed and is inserted into larger data. */
export class PackedPart {
  constructor(readonly bytes: Buffer) {}
}

addExtension({
  Class: PackedPart,
  type: PART_TYPE,
  pack: ({ bytes }: PackedPart, allocate: (size: number) => { target: Buffer; position: number }) => {
    const { target, position } = allocate(bytes.length)
    bytes.copy(target, position)
  },
  unpack: () => undefined,
} as unknown as Parameters<typeof addExtension>[0])

/**
 * Packs plain data. Text with bytes that are not UTF-8 (see model/text.ts) is preserved; keys with undefined values are
 * dropped.
 */
export function pack(value: unknown): Buffer {
  return packr.pack(lossless(value))
}

/** Packs plain data for insertion into larger data. */
export function packPart(value: unknown): PackedPart {
  return new PackedPart(Buffer.from(pack(value)))
}

/** The start of a packed list of that many items, which follow. */
export function listHeader(count: number): Buffer {
  if (count < 16) return Buffer.from([0x90 | count])
  const bytes = Buffer.alloc(count < 65536 ? 3 : 5, count < 65536 ? 0xdc : 0xdd)
  bytes.writeUIntBE(count, 1, bytes.length - 1)
  return bytes
}

/** The start of a packed map of up to 15 keys; each key and its value follow. */
export function mapHeader(count: number): Buffer {
  if (count > 15) throw new RangeError(`a packed map of ${count} keys has another form`)
  return Buffer.from([0x80 | count])
}

/** A value of a packed map that is not unpacked with the others. */
export interface LazyValue {
  readonly key: string
  /** What stands for the packed value at `at`, and the offset behind it; undefined: it is unpacked like the others. */
  take(bytes: Buffer, at: number): { readonly end: number; readonly value: unknown } | undefined
}

/** Values that are still packed. */
export class PackedList {
  constructor(
    private readonly bytes: Buffer,
    /** what codec().indexThreads() found */
    readonly rows: Int32Array,
  ) {}

  /** One of them, by its offsets. */
  unpack(from: number, to: number): unknown {
    return unpackr.unpack(this.bytes.subarray(from, to))
  }
}

/** The threads of a snapshot. */
export const THREADS: LazyValue = {
  key: 'threads',
  take(bytes, at) {
    const found = codec().indexThreads(bytes, at)
    return found && { end: found.end, value: new PackedList(bytes, found.rows) }
  },
}
const SNAPSHOTS: ReadonlySet<number> = new Set([KIND.SNAPSHOT, KIND.KEYFRAME, KIND.RESYNC])

/** Unpacks bytes; undefined unless they are exactly one well-formed value. Binary values remain bytes. lazy: see LazyValue, if they are a map. */
export function unpack(bytes: Buffer, lazy?: LazyValue): unknown {
  try {
    const at = lazy && valueAt(bytes, lazy.key)
    const taken = at === undefined ? undefined : lazy?.take(bytes, at)
    if (lazy === undefined || taken === undefined) return wellFormed(bytes)
    const rest = Buffer.concat([bytes.subarray(0, at), NIL, bytes.subarray(taken.end)])
    const value = wellFormed(rest)
    return value === undefined ? undefined : { ...(value as object), [lazy.key]: taken.value }
  } catch {
    return undefined
  }
}

/** Unpacks bytes. Throws if they do not start with a well-formed value; undefined if more follows it. */
function wellFormed(bytes: Buffer): unknown {
  return skip(bytes, 0, 0) === bytes.length ? unpackr.unpack(bytes) : undefined
}

/** Where the value of a key starts in a packed map of few entries; undefined if it is not there. */
function valueAt(b: Buffer, key: string): number | undefined {
  const first = b.readUInt8(0)
  if (first < 0x80 || first >= 0x90) return undefined
  let at = 1
  for (let i = 0; i < (first & 15); i++) {
    const value = skip(b, at, 1)
    if (b.toString('latin1', at + 1, value) === key) return value
    at = skip(b, value, 1)
  }
  return undefined
}

/** The value of a block, undefined if it is malformed. The threads of a snapshot are a PackedList if they can be. Rejects if the block is damaged. */
export async function payloadOf(header: BlockHeader, block: Buffer, lazy?: LazyValue): Promise<unknown> {
  const { rawBytes, kind } = header
  const bytes = rawBytes <= SMALL_PAYLOAD ? codec().decodePayloadNow(block) : await codec().decodePayload(block)
  return unpack(bytes, lazy ?? (SNAPSHOTS.has(kind) ? THREADS : undefined))
}

/** The value of a block, undefined if it is damaged. */
export async function valueIn(block: Buffer): Promise<unknown> {
  const header = blockHeader(block)
  try {
    return header && (await payloadOf(header, block))
  } catch {
    return undefined
  }
}

/** A string that was passed to pack(), undefined for anything else. */
export function asString(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? decodeText(value, 0, value.length) : undefined
}

function lossless(value: unknown): unknown {
  if (typeof value === 'string') return /[\udc80-\udcff]/.test(value) ? encodeLone(value) : value
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array || value instanceof PackedPart) return value
  return Array.isArray(value) ? losslessList(value) : losslessObject(value as Record<string, unknown>)
}

/** The list itself if nothing in it changes. Undefined items become null. */
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

/** The object itself if nothing in it changes. Undefined values are dropped. */
function losslessObject(object: Record<string, unknown>): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined
  for (const key in object) {
    const item = lossless(object[key])
    if (copy === undefined && (item !== object[key] || item === undefined)) copy = keysBefore(object, key)
    if (copy !== undefined && item !== undefined) copy[key] = item
  }
  return copy ?? object
}

/** Copies the keys of an object that precede a key. */
function keysBefore(object: Record<string, unknown>, end: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key in object) {
    if (key === end) break
    copy[key] = object[key]
  }
  return copy
}

/** Bytes of text with lone surrogates; text with only paired surrogates remains text. */
function encodeLone(text: string): string | Buffer {
  const bytes = encodeText(text)
  return bytes.toString('utf8') === text ? text : bytes
}

/**
 * Offset after the MessagePack value at `at`. Throws if it is malformed, too deep, or of a type that pack() does not
 * write.
 */
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
      throw new RangeError('unexpected type of value')
  }
}

function items(b: Buffer, from: number, count: number, depth: number): number {
  if (depth >= MAX_DEPTH || count > b.length - from) throw new RangeError('impossible list')
  let at = from
  for (let i = 0; i < count; i++) at = skip(b, at, depth + 1)
  return at
}

function within(b: Buffer, at: number): number {
  if (at > b.length) throw new RangeError('value exceeds the data')
  return at
}
