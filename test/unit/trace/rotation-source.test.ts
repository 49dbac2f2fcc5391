// The traces of a folder, or of a pattern, as one capture.

import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROW } from '../../../src/model/batch.js'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { type BatchNs, bootNs } from '../../../src/model/time.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { native } from '../../../src/source/native.js'
import { canReadTwice, namedFiles, versionOf } from '../../../src/source/rotation-files.js'
import type { CaptureInfo, CaptureSource } from '../../../src/source/source.js'
import type { BlockSummary } from '../../../src/source/summary.js'
import { codec } from '../../../src/trace/codec.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER } from '../../../src/trace/format.js'
import { Output, TraceWriter } from '../../../src/trace/index.js'
import { membersOf } from '../../../src/trace/rotation-members.js'
import { segmentsOf } from '../../../src/trace/segments.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, NOTHING, noneIdle, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const STATS = { events: 0, lost: 1, late: 0 }
const LATER: CaptureInfo = { ...INFO, startSec: INFO.startSec + 3600, startBoot: bootNs(INFO.startBoot + 3600e9) }

/** A thread that began a second before the capture. */
const exists = (info: CaptureInfo): Snapshot => ({
  ...NOTHING,
  threads: [{ ...unknownThread(), tid: 7, pid: 7, startBoot: info.startBoot - 1e9, ranAt: 5, fds: [] } as never],
})

async function write(
  path: string,
  nth: number | undefined,
  info: CaptureInfo,
  rows: RowSpec[],
  names = new Map([['cat', new Set([1])]]),
) {
  const writer = await TraceWriter.start(await Output.open(path), { info, existing: exists(info), nth })
  await writer.write(makeBatch(rows), undefined, names)
  const [first, last] = [rows[0], rows.at(-1)].map((r) => r?.time as BatchNs)
  const contents = {
    events: rows.length,
    categories: { file: rows.length },
    processes: 1,
    ...(rows.length > 0 && { first: first!, last: last! }),
  }
  await writer.close(STATS, contents)
}

/** A folder with the files of a capture of three, and one of another an hour later. */
async function ring(name: string): Promise<{ path: string; rows: RowSpec[] }> {
  const path = at(name)
  mkdirSync(path)
  const rows = someRows(900)
  for (const nth of [0, 1, 2])
    await write(join(path, `x-${nth + 9}.ksys`), nth, INFO, rows.slice(nth * 300, nth * 300 + 300))
  await write(join(path, 'x-12.ksys'), 0, LATER, someRows(100, 2), new Map([['nginx', new Set([2])]]))
  return { path, rows }
}

const damageOf = (source: CaptureSource) => source.damage.map((d) => `${basename(d.file)}: ${d.what}`)

test('files are delivered in order: times count from the first capture, numbers continue', async () => {
  const { path, rows } = await ring('order')
  const source = await openTrace(path)
  const read = await readAll(source)
  expect(read.slice(0, 900)).toEqual(plain(makeBatch(rows)))
  const later = someRows(100, 2)
  expect(read.slice(900).map((r) => r.time)).toEqual(later.map((r) => (r.time as number) + 3600e9))
  expect(read.slice(900).map((r) => r.num)).toEqual(later.map((r) => (r.num as number) + 900))
  expect(source.damage).toEqual([])
  expect(source.stats()).toMatchObject({ events: 1000, lost: 4 })
  expect(source.progress()).toBe(1)
  // used at the end, as at the start
  expect((await source.snapshot()).threads).toHaveLength(1)
  await source.close()
})

test('the state continues from file to file, and is replaced at another capture, in the times of the first', async () => {
  const { path } = await ring('state')
  const source = await openTrace(join(path, 'x-*.ksys'))
  expect((await source.snapshot()).threads).toHaveLength(1)
  const renewed: (Snapshot | undefined)[] = []
  for (let batch = await source.next(); batch !== undefined; batch = await source.next()) renewed.push(batch.resync)
  expect(renewed.slice(0, 3)).toEqual([undefined, undefined, undefined])
  // a second before the second capture, an hour after the first
  expect([...(renewed[3]?.threads ?? [])][0]).toMatchObject({ startBoot: INFO.startBoot + 3599e9, ranAt: 3600e9 + 5 })
  await source.close()
})

test('between consecutive files nothing is missing; after a missing one the state is replaced', async () => {
  const { path } = await ring('hole')
  rmSync(join(path, 'x-10.ksys'))
  const source = await openTrace(path)
  await source.next()
  expect((await source.next())?.resync?.threads).toHaveLength(1)
  await source.close()
})

