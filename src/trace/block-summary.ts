// Summaries of event blocks as bytes: names written, all of it read. native/trace/block_summary.cc has the layout and writes the
// rest; what is behind the names is missing in older traces.
import { decodeText, encodeText } from '../model/text.js'
import { type BlockSummary, type StateSummary, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { type BlockHeader, summaryIntact } from './format.js'

/** Process names, each with the ids of the processes whose threads bear it. */
export type Names = ReadonlyMap<string, ReadonlySet<number>>

/** Bytes of all names beyond which the processes are not told: readers refuse summaries of a MiB. */
const MOST_PAIRS = 128 << 10

/** Names as a summary holds them: u32 count, u16 length and bytes each; then for each the processes as a list of ids. */
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
  // a list of nothing for each name says that they are not known
  parts.push(Buffer.from(pairs.length <= MOST_PAIRS ? pairs : new Uint8Array(names.size)))
  return Buffer.concat(parts)
}

/** The summary of a block; undefined when it is damaged, and then the block is read. */
export function blockSummary(header: BlockHeader, b: Buffer): BlockSummary | undefined {
  if (!summaryIntact(header, b)) return undefined
  const from = new Bytes(b)
  const { timeMin, timeMax, numMin, numMax, restRows } = header
  try {
    const types = new Uint8Array(TYPE_BITMAP_BYTES)
    for (let n = from.u16(); n > 0; n--) setType(types, from.u16())
    const tids = idsOf(from)
    const texts = from.u8() === 1 ? textsOf(from) : undefined
    const whole = from.left > 0
    const comms = texts && new Map(texts.map((text) => [text, whole ? processesOf(from) : undefined]))
    return {
      timeMin,
      timeMax,
      numMin,
      numMax,
      types,
      restRows,
      ...(comms !== undefined && { comms }),
      ...(tids !== undefined && { tids: new Set(tids) }),
      ...(from.left > 0 && stateOf(from, tids)),
    }
  } catch {
    return undefined
  }
}

function idsOf(from: Bytes): number[] | undefined {
  const n = from.u32()
  if (n === 0xffffffff) return undefined
  const tids: number[] = []
  for (let i = 0; i < n; i++) tids.push(from.i32())
  return tids
}

function textsOf(from: Bytes): string[] {
  const texts: string[] = []
  for (let n = from.u32(); n > 0; n--) texts.push(from.text(from.u16()))
  return texts
}

function processesOf(from: Bytes): ReadonlySet<number> | undefined {
  const ids = from.ids()
  return ids.length === 0 ? undefined : new Set(ids)
}

/** What is behind the names. */
function stateOf(from: Bytes, tids: readonly number[] | undefined): Pick<BlockSummary, 'processOf' | 'state'> {
  const shownRows = from.varint()
  const places = from.ids()
  const of = from.ids()
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
  if (state.edges[0].length !== state.edges[1].length || places.length !== of.length)
    throw new RangeError('lists of pairs differ in length')
  return { state, processOf: tids && new Map(places.map((at, i) => [tids[at] ?? 0, of[i] as number])) }
}

function setType(types: Uint8Array, code: number): void {
  if (code >= 0 && code < TYPE_BITMAP_BYTES * 8) types[code >> 3]! |= 1 << (code & 7)
}

function putVarint(out: number[], v: number): void {
  let left = v
  for (; left >= 0x80; left = Math.floor(left / 0x80)) out.push((left & 0x7f) | 0x80)
  out.push(left)
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

/** A summary from its beginning on; reading beyond its end throws RangeError. */
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
    if (length > this.left) throw new RangeError('a name leads out of the summary')
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

  /** A list of ids: its length, then zigzag differences. */
  ids(): number[] {
    const found: number[] = []
    let last = 0
    for (let n = this.varint(); n > 0; n--) {
      const z = this.varint()
      last += z % 2 === 0 ? z / 2 : -(z + 1) / 2
      found.push(last)
    }
    return found
  }
}
