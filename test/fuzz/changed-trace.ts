// Traces for modification, and the modifications: bytes anywhere with corrected checksums, so that later checks
// are tested, and metadata changed before compression.
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openTrace } from '../../src/run/file-kinds.js'
import { EVENTS } from '../../src/schema/events/index.js'
import type { EventDef } from '../../src/schema/types.js'
import { codec } from '../../src/trace/codec.js'
import { ContentsCounter } from '../../src/trace/contents.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER, KIND, TRAILER, trailer } from '../../src/trace/format.js'
import { TraceWriter } from '../../src/trace/index.js'
import { snapshotOf } from '../../src/trace/metadata.js'
import { makeBatch } from '../helpers/rows.js'
import { INFO, NOTHING, payloadOf, someRows } from '../helpers/trace.js'

/** Values below n from a row of random numbers. */
export type Roll = (n: number) => number

interface Place {
  readonly at: number
  readonly total: number
  /** the contents of a block of metadata, before compression */
  readonly payload: Buffer | undefined
}

const ODD = [0, 1, 0x7fffffff, 0xffffffff, 65536, 1 << 20]

export class ChangedTraces {
  private constructor(
    private readonly whole: Buffer,
    private readonly blocks: readonly Place[],
  ) {}

  /** For the trace in that file. */
  static async of(path: string): Promise<ChangedTraces> {
    const whole = readFileSync(path)
    const blocks: Place[] = []
    for (let at = FILE_HEADER; ; ) {
      const header = blockHeader(whole.subarray(at))
      if (header === undefined) return new ChangedTraces(whole, blocks)
      const block = whole.subarray(at, at + header.total)
      const payload = header.kind === KIND.EVENTS ? undefined : await codec().decodePayload(block)
      blocks.push({ at, total: header.total, payload })
      at += header.total
    }
  }

  /** For a trace of ksys and one made of a .scap file; both are written into this folder. */
  static async ofBoth(dir: string): Promise<ChangedTraces[]> {
    const path = (name: string) => join(dir, name)
    await writeOwn(path('own.ksys'))
    const scap = new URL('../golden/captures/cat_write.scap.gz', import.meta.url)
    writeFileSync(path('cat.scap'), gunzipSync(readFileSync(scap)))
    await writeForeign(path('foreign.ksys'), path('cat.scap'))
    return await Promise.all(['own.ksys', 'foreign.ksys'].map((name) => ChangedTraces.of(path(name))))
  }

  /** A modified copy. */
  async make(roll: Roll): Promise<Buffer> {
    const b = roll(3) === 0 ? await this.otherMetadata(roll) : this.otherBytes(roll)
    return roll(10) === 0 ? b.subarray(0, roll(b.length)) : b
  }

  private otherBytes(roll: Roll): Buffer {
    const b = Buffer.from(this.whole)
    change(b, FILE_HEADER, roll)
    if (roll(5) > 0) for (const { at } of this.blocks) repair(b, at)
    return b
  }

  private async otherMetadata(roll: Roll): Promise<Buffer> {
    const choices = this.blocks.filter((p) => p.payload !== undefined)
    const { at, total, payload } = choices[roll(choices.length)] as Place
    const other = Buffer.from(payload as Buffer)
    change(other, 0, roll)
    const { kind, seq, numMin, timeMin } = blockHeader(this.whole.subarray(at)) as NonNullable<
      ReturnType<typeof blockHeader>
    >
    const block = await blockOf(kind, seq, other, numMin, timeMin)
    const end = (this.blocks.at(-1) as Place).at
    const shift = kind === KIND.END ? 0 : block.length - total
    const rest = this.whole.subarray(at + total, this.whole.length - TRAILER)
    return Buffer.concat([this.whole.subarray(0, at), block, rest, trailer(end + shift)])
  }
}

let blocks = 0