test('files without relevant rows are not opened, and their rows are counted', async () => {
  const { path } = await ring('pruned')
  // it would be reported as damage if it were read
  const second = readFileSync(join(path, 'x-10.ksys'))
  writeFileSync(join(path, 'x-10.ksys'), second.fill(0, 200, 400))
  const blocks = (s: BlockSummary) => s.comms?.has('nginx') !== false
  const source = await openTrace(path, { relevant: () => ({ blocks, idle: noneIdle() }) })
  expect(await readAll(source)).toHaveLength(100)
  expect(source.damage).toEqual([])
  expect(source.omitted?.rows).toBe(900)
  expect(source.stats().events).toBe(1000)
  expect(source.prunedTypes?.some((byte) => byte !== 0)).toBe(true)
  await source.close()
})

/** Has a file being written by another process, according to its lock, until `done` is called. */
function written(path: string): { done: () => void } {
  const fd = openSync(path, 'r+')
  expect(native().lockFile(fd)).toBe(true)
  return { done: () => closeSync(fd) }
}

test('a file that is still being written is read to its current end; one that was renamed meanwhile is read once', async () => {
  const { path } = await ring('part')
  const last = join(path, 'x-12.ksys')
  truncateSync(last, statSync(last).size - 300)
  renameSync(last, `${last}.part`)
  const writer = written(`${last}.part`)
  const source = await openTrace(join(path, '*.ksys'))
  expect(await readAll(source)).toHaveLength(1000)
  expect(source.damage).toEqual([])
  await source.close()
  const again = await openTrace(path)
  renameSync(`${last}.part`, last)
  writer.done()
  expect(await readAll(again)).toHaveLength(1000)
  await again.close()
})

test('an unfinished file is reported as damage, with its last event', async () => {
  const { path } = await ring('left')
  const last = join(path, 'x-12.ksys')
  truncateSync(last, statSync(last).size - 300)
  renameSync(last, `${last}.part`)
  const source = await openTrace(path)
  expect(await readAll(source)).toHaveLength(1000)
  expect(damageOf(source)).toEqual([
    expect.stringMatching(
      /^x-12.ksys.part: .*everything after event 100, \d+\.\d{3} s after the start of the capture, is lost$/,
    ),
  ])
  await source.close()
})

test('files missing between others are reported as damage: their number, time and events', async () => {
  const { path, rows } = await ring('gap')
  const second = join(path, 'x-10.ksys')
  // a pattern that excludes it on purpose misses nothing
  const some = await openTrace(join(path, 'x-*[!0].ksys'))
  expect([(await readAll(some)).length, some.damage]).toEqual([700, []])
  await some.close()
  rmSync(second)
  const seconds = (((rows[600]?.time as number) - (rows[299]?.time as number)) / 1e9).toFixed(3)
  for (const [named, options] of [
    [path, {}],
    [join(path, 'x-*'), ALL],
  ] as const) {
    const source = await openTrace(named, options)
    expect((await readAll(source)).length).toBe(700)
    expect(damageOf(source)).toEqual([
      `x-11.ksys: 1 file before it is missing: ${seconds} s, the events from 301 to 600`,
    ])
    await source.close()
  }
  // the oldest are removed on purpose
  rmSync(join(path, 'x-9.ksys'))
  const rest = await openTrace(path)
  expect(rest.damage).toEqual([])
  await rest.close()
})

test('numbers continue after a capture that was killed in the middle of a file', async () => {
  const path = at('killed')
  mkdirSync(path)
  const rows = someRows(900)
  await write(join(path, 'x-1.ksys'), 0, INFO, rows.slice(0, 300))
  const killed = join(path, 'x-2.ksys')
  await write(killed, 1, INFO, rows.slice(300, 600))
  truncateSync(killed, statSync(killed).size - 300)
  renameSync(killed, `${killed}.part`)
  await write(join(path, 'x-3.ksys'), 0, LATER, someRows(100, 2))
  for (const options of [{}, ALL]) {
    const source = await openTrace(path, options)
    const numbers = (await readAll(source)).map((r) => r.num)
    expect(numbers).toEqual(Array.from({ length: 700 }, (_, i) => i + 1))
    await source.close()
  }
})

test('removed, truncated and damaged files are reported, and the rest is read', async () => {
  const { path } = await ring('vanished')
  const cut = join(path, 'x-11.ksys')
  truncateSync(cut, statSync(cut).size - 400)
  const source = await openTrace(path)
  rmSync(join(path, 'x-10.ksys'))
  expect((await readAll(source)).length).toBe(700)
  expect(damageOf(source)[0]).toBe('x-10.ksys: it was removed, or emptied, before it could be read')
  expect(damageOf(source).slice(1).join()).toMatch(/^x-11.ksys: .*it ends inside its \w+/)
  await source.close()
})

