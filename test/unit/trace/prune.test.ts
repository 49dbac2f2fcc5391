// A reader can specify which blocks are irrelevant: of these only the state section is read, or nothing.
import { expect, test } from 'vitest'
import { openTrace } from '../../../src/run/file-kinds.js'
import { eventsByName } from '../../../src/schema/events/index.js'
import { OUTCOME } from '../../../src/source/row-bounds.js'
import type { OmittedRows } from '../../../src/source/source.js'
import { type BlockSummary, hasType } from '../../../src/source/summary.js'
import { type TraceSource, TraceWriter } from '../../../src/trace/index.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, NOTHING, noneIdle, type PlainRow, plain, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const STATS = { events: 1, lost: 5, late: 0 }
const STATE = 32

/** A trace of single-batch blocks; keyframes after the blocks in `keyframes`. */
async function trace(
  path: string,
  blocks: readonly RowSpec[][],
  names: readonly string[][] = [],
  keyframes: number[] = [],
) {
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  const written: PlainRow[][] = []
  for (const [k, rows] of blocks.entries()) {
    const batch = makeBatch(rows)
    written.push(plain(batch))
    await writer.write(batch, undefined, names[k] && new Map(names[k].map((name) => [name, new Set([5])])))
    await writer.flush()
    if (keyframes.includes(k))
      writer.keyframe({ ...NOTHING, users: [{ uid: k, gid: 0, name: `after ${k}`, home: '', shell: '' }] })
  }
  await writer.close(STATS)
  return written
}

test('the summary of a block has times, event types, threads and process names of its visible rows', async () => {
  const path = at('summary.ksys')
  const rows: RowSpec[] = [
    { type: 'read', tid: 5, time: 100, num: 7 },
    { type: 'getppid', tid: 6, time: 300, num: 8 },
    { type: 'write', tid: 9, time: 900, num: 9, flags: 1 },
  ]
  await trace(path, [rows], [['nginx', 'bad\udcff']])
  const seen: BlockSummary[] = []
  const source = await openTrace(path, {
    relevant: () => ({
      blocks: (s) => {
        seen.push(s)
        return true
      },
    }),
  })
  expect((await readAll(source)).length).toBe(3)
  await source.close()
  const s = seen[0]!
  expect([s.timeMin, s.timeMax, s.numMin, s.numMax]).toEqual([100, 300, 7, 8])
  expect([...s.tids!].sort()).toEqual([5, 6])
  expect([...s.comms!.keys()].sort()).toEqual(['bad\udcff', 'nginx'])
  const present = ['read', 'getppid', 'write', 'open'].map((n) => eventsByName(n).some((code) => hasType(s, code)))
  expect(present).toEqual([true, true, false, false])
})

test('without names for every batch, the names of a block are unknown', async () => {
  const path = at('unnamed.ksys')
  await trace(path, [someRows(10)])
  let comms: unknown = 'not asked'
  const source = await openTrace(path, {
    relevant: () => ({
      blocks: (s) => {
        comms = s.comms
        return true
      },
    }),
  })
  await readAll(source)
  await source.close()
  expect(comms).toBeUndefined()
})

test('of an irrelevant block the state section is still delivered, up to the last relevant block', async () => {
  const path = at('pruned.ksys')
  const blocks = [0, 1, 2, 3].map((k) => someRows(300, k + 1).map((r) => ({ ...r, tid: 1000 + k })))
  const written = await trace(path, blocks)
  const source = await openTrace(path, { relevant: () => ({ blocks: (s) => s.tids!.has(1002) }) })
  const rows = await readAll(source)
  const state = (r: PlainRow) => (r.flags & STATE) !== 0
  expect(rows).toEqual([...written[0]!.filter(state), ...written[1]!.filter(state), ...written[2]!])
  expect(source.damage).toEqual([])
  expect(source.stats().lost).toBe(5)
  const skipped = eventsByName('read').some(
    (code) => ((source as TraceSource).prunedTypes[code >> 3]! >> (code & 7)) & 1,
  )
  expect(skipped, 'types in refused blocks are told').toBe(true)
  await source.close()
})

test('reading starts at the last keyframe before the first relevant block', async () => {
  const path = at('keyframes.ksys')
  const blocks = [0, 1, 2, 3].map((k) => someRows(50, k + 1).map((r) => ({ ...r, time: r.time! + k * 1e12 })))
  const written = await trace(path, blocks, [], [0, 1, 2])
  const source = await openTrace(path, { relevant: () => ({ blocks: (s) => s.timeMax >= 2e12 && s.timeMin < 3e12 }) })
  expect((await source.snapshot()).users.map((u) => u.name)).toEqual(['after 1'])
  expect(await readAll(source)).toEqual(written[2])
  await source.close()
  const all = await openTrace(path)
  expect(await readAll(all)).toEqual(written.flat())
  expect(all.damage).toEqual([])
  await all.close()
})

