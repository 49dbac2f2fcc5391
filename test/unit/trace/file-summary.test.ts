// The summary of all rows in the end block of a trace of any length.
import { closeSync, openSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type BlockSummary, processesOf } from '../../../src/source/summary.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { tailOf } from '../../../src/trace/tail.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const at = scratch()

interface Block {
  readonly names?: Map<string, Set<number>>
  readonly rows?: RowSpec[]
}

/** The summary in the end of a file of these blocks, and the bytes of the file. */
async function summaryOf(name: string, blocks: Block[]): Promise<{ summary: BlockSummary; size: number }> {
  const writer = await TraceWriter.open(at(name), { info: INFO, existing: NOTHING })
  for (const { names = new Map(), rows = [{ type: 'close' }] } of blocks) {
    await writer.write(makeBatch(rows), undefined, names)
    await writer.flush()
  }
  await writer.close({ events: 0, lost: 0, late: 0 })
  const fd = openSync(at(name), 'r')
  const { size } = statSync(at(name))
  const tail = await tailOf(fd, size)
  closeSync(fd)
  return { summary: tail?.summary as BlockSummary, size }
}

/** Process ids [from, from + count). */
const ids = (from: number, count: number) => new Set(Array.from({ length: count }, (_, i) => from + i))

test('names have their processes if these are few', async () => {
  const few = [{ names: new Map([['sh', ids(1, 10)]]) }, { names: new Map([['sh', ids(5, 10)]]) }]
  const { summary } = await summaryOf('few', few)
  expect(summary.comms).toEqual(new Map([['sh', ids(1, 14)]]))
})

test('a file with very many processes has an end block of limited size: with names, without their processes', async () => {
  const blocks = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      names: new Map([
        ['sh', ids(i * 10_000, 10_000)],
        ['init', ids(1, 1)],
      ]),
    }))
  const many = await summaryOf('many', [...blocks(3), { names: new Map([['late', ids(7, 1)]]) }])
  expect(many.summary.comms).toEqual(
    new Map([
      ['sh', undefined],
      ['init', undefined],
      ['late', undefined],
    ]),
  )
  const one = await summaryOf('one', blocks(1))
  expect(many.size).toBeLessThan(2 * one.size)
})

test('a thread id used in several processes has no process in the summary', async () => {
  const threads = (...pairs: [number, number][]) => ({ rows: pairs.map(([tid, pid]) => ({ type: 'close', tid, pid })) })
  const plain = await summaryOf('plain', [threads([5, 5], [6, 5]), threads([6, 5], [7, 7])])
  expect(processesOf(plain.summary)).toEqual(new Set([5, 7]))
  const reused = await summaryOf('reused', [threads([6, 5]), threads([6, 6])])
  expect(processesOf(reused.summary)).toBeUndefined()
  expect(reused.summary.tids).toEqual(new Set([6]))
  const moved = await summaryOf('moved', [threads([6, 5]), threads([6, 4])])
  expect(processesOf(moved.summary)).toBeUndefined()
})

test('very many threads are omitted', async () => {
  const blocks = Array.from({ length: 6 }, (_, i) => ({
    rows: [...ids(i * 4000 + 1, 4000)].map((tid) => ({ type: 'close', tid, pid: 1 })),
  }))
  const { summary } = await summaryOf('threads', blocks)
  expect([summary.tids, summary.processOf]).toEqual([undefined, undefined])
})