test('other files in a folder, and links, are ignored', async () => {
  const { path } = await ring('others')
  writeFileSync(join(path, 'notes.ksys'), 'a letter')
  writeFileSync(join(path, 'empty.ksys'), '')
  mkdirSync(join(path, 'folder.ksys'))
  symlinkSync(join(path, 'x-9.ksys'), join(path, 'link.ksys'))
  const source = await openTrace(path)
  expect(await readAll(source)).toHaveLength(1000)
  expect(source.damage).toEqual([])
  await source.close()
})

test('no files, and files of several machines, are reported', async () => {
  const { path } = await ring('hosts')
  await write(join(path, 'y.ksys'), 0, { ...INFO, hostname: 'other' }, someRows(5))
  await expect(openTrace(path)).rejects.toThrow(/has files of several machines \(box, other\)/)
  mkdirSync(at('none'))
  await expect(openTrace(at('none'))).rejects.toThrow(/none cannot be read: there is no ksys trace in it/)
  await expect(openTrace(at('hosts/z*.ksys'))).rejects.toThrow(/no ksys trace has such a name/)
  await expect(openTrace(at('no/z*.ksys'))).rejects.toThrow(/cannot be read/)
})

/** Changes a byte of a file's block, counted from 0, behind its header. */
function damage(path: string, block: number): void {
  const bytes = readFileSync(path)
  let offset = FILE_HEADER
  for (let i = 0; i < block; i++) offset += blockHeader(bytes.subarray(offset))!.total
  const { total } = blockHeader(bytes.subarray(offset))!
  const place = offset + BLOCK_HEADER + ((total - BLOCK_HEADER) >> 1)
  bytes[place]! ^= 0xff
  writeFileSync(path, bytes)
}

/** Changes the type of a file's block, counted from 0, to one that does not exist yet. */
function makeUnknown(path: string, block: number): void {
  const bytes = readFileSync(path)
  let offset = FILE_HEADER
  for (let i = 0; i < block; i++) offset += blockHeader(bytes.subarray(offset))!.total
  bytes[offset + 4] = 77
  const sum = offset + BLOCK_HEADER - 4
  bytes.writeUInt32LE(codec().crc32c(bytes.subarray(offset, sum)), sum)
  writeFileSync(path, bytes)
}

const ALL = { relevant: () => ({ blocks: () => true }) }

/** The number of a batch's first row, and whether a snapshot precedes it. */
async function resyncs(source: CaptureSource): Promise<[num: number, told: boolean][]> {
  const found: [number, boolean][] = []
  for (let batch = await source.next(); batch !== undefined; batch = await source.next())
    found.push([batch.num[0]!, batch.resync !== undefined])
  await source.close()
  return found
}

test('consecutive files are read as one: the snapshot at the start of a later one is skipped', async () => {
  const { path, rows } = await ring('joined')
  damage(join(path, 'x-10.ksys'), 1)
  const source = await openTrace(path, ALL)
  expect((await readAll(source)).slice(0, 900)).toEqual(plain(makeBatch(rows)))
  expect(source.damage).toEqual([])
  expect(source.stats()).toMatchObject({ events: 1000, lost: 4 })
  await source.close()
})

test.each([
  ['all is read', {}],
  ['the index is used', ALL],
])('where rows were lost, the next file provides the state, when %s', async (how, options) => {
  const { path, rows } = await ring(`lost ${how}`)
  damage(join(path, 'x-9.ksys'), 2)
  const source = await openTrace(path, options)
  expect(await resyncs(source)).toEqual([
    [rows[300]!.num, true],
    [rows[600]!.num, false],
    [expect.any(Number), true],
  ])
  expect(damageOf(source).join()).toMatch(/^x-9.ksys: a block is lost/)
})

test('rows omitted from the current file are counted immediately, and once', async () => {
  const path = at('newer')
  mkdirSync(path)
  for (const nth of [0, 1]) {
    await write(join(path, `x-${nth}.ksys`), nth * 2, INFO, someRows(10, nth + 1))
    makeUnknown(join(path, `x-${nth}.ksys`), 1)
  }
  const source = await openTrace(path)
  const counts: number[] = []
  while ((await source.next()) !== undefined) counts.push(source.unknown?.blocks as number)
  expect([...counts, source.unknown?.blocks]).toEqual([1, 2, 2])
  await source.close()
})

/** A file with the contents of memory, as a recorder writes it. */
async function dump(path: string, rows: RowSpec[], info = INFO): Promise<void> {
  const writer = await TraceWriter.start(await Output.open(path), { info, existing: exists(info) })
  await writer.write(makeBatch(rows))
  await writer.close(STATS)
}

const shownNumbers = async (source: CaptureSource) =>
  (await readAll(source)).filter((r) => (r.flags & ROW.HIDDEN) === 0).map((r) => r.num)

