// Traces that somebody changed on purpose: bytes anywhere, with the checksums made right again, so that what is behind them
// has to hold. Nothing may throw but TraceError, hang, or bring rows that lead out of their arena.
// The C++ decoder alone is fed by trace-block.sh, under the sanitizers.
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { rowEnd } from '../../src/model/batch.js'
import { CODE_LIMIT } from '../../src/schema/codes.js'
import { codec } from '../../src/trace/codec.js'
import { BLOCK_HEADER, blockHeader } from '../../src/trace/format.js'
import { TraceError, TraceSource, TraceWriter } from '../../src/trace/index.js'
import { cursor, makeBatch } from '../helpers/rows.js'
import { INFO, NOTHING, scratch, someRows } from '../helpers/trace.js'
import { SEED } from './damage.js'

const at = scratch()
const ROUNDS = Number(process.env.KSYS_FUZZ_ROUNDS ?? 1500)

let whole: Buffer

beforeAll(async () => {
  const path = at('whole.ksys')
  const writer = await TraceWriter.open(path, INFO, {
    ...NOTHING,
    users: [{ uid: 0, gid: 0, name: 'root', home: '', shell: '' }],
  })
  for (let k = 0; k < 3; k++) {
    await writer.write(makeBatch(someRows(60, k + 1)), undefined, new Set(['cat', 'nginx']))
    await writer.flush()
    writer.keyframe(NOTHING)
  }
  await writer.close({ events: 180, lost: 0, late: 0 })
  whole = readFileSync(path)
})

let x = SEED
function roll(n: number): number {
  x = (Math.imul(x, 1664525) + 1013904223) >>> 0
  return Math.floor((x / 4294967296) * n)
}

/** Makes the checksums of every block right that still has its shape. */
function repair(b: Buffer): void {
  const original = blockOffsets()
  for (const start of original) {
    if (start + BLOCK_HEADER > b.length) return
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
}

function blockOffsets(): number[] {
  const found: number[] = []
  for (let o = 16; ; ) {
    const header = blockHeader(whole.subarray(o))
    if (header === undefined) return found
    found.push(o)
    o += header.total
  }
}

function mutate(): Buffer {
  const b = Buffer.from(whole)
  for (let n = 1 + roll(6); n > 0; n--) {
    const where = 16 + roll(b.length - 16)
    const how = roll(4)
    if (how === 0) b[where]! ^= 1 << roll(8)
    else if (how === 1) b[where] = 0xff
    else if (how === 2) b[where] = roll(256)
    else b.writeUInt32LE([0, 1, 0x7fffffff, 0xffffffff, 65536, 1 << 20][roll(6)]!, Math.min(where, b.length - 4))
  }
  if (roll(5) > 0) repair(b)
  return roll(10) === 0 ? b.subarray(0, roll(b.length)) : b
}

test('changed traces neither break the reader nor bring rows that lead out of their arena', {
  timeout: 3_600_000,
}, async () => {
  const path = at('changed.ksys')
  const e = cursor()
  let read = 0
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(path, mutate())
    let source: TraceSource
    try {
      source = await TraceSource.open(path, roll(2) === 0 ? {} : { prune: () => (s) => (s.tids?.size ?? 0) % 2 === 0 })
    } catch (error) {
      expect(error).toBeInstanceOf(TraceError)
      continue
    }
    let batches = 0
    for (;;) {
      const batch = await source.next()
      if (batch === undefined) break
      expect(++batches).toBeLessThan(10)
      for (let i = 0; i < batch.count; i++) {
        if (batch.type[i]! >= CODE_LIMIT || batch.argOff[i]! > rowEnd(batch, i) || rowEnd(batch, i) > batch.arenaBytes)
          throw new Error(`round ${round} of seed ${SEED}: a row leads out of its arena`)
        e.moveTo(batch, i)
        for (let p = 0; p < e.def.params.length; p++) if (e.bytes(p) === undefined) e.number(p)
        read++
      }
    }
    await source.close()
  }
  expect(read).toBeGreaterThan(ROUNDS)
})