/** A block of one payload, as the writer makes it. */
async function blockOf(kind: number, seq: number, payload: Buffer, num: number, time: number): Promise<Buffer> {
  const path = join(tmpdir(), `ksys-block-${process.pid}-${blocks++}`)
  const fd = openSync(path, 'w')
  await new (codec().TraceFile)(fd, true, 1).payload(kind, seq, payloadOf(payload), num, time)
  closeSync(fd)
  const block = readFileSync(path)
  rmSync(path)
  return block
}

function change(b: Buffer, from: number, roll: Roll): void {
  for (let n = 1 + roll(6); n > 0; n--) {
    const where = from + roll(b.length - from)
    const how = roll(4)
    if (how === 0) b[where]! ^= 1 << roll(8)
    else if (how === 1) b[where] = 0xff
    else if (how === 2 || b.length < 4) b[where] = roll(256)
    else b.writeUInt32LE(ODD[roll(ODD.length)]!, Math.min(where, b.length - 4))
  }
}

/** Corrects the checksums of the block that starts at `start`. */
function repair(b: Buffer, start: number): void {
  let from = start + BLOCK_HEADER
  for (const [sizeAt, crcAt] of [
    [8, 36],
    [12, 40],
    [16, 44],
  ] as const) {
    const to = Math.min(b.length, from + b.readUInt32LE(start + sizeAt))
    b.writeUInt32LE(codec().crc32c(b.subarray(from, to)), start + crcAt)
    from = to
  }
  b.writeUInt32LE(codec().crc32c(b.subarray(start, start + BLOCK_HEADER - 4)), start + BLOCK_HEADER - 4)
}

/** Writes a small trace of ksys with all possible contents; few definitions, so that reading them takes no time. */
export async function writeOwn(path: string): Promise<void> {
  const batches = [1, 2].map((seed) => makeBatch(someRows(30, seed)))
  const used = new Set(batches.flatMap((b) => [...b.type.subarray(0, b.count)]))
  const defs = EVENTS.map((d, code) => (used.has(code) ? d : undefined))
  const exists = snapshotOf({
    threads: [
      {
        tid: 100,
        pid: 100,
        comm: 'cat',
        env: ['A=b'],
        fds: [{ num: 3, type: 'ipv4', localIp: '1.2.3.4', localPort: 80 }],
      },
      { tid: 101, pid: 100, comm: 'cat', cgroups: ['cpu=/a'] },
    ],
    users: [{ uid: 0, gid: 0, name: 'root' }],
    groups: [{ gid: 0, name: 'root', container: 'x' }],
    containers: ['{"id":"x"}'],
  })
  const writer = await TraceWriter.open(path, { info: INFO, existing: exists, defs })
  const contents = new ContentsCounter(EVENTS)
  for (const batch of batches) {
    if (batch === batches[1]) batch.resync = exists
    await writer.write(batch, undefined, new Map(['cat', 'nginx'].map((name) => [name, new Set([1])])))
    await writer.flush()
    if (batch === batches[0]) writer.keyframe(exists)
  }
  await writer.close({ events: 60, lost: 3, late: 1 }, contents.contents())
}

/** Writes a trace of a few rows of another tool's capture. */
export async function writeForeign(path: string, scap: string): Promise<void> {
  const source = await openTrace(scap)
  const snapshot = await source.snapshot()
  const batch = await source.next()
  if (batch === undefined) throw new Error(`${scap} has no events`)
  const defs = source.tables?.defs as readonly (EventDef | undefined)[]
  const used = new Set(batch.type.subarray(0, 60))
  const few = defs.map((d, code) => (used.has(code) ? d : undefined))
  const threads = [...snapshot.threads].slice(0, 3)
  const writer = await TraceWriter.open(path, { info: source.info, existing: { ...NOTHING, threads }, defs: few })
  await writer.write(batch, new Uint8Array(batch.capacity).fill(1, 0, 60), new Map([['cat', new Set([1])]]))
  await writer.close(source.stats())
  await source.close()
}