test('events in several files of a recorder are shown once, and always update the state', async () => {
  const path = at('dumps')
  mkdirSync(path)
  const rows = someRows(600)
  await dump(join(path, 'a.ksys'), rows.slice(0, 300))
  await dump(join(path, 'b.ksys'), rows.slice(200, 500))
  // the longer one first, by its name
  await dump(join(path, 'c.ksys'), rows.slice(400, 600))
  await dump(join(path, 'd.ksys'), rows.slice(400, 550))
  for (const options of [{}, ALL]) {
    const source = await openTrace(path, options)
    expect([await shownNumbers(source), source.repeated]).toEqual([rows.map((r) => r.num), true])
    await source.close()
  }
  const delivered = await openTrace(path)
  expect(await readAll(delivered)).toHaveLength(300 + 300 + 200 + 150)
  await delivered.close()
  const one = await openTrace(join(path, 'a*.ksys'))
  expect([(await shownNumbers(one)).length, one.repeated]).toEqual([300, false])
  await one.close()
})

test('files of one run with different filters are each shown completely', async () => {
  const path = at('filtered')
  mkdirSync(path)
  const rows = someRows(300)
  const filter = (n: number) => ({ ...INFO, note: `ksys 0.1.0, filter: ${n}` })
  await dump(join(path, 'a.ksys'), [rows[0]!, rows[299]!], filter(1))
  await dump(join(path, 'b.ksys'), rows.slice(1, 299), filter(2))
  // the filter does not see what is redacted
  const redacted = { ...INFO, note: 'ksys 0.1.0, with a filter' }
  await write(join(path, 'c.ksys'), undefined, redacted, [rows[0]!, rows[299]!])
  await write(join(path, 'd.ksys'), undefined, redacted, rows.slice(1, 299))
  const source = await openTrace(path)
  expect([(await shownNumbers(source)).length, source.repeated]).toEqual([600, false])
  await source.close()
})

test('a file that is truncated while it is read is reported, and the next one is read', async () => {
  const { path, rows } = await ring('shrunk')
  const source = await openTrace(path)
  truncateSync(join(path, 'x-10.ksys'), 700)
  expect(await resyncs(source)).toEqual([
    [rows[0]!.num, false],
    [rows[600]!.num, true],
    [expect.any(Number), true],
  ])
  expect(damageOf(source)[0]).toMatch(/^x-10.ksys: /)
})

test('files without events keep their place in the capture', async () => {
  const path = at('empty')
  mkdirSync(path)
  const rows = someRows(600)
  await write(join(path, 'a.ksys'), 0, INFO, rows.slice(0, 300))
  await write(join(path, 'b.ksys'), 1, INFO, [])
  await write(join(path, 'c.ksys'), 2, INFO, rows.slice(300))
  for (const options of [{}, ALL]) {
    const source = await openTrace(path, options)
    expect(await resyncs(source)).toEqual([
      [rows[0]!.num, false],
      [rows[300]!.num, false],
    ])
    expect(source.damage).toEqual([])
  }
})

test('long runs of files without relevant rows are skipped', async () => {
  const path = at('far')
  mkdirSync(path)
  for (let nth = 0; nth < 20; nth++) await write(join(path, `${nth}.ksys`), nth, INFO, someRows(2))
  const members = await membersOf(path, namedFiles(path)!)
  const read = (...wanted: number[]) => {
    const { segments, skippedFiles } = segmentsOf(members, (m) => wanted.includes(m.origin.nth!))
    return [segments.map((s) => s.map((m) => m.origin.nth)), skippedFiles.length]
  }
  expect(read(0, 2, 3)).toEqual([[[0, 1, 2, 3]], 16])
  expect(read(12, 15)).toEqual([[[0], [12, 13, 14, 15]], 15])
  expect(read()).toEqual([[[0]], 19])
})

test('a change is detected if a file has grown, or a new one exists', async () => {
  const { path } = await ring('versions')
  const pattern = join(path, 'x*.ksys')
  for (const named of [path, pattern]) {
    const before = versionOf(named)
    expect(versionOf(named)).toBe(before)
    expect(canReadTwice(named)).toBe(true)
    writeFileSync(join(path, 'x-12.ksys'), 'more', { flag: 'a' })
    const grown = versionOf(named)
    expect(grown).not.toBe(before)
    writeFileSync(join(path, 'x-13.ksys.part'), '')
    expect(versionOf(named)).not.toBe(grown)
    expect(canReadTwice(named)).toBe(false)
    rmSync(join(path, 'x-13.ksys.part'))
  }
  expect([versionOf(at('nowhere')), canReadTwice(at('nowhere')), canReadTwice('-')]).toEqual(['', false, false])
})