test('without a relevant block nothing is read', async () => {
  const path = at('none.ksys')
  await trace(path, [someRows(50), someRows(50)])
  const source = await openTrace(path, { relevant: () => ({ blocks: () => false }) })
  expect(await readAll(source)).toEqual([])
  expect(source.damage).toEqual([])
  await source.close()
})

test('an input that restarted has the new state at that place', async () => {
  const path = at('renewed.ksys')
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  await writer.write(makeBatch(someRows(20)))
  const second = makeBatch(someRows(20, 2))
  second.resync = { ...NOTHING, groups: [{ gid: 4, name: 'new' }] }
  await writer.write(second)
  await writer.close(STATS)
  const source = await openTrace(path)
  expect((await source.next())!.resync).toBeUndefined()
  const { threads, ...others } = (await source.next())!.resync!
  expect({ ...others, threads: [...threads] }).toEqual(second.resync)
  await source.close()
})

test('idle rows are counted instead of delivered, except those that the state depends on', async () => {
  const path = at('left-out.ksys')
  const [getppid, read] = ['getppid', 'read'].map((name) => eventsByName(name).find((code) => code % 2 === 1)!)
  const rows: RowSpec[] = [
    { type: 'getppid', time: 1, num: 1 },
    { type: 'read', time: 2, num: 2 },
    { type: 'getppid', time: 3, num: 3, flags: STATE },
    { type: 'getppid', time: 4, num: 4 },
    { type: 'read', time: 5, num: 5 },
    { type: 'getppid', time: 6, num: 6 },
  ]
  await trace(path, [rows, [{ type: 'getppid', time: 7, num: 7 }]])
  const idle = noneIdle()
  idle.types[getppid!] = 1
  const source = await openTrace(path, { relevant: () => ({ blocks: () => true, idle }) })
  expect((await readAll(source)).map((r) => r.num)).toEqual([2, 3, 5])
  await source.close()
  const { rows: omitted, counts, lastTime } = source.omitted as OmittedRows
  expect([omitted, counts[getppid!], counts[read!], lastTime]).toEqual([4, 4, 0, 7])
  expect(source.stats().events).toBe(7)
})

test('rows are skipped by latency and outcome, except those that the state depends on', async () => {
  const path = at('bounds.ksys')
  const getppid = eventsByName('getppid').find((code) => code % 2 === 1)!
  const rows: RowSpec[] = [
    { type: 'getppid', time: 1, num: 1, latency: 99, ret: -2 },
    { type: 'getppid', time: 2, num: 2, latency: 100, ret: -2 },
    { type: 'getppid', time: 3, num: 3, latency: 2 ** 40, ret: -4095 },
    { type: 'getppid', time: 4, num: 4, latency: 2 ** 40, ret: 0 },
    { type: 'getppid', time: 5, num: 5, latency: 2 ** 40, ret: -4096 },
    { type: 'getppid', time: 6, num: 6, latency: -1, ret: -2, flags: STATE },
    { type: 'getppid', time: 7, num: 7, latency: -1, ret: -2 },
    { type: 'read', time: 8, num: 8, latency: -1, ret: 1 },
  ]
  await trace(path, [rows, [{ type: 'getppid', time: 9, num: 9, latency: 1, ret: -2 }]])
  const read = async (outcome: number, minLatency = 100) => {
    const idle = noneIdle()
    idle.bounds.minLatency[getppid] = minLatency
    idle.bounds.outcome[getppid] = outcome
    const source = await openTrace(path, { relevant: () => ({ blocks: () => true, idle }) })
    const rows = await readAll(source)
    await source.close()
    const omitted = source.omitted as OmittedRows
    expect(omitted.rows).toBe(omitted.counts[getppid])
    expect(rows.length + omitted.rows).toBe(9)
    expect(omitted.lastTime).toBe(9)
    return rows.map((r) => [r.num, r.latency, r.ret])
  }
  const always = [
    [6, -1, -2],
    [8, -1, 1],
  ]
  const failed = [
    [2, 100, -2],
    [3, 2 ** 40, -4095],
  ]
  const succeeded = [
    [4, 2 ** 40, 0],
    [5, 2 ** 40, -4096],
  ]
  expect(await read(OUTCOME.FAILED)).toEqual([...failed, ...always])
  expect(await read(OUTCOME.SUCCEEDED)).toEqual([...succeeded, ...always])
  expect(await read(OUTCOME.ANY)).toEqual([...failed, ...succeeded, ...always])
  expect((await read(OUTCOME.FAILED, 0)).map(([num]) => num)).toEqual([1, 2, 3, 6, 7, 8, 9])
})
