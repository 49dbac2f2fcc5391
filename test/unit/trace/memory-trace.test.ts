// A trace in memory retains the newest rows within its bounds, and a file copied from it is complete.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { Output, TraceSource } from '../../../src/trace/index.js'
import { MemoryCopy } from '../../../src/trace/memory-copy.js'
import { type MemoryBounds, MemoryTrace } from '../../../src/trace/memory-trace.js'
import { TraceDump } from '../../../src/trace/trace-dump.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { expectSame } from '../../helpers/same.js'
import { INFO, NOTHING, type PlainRow, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const KB = 1024
/** rows of a batch */
const ROWS = 1000
const STATS = { events: 0, lost: 0, late: 0 }

/** Rows of the k-th batch, which continue in time and number. */
function rowsOf(k: number): RowSpec[] {
  return someRows(ROWS, k + 1).map((r, i) => ({ ...r, num: k * ROWS + i + 1, time: k * 1e9 + i * 1000 }))
}

/** A state that shows its progress: the id of its only thread is the number of batches. */
const stateAfter = (k: number): Snapshot => ({
  ...NOTHING,
  threads: [{ ...unknownThread(), tid: 1000 + k, pid: 1000 + k }],
})

/** Writes batches [from, to) as a recorder does. */
async function take(memory: MemoryTrace, from: number, to: number): Promise<PlainRow[]> {
  const rows: PlainRow[] = []
  for (let k = from; k < to; k++) {
    const batch = makeBatch(rowsOf(k))
    rows.push(...plain(batch))
    await memory.write(batch)
    if (memory.keyframeDue) memory.keyframe(stateAfter(k + 1))
    // as time passes
    if (k % 2 === 0) await memory.flush()
  }
  return rows
}

function started(bounds: MemoryBounds): MemoryTrace {
  const memory = MemoryTrace.open({ ...INFO }, bounds, () => STATS)
  memory.keyframe(stateAfter(0))
  return memory
}

async function dumped(memory: MemoryTrace, name: string, meanwhile: () => Promise<unknown> = async () => undefined) {
  await memory.flush()
  const stats = () => ({ events: 7, lost: 3, late: 0 })
  const dump = await TraceDump.start(memory, memory.hold(), await Output.open(at(name)), { info: { ...INFO }, stats })
  const done = dump.run()
  await meanwhile()
  await dump.finish()
  await done
  const source = await TraceSource.open(at(name))
  const [first] = (await source.snapshot()).threads
  const rows = await readAll(source)
  const { damage } = source
  await source.close()
  return { rows, damage, begins: (first?.tid ?? 0) - 1000, lost: source.stats().lost, bytes: dump.bytes }
}

test('while everything fits, a file contains everything', async () => {
  const memory = started({ bytes: 64 * 1024 * KB })
  const rows = await take(memory, 0, 20)
  const { rows: kept, ...file } = await dumped(memory, 'all.ksys')
  expectSame(kept, rows)
  expect(file).toEqual({ damage: [], begins: 0, lost: 3, bytes: expect.any(Number) })
  await memory.close()
})

test('the oldest rows that do not fit are dropped, and a file starts with the state at that time', async () => {
  const memory = started({ bytes: 256 * KB })
  const rows = await take(memory, 0, 100)
  await memory.flush()
  expect(memory.bytes).toBeLessThanOrEqual(256 * KB)
  expect(memory.bytes).toBeGreaterThan(128 * KB)
  const file = await dumped(memory, 'newest.ksys')
  expect(file.begins).toBeGreaterThan(10)
  expectSame(file.rows, rows.slice(file.begins * ROWS))
  expect(file.damage).toEqual([])
  expect(memory.since).toBe(rows[file.begins * ROWS - 1]?.time)
  await memory.close()
})

test('a requested time is retained completely, and little more', async () => {
  const memory = started({ bytes: 64 * 1024 * KB, time: 20e9 })
  await take(memory, 0, 100)
  await memory.flush()
  const seconds = (memory.lastTime - memory.since) / 1e9
  expect(seconds).toBeGreaterThanOrEqual(20)
  expect(seconds).toBeLessThan(30)
  await memory.close()
})

test('a file contains what is added while it is written, and nothing twice, however much is dropped meanwhile', async () => {
  const memory = started({ bytes: 256 * KB })
  const before = await take(memory, 0, 60)
  let after: PlainRow[] = []
  const file = await dumped(memory, 'after.ksys', async () => {
    after = await take(memory, 60, 160)
  })
  expectSame(file.rows, [...before, ...after].slice(file.begins * ROWS))
  expect(file.damage).toEqual([])
  // held memory is released
  expect(memory.bytes).toBeLessThanOrEqual(256 * KB)
  const next = await dumped(memory, 'next.ksys')
  expect(next.begins).toBeGreaterThan(file.begins)
  await memory.close()
})

test('retained rows are read while more are added, also single segments with the state before them', async () => {
  const memory = started({ bytes: 64 * 1024 * KB, time: 40e9 })
  const rows = await take(memory, 0, 30)
  const of = { info: { ...INFO }, stats: () => STATS }
  const all = await (await MemoryCopy.create(memory, of)).openOnce()
  const later = await take(memory, 30, 100)
  expectSame(await readAll(all), rows)
  expect(all.damage).toEqual([])
  await all.close()
  await memory.flush()
  const { segments } = memory
  const [first, last] = segments.slice(2, 4)
  const some = await (await MemoryCopy.create(memory, of, { first, last })).openOnce()
  const [atStart] = (await some.snapshot()).threads
  const got = await readAll(some)
  expect(some.damage).toEqual([])
  await some.close()
  const behind = segments[4]?.from ?? 0
  const between = later.filter((r) => r.time > (first?.from ?? 0) && r.time <= behind)
  expectSame(got, between)
  // the state is that at its start
  expect((got[0]?.num ?? 0) - 1).toBe(((atStart?.tid ?? 0) - 1000) * ROWS)
  // nothing is held any more
  const more = await take(memory, 100, 200)
  await memory.flush()
  await expect(MemoryCopy.create(memory, of, { first })).rejects.toThrow('it is no longer in memory')
  expect(more).toHaveLength(100 * ROWS)
  expect(memory.lastTime - memory.since).toBeLessThan(60e9)
  await memory.close()
})

test('a state that nearly fills the memory is not written again with each batch', async () => {
  const bytes = 64 * KB
  const memory = MemoryTrace.open({ ...INFO }, { bytes }, () => STATS)
  const comm = () => randomBytes(7).toString('hex')
  const large = Array.from({ length: 2500 }, (_, i) => ({ ...unknownThread(), tid: i + 1, pid: i + 1, comm: comm() }))
  const state = { ...NOTHING, threads: large }
  memory.keyframe(state)
  let keyframes = 0
  for (let k = 0; k < 40; k++) {
    await memory.write(makeBatch(rowsOf(k)))
    await memory.flush()
    if (!memory.keyframeDue) continue
    memory.keyframe(state)
    await memory.flush()
    keyframes++
  }
  expect(memory.oversizedKeyframe).toBeGreaterThan(bytes / 2)
  expect(keyframes).toBeGreaterThan(0)
  expect(keyframes).toBeLessThan(20)
  await memory.close()
})

test('with few events at most a multiple of the requested time is retained', async () => {
  const memory = started({ bytes: 64 * 1024 * KB, time: 60e9 })
  for (let k = 0; k < 300; k++) {
    await memory.write(makeBatch(rowsOf(k).slice(0, 1)))
    await memory.flush()
    if (memory.keyframeDue) memory.keyframe(stateAfter(k + 1))
  }
  await memory.flush()
  const seconds = (memory.lastTime - memory.since) / 1e9
  expect(seconds).toBeGreaterThanOrEqual(60)
  expect(seconds).toBeLessThan(120)
  await memory.close()
})

test('however slow the disk is, a file ends with the rows at the time of finish()', async () => {
  const memory = started({ bytes: 64 * 1024 * KB })
  const before = await take(memory, 0, 10)
  const stats = { events: 7, lost: 3, late: 0 }
  const of = { info: { ...INFO }, stats: () => ({ ...stats }) }
  const dump = await TraceDump.start(memory, memory.hold(), await Output.open(at('slow.ksys')), of)
  await dump.finish()
  stats.lost = 100
  await take(memory, 10, 20)
  await dump.run()
  const source = await TraceSource.open(at('slow.ksys'))
  expect(await readAll(source)).toEqual(before)
  expect(source.stats().lost).toBe(3)
  expect(dump.seconds).toBeCloseTo(9, 2)
  await source.close()
  await memory.close()
})

test('when the memory accepts no more rows, the earlier ones are still written to a started file', () => {
  const program = new URL('full-memory.mjs', import.meta.url).pathname
  const capture = new URL('../../../captures/build.ksys', import.meta.url).pathname
  const result = JSON.parse(execFileSync(process.execPath, [program, capture, at('full.ksys')], { encoding: 'utf8' }))
  const { why, last, first, rows } = result
  expect(why).toContain('no more data can be stored in memory: the file would be too large')
  expect(result).toMatchObject({ end: last, rows: last - first + 1, damage: 0 })
  expect(rows).toBeGreaterThan(0)
})

test('all dropped memory is released to the system, up to the last page', async () => {
  const memory = started({ bytes: 64 * KB })
  await take(memory, 0, 150)
  await memory.flush()
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    const path = `/proc/self/fd/${fd}`
    return linkOf(path).startsWith('/memfd:ksys') ? [statSync(path)] : []
  })
  expect(files.length).toBe(1)
  // a page at each end may be used in part
  expect((files[0]?.blocks ?? 0) * 512).toBeLessThanOrEqual(memory.bytes + 2 * 4096)
  await memory.close()
})

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
