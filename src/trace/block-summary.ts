// Reads the summaries of event blocks, and writes their process names. native/trace/block_summary.cc defines the layout
// and writes the rest. Older traces have nothing after the names.
import { decodeText, encodeText } from '../model/text.js'
import { type BlockSummary, type StateSummary, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { type BlockHeader, summaryIntact } from './format.js'

/** Process names, each with the ids of the processes that have a thread of that name. */
export type Names = ReadonlyMap<string, ReadonlySet<number>>

/** Bytes of process ids of all names, above which they are omitted: readers refuse summaries larger than 1 MiB. */
const MAX_PAIR_BYTES = 128 << 10

/**
 * Encodes names for a summary: u32 count, then u16 length and bytes of each name, then the list of process ids of each
 * name.
 */
export function packNames(names: Names): Buffer {
  const parts: Buffer[] = [Buffer.alloc(4)]
  parts[0]!.writeUInt32LE(names.size)
  for (const name of names.keys()) {
    const text = encodeText(name).subarray(0, 0xffff)
    const length = Buffer.alloc(2)
    length.writeUInt16LE(text.length)
    parts.push(length, text)
  }
  const pairs: number[] = []
  for (const processes of names.values()) putIds(pairs, processes)
  // an empty list for each name means that its processes are unknown
  parts.push(Buffer.from(pairs.length <= MAX_PAIR_BYTES ? pairs : new Uint8Array(names.size)))
  return Buffer.concat(parts)
}

/** The summary of a block. Undefined if it is damaged: the block must then be read. */
export function blockSummary(header: BlockHeader, b: Buffer): BlockSummary | undefined {
  if (!summaryIntact(header, b)) return undefined
  const from = new Bytes(b)
  const { timeMin, timeMax, numMin, numMax, restRows } = header
  try {
    const types = new Uint8Array(TYPE_BITMAP_BYTES)
    for (let n = from.u16(); n > 0; n--) setType(types, from.u16())
    const tids = readIds(from)
    const texts = from.u8() === 1 ? readTexts(from) : undefined
    const hasProcesses = from.left > 0
    const comms = texts && new Map(texts.map((text) => [text, hasProcesses ? readProcesses(from) : undefined]))
    return {
      timeMin,
      timeMax,
      numMin,
      numMax,
      types,
      restRows,
      ...(comms !== undefined && { comms }),
      ...(tids !== undefined && { tids: new Set(tids) }),
      ...(from.left > 0 && readState(from, tids)),
    }
  } catch {
    return undefined
  }
}

function readIds(from: Bytes): number[] | undefined {
  const n = from.u32()
  if (n === 0xffffffff) return undefined
  const tids: number[] = []
  for (let i = 0; i < n; i++) tids.push(from.i32())
  return tids
}

function readTexts(from: Bytes): string[] {
  const texts: string[] = []
  for (let n = from.u32(); n > 0; n--) texts.push(from.text(from.u16()))
  return texts
}

function readProcesses(from: Bytes): ReadonlySet<number> | undefined {
  const ids = from.ids()
  return ids.length === 0 ? undefined : new Set(ids)
}

/** Reads what follows the names. */
function readState(from: Bytes, tids: readonly number[] | undefined): Pick<BlockSummary, 'processOf' | 'state'> {
  const shownRows = from.varint()
  const places = from.ids()
  const pids = from.ids()
  const types = new Uint8Array(TYPE_BITMAP_BYTES)
  for (const code of from.ids()) setType(types, code)
  const state: StateSummary = {
    shownRows,
    types,
    processes: from.ids(),
    edges: [from.ids(), from.ids()],
    ended: from.ids(),
    reapers: from.ids(),
  }
  if (state.edges[0].length !== state.edges[1].length || places.length !== pids.length)
    throw new RangeError('lists of pairs differ in length')
  return { state, processOf: tids && new Map(places.map((at, i) => [tids[at] ?? 0, pids[i] as number])) }
}

function setType(types: Uint8Array, code: number): void {
  if (code >= 0 && code < TYPE_BITMAP_BYTES * 8) types[code >> 3]! |= 1 << (code & 7)
}

function putVarint(out: number[], v: number): void {
  let rest = v
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest & 0x7f) | 0x80)
  out.push(rest)
}

function putIds(out: number[], ids: ReadonlySet<number>): void {
  putVarint(out, ids.size)
  let last = 0
  for (const id of [...ids].sort((a, b) => a - b)) {
    const d = id - last
    putVarint(out, d < 0 ? -d * 2 - 1 : d * 2)
    last = id
  }
}

/** Reads a summary from start to end. Throws RangeError at a read past its end. */
class Bytes {
  private at = 0

  constructor(private readonly b: Buffer) {}

  get left(): number {
    return this.b.length - this.at
  }

  u8(): number {
    return this.b.readUInt8(this.at++)
  }

  u16(): number {
    this.at += 2
    return this.b.readUInt16LE(this.at - 2)
  }

  u32(): number {
    this.at += 4
    return this.b.readUInt32LE(this.at - 4)
  }

  i32(): number {
    return this.u32() | 0
  }

  text(length: number): string {
    if (length > this.left) throw new RangeError('a name exceeds the summary')
    this.at += length
    return decodeText(this.b, this.at - length, this.at)
  }

  varint(): number {
    let v = 0
    for (let scale = 1; scale < 2 ** 42; scale *= 0x80) {
      const byte = this.u8()
      v += (byte & 0x7f) * scale
      if (byte < 0x80) return v
    }
    throw new RangeError('a number is too long')
  }

  /** A list of ids: its length, then zigzag-encoded differences. */
  ids(): number[] {
    const ids: number[] = []
    let last = 0
    for (let n = this.varint(); n > 0; n--) {
      const z = this.varint()
      last += z % 2 === 0 ? z / 2 : -(z + 1) / 2
      ids.push(last)
    }
    return ids
  }
}
