// Files that are missing, foreign, cut off or damaged: readable data is read, the rest is reported, nothing fails.
import { mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { openTrace } from '../../../src/run/file-kinds.js'
import { codec } from '../../../src/trace/codec.js'
import { NEWEST_VERSION } from '../../../src/trace/format.js'
import { TraceError, TraceSource, TraceWriter } from '../../../src/trace/index.js'
import fc from '../../helpers/properties.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, type PlainRow, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const whole = at('whole.ksys')
const BLOCKS = 5
const ROWS = 400
const expected: PlainRow[][] = []
/** offset of each block of events, and the end of the last */
const offsets: number[] = []

beforeAll(async () => {
  const writer = await TraceWriter.open(whole, { info: INFO, existing: NOTHING })
  for (let k = 0; k < BLOCKS; k++) {
    const rows = someRows(ROWS, k + 1).map((r) => ({ ...r, num: r.num! + k * ROWS }))
    const batch = makeBatch(rows)
    expected.push(plain(batch))
    offsets.push(writer.size)
    await writer.write(batch)
    await writer.flush()
  }
  offsets.push(writer.size)
  await writer.close({ events: BLOCKS * ROWS, lost: 0, late: 0 })
})

async function read(bytes: Buffer): Promise<{ rows: PlainRow[]; source: TraceSource }> {
  const path = at('copy.ksys')
  writeFileSync(path, bytes)
  const source = await TraceSource.open(path)
  const rows = await readAll(source)
  await source.close()
  return { rows, source }
}

async function failure(path: string): Promise<TraceError> {
  const error = await TraceSource.open(path).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(TraceError)
  const opened = await openTrace(path).catch((e: unknown) => e)
  expect((opened as TraceError).code).toBe((error as TraceError).code)
  return error as TraceError
}

test('a missing file, a folder, an empty and a foreign file are refused with the path and the reason', async () => {
  expect((await failure(at('nothing'))).message).toMatch(/nothing cannot be read: there is no such file$/)
  mkdirSync(at('folder'))
  expect((await failure(at('folder'))).code).toBe('EOPEN')
  writeFileSync(at('empty'), '')
  expect((await failure(at('empty'))).code).toBe('EEMPTY')
  writeFileSync(at('foreign'), 'PK\x03\x04 something else entirely, long enough for a header')
  expect((await failure(at('foreign'))).code).toBe('ENOTTRACE')
})

test('a trace of a newer version is refused, with advice', async () => {
  const bytes = readFileSync(whole)
  bytes.writeUInt32LE(NEWEST_VERSION + 1, 8)
  bytes.writeUInt32LE(codec().crc32c(bytes.subarray(0, 12)), 12)
  writeFileSync(at('newer.ksys'), bytes)
  const error = await failure(at('newer.ksys'))
  expect(error.code).toBe('EVERSION')
  expect(error.message).toMatch(new RegExp(`version ${NEWEST_VERSION + 1}.*update ksys`))
})

test('a trace that was cut off anywhere gives every complete block before the cut', async () => {
  const bytes = readFileSync(whole)
  const cuts = [...offsets, ...offsets.map((o) => o + 50), ...offsets.map((o) => o + 700)].filter(
    (n) => n < bytes.length,
  )
  for (const cut of [17, 100, ...cuts]) {
    const { rows, source } = await read(bytes.subarray(0, cut))
    const complete = offsets.slice(1).filter((end) => end <= cut).length
    expect(rows.slice(0, complete * ROWS)).toEqual(expected.slice(0, complete).flat())
    expect(source.damage.length, `cut at ${cut}`).toBeGreaterThan(0)
  }
})

test('a trace that ends early is reported once, at a place inside the file, with what is lost', async () => {
  const bytes = readFileSync(whole)
  const ends = /^it ends inside .*: it was cut|^it has no end: it was cut|^its last bytes were cut off/
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 16, max: bytes.length - 1 }), async (cut) => {
      const { source } = await read(bytes.subarray(0, cut))
      expect(source.damage.map((d) => d.what)).toEqual([expect.stringMatching(ends)])
      expect(source.damage[0]!.what).toMatch(/is lost|no event is left/)
      expect(source.damage[0]!.offset).toBeLessThanOrEqual(cut)
      // as a pipe, whose size is not known
      const opened = { fd: openSync(at('copy.ksys'), 'r'), first: Buffer.alloc(0) }
      const piped = await TraceSource.open('-', { opened })
      await readAll(piped)
      await piped.close()
      expect(piped.damage).toEqual(source.damage.map((d) => ({ ...d, file: 'standard input' })))
    }),
    { numRuns: 300 },
  )
})

test('the state section of a block that was cut off after it is still read', async () => {
  const bytes = readFileSync(whole)
  const { rows } = await read(bytes.subarray(0, offsets[1]! - 10))
  expect(rows.length).toBeGreaterThan(0)
  expect(rows).toEqual(expected[0]!.filter((r) => (r.flags & 32) !== 0))
})

test('a damaged block loses only that block, and the damage is reported with its offset', async () => {
  for (let k = 0; k < BLOCKS; k++) {
    const bytes = readFileSync(whole)
    for (let i = offsets[k]! + 1; i < offsets[k + 1]!; i += 37) bytes[i]! ^= 0x55
    const { rows, source } = await read(bytes)
    expect(rows).toEqual(expected.filter((_, i) => i !== k).flat())
    expect(source.damage.length).toBeGreaterThan(0)
    expect(source.damage[0]!.offset).toBe(offsets[k])
  }
})

test('a block that is missing altogether is noticed', async () => {
  const bytes = readFileSync(whole)
  const { rows, source } = await read(Buffer.concat([bytes.subarray(0, offsets[2]), bytes.subarray(offsets[3])]))
  expect(rows).toEqual([expected[0], expected[1], expected[3], expected[4]].flat())
  expect(source.damage.map((d) => d.what)).toEqual(['blocks before this one are missing'])
})

test('without its description the events are still read', async () => {
  const bytes = readFileSync(whole)
  bytes[200]! ^= 1
  const { rows, source } = await read(bytes)
  expect(rows).toEqual(expected.flat())
  expect(source.damage.length).toBeGreaterThan(0)
})

test('a change of any byte neither breaks the reader nor adds events that were never there', async () => {
  const bytes = readFileSync(whole)
  const real = new Set(expected.flat().map((r) => JSON.stringify(r)))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(statSync(whole).size - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 2,
      }),
      async (changes) => {
        const copy = Buffer.from(bytes)
        for (const [where, bits] of changes) copy[where]! ^= bits
        const result = await read(copy).catch((e: unknown) => {
          expect(e).toBeInstanceOf(TraceError)
          return undefined
        })
        for (const r of result?.rows ?? []) expect(real.has(JSON.stringify(r))).toBe(true)
        if (result !== undefined && !copy.equals(bytes)) expect(result.source.damage.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 150 },
  )
})
