// A reader with a query about certain processes skips blocks that concern neither these nor those that they depend on.
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { CODE, CODE_LIMIT } from '../../../src/schema/codes.js'
import type { OmittedRows } from '../../../src/source/source.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, NOTHING, noneIdle, readAll, scratch } from '../../helpers/trace.js'

const at = scratch()
const HIDDEN_STATE = 33
const STATE = 32

const opens = (num: number, pid: number): RowSpec => ({
  ...{ type: 'openat', num, time: num * 10, tid: pid, ret: 3, flags: STATE },
  params: { name: `/tmp/${pid}` },
})
const reads = (num: number, pid: number): RowSpec => ({ type: 'read', num, time: num * 10, tid: pid, ret: 1 })
const births = (time: number, maker: number, child: number): RowSpec => ({
  ...{ type: CODE.ks_fork, num: 0, time, tid: maker, flags: HIDDEN_STATE },
  params: { tid: child, pid: child, ptid: maker, vtid: child, vpid: child, shared: 0, start: time, comm: 'x' },
})
const ends = (num: number, pid: number): RowSpec => ({
  ...{ type: 'procexit', num, time: num * 10, tid: pid, flags: STATE },
  params: { status: 0, ret: 0, sig: 0, core: 0, reaper_tid: 1 },
})

/** Each list of rows is a block; process 10 forks 20, which the query is about; 30 and its child 40 are unrelated. */
const BLOCKS: readonly RowSpec[][] = [
  [opens(1, 10), reads(2, 30)],
  [births(21, 10, 20), births(22, 30, 40)],
  [opens(3, 30), reads(4, 30)],
  [opens(5, 40)],
  [opens(6, 10)],
  [births(65, 20, 21), reads(7, 20), reads(8, 40)],
  [ends(9, 21), ends(10, 40)],
  [ends(11, 40)],
  [reads(12, 20)],
  [reads(13, 30)],
]

async function trace(path: string, blocks: readonly RowSpec[][], resync: Record<number, Snapshot> = {}) {
  const writer = await TraceWriter.open(path, { info: INFO, existing: NOTHING })
  for (const [k, rows] of blocks.entries()) {
    const batch = makeBatch(rows)
    batch.resync = resync[k]
    const pids = [...new Set(rows.map((r) => r.tid as number))]
    await writer.write(batch, undefined, new Map(pids.map((pid) => [`p${pid}`, new Set([pid])])))
    await writer.flush()
  }
  await writer.close({ events: 13, lost: 0, late: 0 })
}

/** Reads what the rows of process 20 depend on. */
async function ask(path: string) {
  const ofAnyProcess = new Uint8Array(CODE_LIMIT)
  const source = await openTrace(path, {
    relevant: () => ({
      blocks: (s) => s.tids?.has(20) !== false,
      idle: noneIdle(),
      processes: { passing: () => new Set([20]), ofAnyProcess },
    }),
  })
  const rows = await readAll(source)
  await source.close()
  return { rows, omitted: source.omitted as OmittedRows, events: source.stats().events, damage: source.damage }
}

test('rows of a process and its parent are delivered, and exits of its children; others are counted', async () => {
  const path = at('edges.ksys')
  await trace(path, BLOCKS)
  const { rows, omitted, events, damage } = await ask(path)
  expect(rows.map((r) => `${r.tid} ${r.time}`)).toEqual([
    ...['10 10', '10 21', '10 60', '20 65', '20 70'],
    // exits of any process are delivered if their block is read
    ...['21 90', '40 100', '20 120'],
  ])
  expect(events, 'rows of the file').toBe(BLOCKS.flat().length)
  const shown = rows.filter((r) => (r.flags & 1) === 0).length
  expect(shown + omitted.rows, 'events that may be shown').toBe(13)
  expect(omitted.lastTime).toBe(130)
  expect(damage).toEqual([])
})

test('parents in a resync block are used', async () => {
  const path = at('renewed.ksys')
  const thread = (pid: number, ptid: number) => ({ ...unknownThread(), tid: pid, pid, ptid, comm: `p${pid}`, fds: [] })
  const blocks = [[opens(1, 50)], [opens(2, 30)], [opens(3, 50)], [reads(4, 20)]]
  await trace(path, blocks, { 2: { ...NOTHING, threads: [thread(50, 1), thread(20, 50)] as never } })
  const { rows, events } = await ask(path)
  expect(rows.map((r) => r.tid)).toEqual([50, 50, 20])
  expect(events).toBe(4)
})

test('after state was lost nothing is skipped: a damaged block is reported as usual', async () => {
  const path = at('damaged.ksys')
  await trace(path, BLOCKS)
  const bytes = readFileSync(path)
  const magic = Buffer.from('KBLK')
  // metadata, snapshot, the first block of events
  let block = 0
  for (let k = 0; k < 3; k++) block = bytes.indexOf(magic, block + 1)
  const second = bytes.indexOf(magic, block + 1)
  for (let i = second - 20; i < second; i++) bytes[i]! ^= 0xff
  writeFileSync(path, bytes)
  const { rows, damage } = await ask(path)
  expect(damage.length).toBeGreaterThan(0)
  expect(rows.map((r) => r.time)).toContain(120)
})

test('a trace without an index is filtered by its blocks’ summaries', async () => {
  const path = at('cut.ksys')
  await trace(path, BLOCKS)
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.subarray(0, bytes.length - 24))
  const { rows } = await ask(path)
  expect(rows.filter((r) => r.tid === 20).map((r) => r.time)).toEqual([65, 70, 120])
  expect(rows.map((r) => r.tid)).toContain(30)
})

test('rows recorded for other processes are hidden: too little is delivered to evaluate them', async () => {
  const path = at('others.ksys')
  await trace(path, BLOCKS)
  const { rows } = await ask(path)
  expect(rows.map((r) => [r.tid, r.flags & 1]).filter(([tid]) => tid === 21 || tid === 40)).toEqual([
    [21, 1],
    [40, 1],
  ])
})

test('processes that may share a socket provide its name', async () => {
  const binds = (num: number, pid: number): RowSpec => ({
    ...{ type: 'bind', num, time: num * 10, tid: pid, ret: 0, flags: STATE },
    params: { fd: 3 },
  })
  const path = at('sockets.ksys')
  await trace(path, [
    [births(1, 10, 20), births(2, 10, 30)],
    [binds(1, 30)],
    [binds(2, 50)],
    [opens(3, 30)],
    [reads(4, 20)],
  ])
  const { rows } = await ask(path)
  expect(rows.map((r) => `${r.tid} ${r.time}`)).toEqual(['10 1', '10 2', '30 10', '20 40'])
})
