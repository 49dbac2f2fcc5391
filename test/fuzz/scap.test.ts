// Hostile .scap files: whatever the bytes are, reading ends, delivers valid rows, and reports the rest.
import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { ScapError } from '../../src/scap/index.js'
import fc from '../helpers/properties.js'
import { block, event, join, section, str, u8, u32, u64 } from '../unit/scap/build.js'
import { type Read, readBytes } from '../unit/scap/read.js'
import { flipped, SEED, seeds, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 120_000 * TIMES })

const CAPTURES = new URL('../golden/captures/', import.meta.url)
const captures = readdirSync(CAPTURES)
  .filter((f) => f.endsWith('.scap.gz'))
  .map((f) => ({ name: f, bytes: gunzipSync(readFileSync(new URL(f, CAPTURES))) }))
  .map((c) => ({ ...c, bytes: c.bytes[0] === 0x1f ? gunzipSync(c.bytes) : c.bytes }))

/** Reads, and checks what must be true for any input; undefined if the file was refused as a whole. */
async function survive(bytes: Uint8Array, enter: boolean): Promise<Read | undefined> {
  try {
    const read = await readBytes(bytes, { enter })
    // one assertion for all rows: each takes as long as reading several of them
    expect(read.rows.findIndex((row, i) => i > 0 && row.num <= read.rows[i - 1]!.num)).toBe(-1)
    for (const d of read.damage) {
      expect(d.what).toMatch(/^[ -~]+$/)
      expect(d.offset).toBeGreaterThanOrEqual(0)
    }
    return read
  } catch (e) {
    if (e instanceof ScapError) return undefined
    throw e
  }
}

test('every capture, cut at many places, gives the events before the cut', async () => {
  for (const { bytes } of captures) {
    const whole = (await survive(bytes, false))!.rows
    for (let i = 1; i < 8; i++) {
      const cut = Math.floor((bytes.length * i) / 8) + i
      const read = await survive(bytes.subarray(0, cut), false)
      const rows = read?.rows ?? []
      expect(rows.map((r) => r.num)).toEqual(whole.slice(0, rows.length).map((r) => r.num))
    }
  }
})

test('every capture with flipped bits is read to its end', async () => {
  for (const { name, bytes } of captures.filter((c) => c.bytes.length < 300_000))
    for (const seed of seeds(6))
      await survive(flipped(bytes, seed, 30), seed % 2 === 0).catch((cause) => {
        throw new Error(`${name}, seed ${seed}`, { cause })
      })
})

test('compressed data with flipped bits is read to its end', async () => {
  const zipped = gzipSync(captures.find((c) => c.name.startsWith('cat_write'))!.bytes)
  for (let i = 0; i < 40; i++) {
    const copy = Buffer.from(zipped)
    copy[Math.floor((copy.length * i) / 40)]! ^= 1 << (i & 7)
    await survive(copy, false)
  }
})

const PROCESS_LISTS = [0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215]
const SIZED = [0x218, 0x219, 0x220]
const UNSIZED = [0x203, 0x205, 0x206, 0x8001abcd, 0x8011abcd, 0x8012abcd]

/** Nearly valid lists: entries of any kind, with a missing, extra or wrong length. */
const list = fc
  .record({
    type: fc.constantFrom(...SIZED, ...UNSIZED),
    entries: fc.array(
      fc.record({
        head: fc.oneof(fc.constant(Buffer.alloc(16)), fc.uint8Array({ maxLength: 16 })),
        kind: fc.integer({ min: 0, max: 22 }),
        rest: fc.oneof(
          fc.string({ maxLength: 20 }).map((s) => join(u32(1), str(s))),
          fc.string({ maxLength: 20 }).map(str),
          fc.uint8Array({ maxLength: 60 }),
        ),
        off: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -40, max: 40 })),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ type, entries }) => {
    const body = entries.map(({ head, kind, rest, off }) => {
      const own = type === 0x220 || type === 0x206 ? join(u8(kind & 1), rest) : join(head, u8(kind), rest)
      return SIZED.includes(type) ? join(u32(own.length + (type === 0x219 ? 0 : 4) + off), own) : own
    })
    return block(type, u64(1), ...body)
  })

const part = fc.oneof(
  list,
  fc
    .record({
      type: fc.constantFrom(0x201, ...PROCESS_LISTS, ...SIZED, ...UNSIZED, 0x777),
      body: fc.uint8Array({ maxLength: 200 }),
    })
    .map((b) => block(b.type, b.body)),
  fc
    .record({
      code: fc.integer({ min: 0, max: 470 }),
      tid: fc.constantFrom(1, 2, -1, 99999999),
      params: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 32 }),
      flags: fc.constantFrom(undefined, 0, 1),
    })
    .map((e) => event(e)),
  fc.constantFrom(section(), event({ code: 6, params: [u64(3), u32(1)] })),
  fc.uint8Array({ maxLength: 40 }),
)

test('any sequence of blocks and bytes is read to its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 30 }), fc.boolean(), async (parts, enter) => {
      await survive(join(section(), parts), enter)
    }),
    { numRuns: 300 * TIMES, seed: SEED },
  )
})
