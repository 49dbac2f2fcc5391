// Damaged, truncated, compressed and foreign files: readable data is read, the rest is reported with its offset.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { scapKind } from '../../../src/scap/index.js'
import { block, event, join, section, u32, u64 } from './build.js'
import { readBytes } from './read.js'

const uid = (n: number) => event({ code: 203, time: n, params: [u32(n)] })
const events = (n: number) => Array.from({ length: n }, (_, i) => uid(i))

test('a file that is cut anywhere has the events before the cut, and the cut is reported', async () => {
  const whole = join(section(), events(20))
  const size = uid(0).length
  for (let cut = 28 + size; cut < whole.length; cut += 7) {
    const { rows, damage } = await readBytes(whole.subarray(0, cut))
    expect(rows).toHaveLength(Math.floor((cut - 28) / size))
    const between = (cut - 28) % size === 0
    expect(damage.map((d) => d.what)).toEqual(between ? [] : ['the file ends in the middle of a block'])
    if (!between) expect(damage[0]!.offset).toBe(cut - ((cut - 28) % size))
  }
})

test('a damaged block loses only that block', async () => {
  const list = events(10)
  list[4]!.writeUInt32LE(0x7fffffff, 4)
  const { rows, damage } = await readBytes(join(section(), list))
  expect(rows.map((r) => r.ret)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9])
  expect(damage).toMatchObject([
    { offset: 28 + 4 * list[0]!.length, what: expect.stringContaining('invalid length 2147483647') },
  ])
})

test('an event whose parameters do not fit is skipped', async () => {
  const list = events(3)
  list[1]!.writeUInt16LE(60_000, 8 + 2 + 26)
  const { rows, damage } = await readBytes(join(section(), list))
  expect(rows.map((r) => r.ret)).toEqual([0, 2])
  expect(damage[0]!.what).toContain('do not fit')
})

test('impossible parameter counts and lengths are refused', async () => {
  const counted = uid(0)
  counted.writeUInt32LE(0xffffffff, 8 + 2 + 22)
  const long = uid(0)
  long.writeUInt32LE(0xffffffff, 8 + 2 + 16)
  const { rows, damage } = await readBytes(join(section(), counted, long, uid(2)))
  expect(rows.map((r) => r.ret)).toEqual([2])
  expect(damage).toHaveLength(2)
})

test('unknown events and blocks are skipped and counted, and are not numbered', async () => {
  const future = event({ code: 700, params: [u64(1)] })
  const { rows, unknown, damage } = await readBytes(
    join(section(), block(0x300, u64(1)), uid(1), future, block(0x301), uid(2)),
  )
  expect(rows.map((r) => [r.num, r.ret])).toEqual([
    [1, 1],
    [2, 2],
  ])
  expect(unknown).toEqual({ events: 1, blocks: 2 })
  expect(damage).toEqual([])
})

test('gzip, a sequence of gzip members, and plain data after gzip are read as one file', async () => {
  const a = join(section(), events(2))
  const b = join(events(3))
  for (const bytes of [gzipSync(join(a, b)), join(gzipSync(a), gzipSync(b)), join(gzipSync(a), b), join(a, b)]) {
    const { rows, damage } = await readBytes(bytes)
    expect(damage).toEqual([])
    expect(rows).toHaveLength(5)
  }
})

test('gzip data that ends early is read as far as it can be inflated', async () => {
  const random = Array.from({ length: 5000 }, (_, i) =>
    event({ code: 203, params: [u32((i * 2654435761) % 4294967291)] }),
  )
  const zipped = gzipSync(join(section(), random))
  const { rows, damage } = await readBytes(zipped.subarray(0, zipped.length >> 1))
  expect(rows.length).toBeGreaterThan(1500)
  expect(damage).toMatchObject([{ what: 'the gzip data ends in the middle' }])
})

test('gzip data that was changed is reported', async () => {
  const zipped = gzipSync(join(section(), events(3)))
  zipped.writeUInt32LE(0, zipped.length - 8)
  const { rows, damage } = await readBytes(zipped)
  expect(rows).toHaveLength(3)
  expect(damage).toMatchObject([{ what: 'the gzip data does not match its checksum' }])
})

test('a file that is not a capture, is newer, or has another byte order is refused with the reason', async () => {
  await expect(readBytes(Buffer.alloc(0))).rejects.toThrow(/is not a \.scap capture: it is empty/)
  await expect(readBytes(gzipSync('hello'))).rejects.toThrow(/does not start with a section header/)
  await expect(readBytes(join(section(2), uid(1)))).rejects.toThrow(/version 2, newer than this ksys supports/)
  const swapped = section()
  swapped.writeUInt32BE(0x1a2b3c4d, 8)
  await expect(readBytes(swapped)).rejects.toThrow(/another byte order/)
})

test('files are recognised by their first bytes', () => {
  expect(scapKind.matches(section())).toBe(true)
  expect(scapKind.matches(gzipSync(section()))).toBe(true)
  expect(scapKind.matches(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]))).toBe(true)
  expect(scapKind.matches(Buffer.from('#!/bin/sh\n'))).toBe(false)
  expect(scapKind.matches(section().subarray(0, 5))).toBe(false)
})

test('a file without events is empty, not damaged', async () => {
  expect(await readBytes(section())).toMatchObject({ rows: [], damage: [] })
  expect(await readBytes(join(section(), block(0x220)))).toMatchObject({ rows: [], damage: [] })
})
