// The blocks of a trace file that a reader can skip because of a filter.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { pruneFilter, rowsPassing } from '../../../src/filter/planners/block-plan.js'
import { OUTCOME } from '../../../src/source/row-bounds.js'
import { type BlockSummary, TYPE_BITMAP_BYTES } from '../../../src/source/summary.js'
import { codeOf, fields, START } from './world.js'

function block(types: readonly string[], more: Partial<BlockSummary> = {}): BlockSummary {
  const bitmap = new Uint8Array(TYPE_BITMAP_BYTES)
  for (const t of types) bitmap[codeOf(t) >> 3] = (bitmap[codeOf(t) >> 3] as number) | (1 << (codeOf(t) & 7))
  return { timeMin: 0, timeMax: 1e9, types: bitmap, ...more }
}

/** Names without known processes. */
const named = (...names: string[]) => new Map(names.map((n) => [n, undefined]))

const keeps = (filter: string, b: BlockSummary): boolean => pruneFilter(checkFilter(filter, fields), START)(b)

test('a block is skipped by event type', () => {
  const b = block(['read', 'write'])
  expect(keeps('evt.type=open', b)).toBe(false)
  expect(keeps('evt.type=read', b)).toBe(true)
  expect(keeps('not evt.type in (read, write)', b)).toBe(false)
  expect(keeps('evt.type!=read', b)).toBe(true)
  expect(keeps('fd.num=3', block(['getuid']))).toBe(false)
})

test('a block is skipped by process name and thread, unless a row may have none', () => {
  const b = block(['read'], { comms: named('cat', 'ls'), tids: new Set([7]) })
  expect(keeps('proc.name=vi', b)).toBe(false)
  expect(keeps('proc.name in (vi, ls)', b)).toBe(true)
  expect(keeps('proc.name!=cat', b)).toBe(true)
  expect(keeps('not proc.name=cat', block(['read'], { comms: named('cat') })), 'the name may be unknown').toBe(true)
  expect(keeps('not proc.name!=vi', b), 'the name may be unknown').toBe(true)
  expect(keeps('thread.tid=8', b)).toBe(false)
  expect(keeps('thread.tid=8 or proc.name=cat', b)).toBe(true)
  expect(keeps('proc.name=vi', block(['read'])), 'the block does not say').toBe(true)
})

test('name and type are checked together', () => {
  const b = block(['read'], { comms: named('cat') })
  expect(keeps('(evt.type=read and proc.name=vi) or (evt.type=open and proc.name=cat)', b)).toBe(false)
})

test('a block is skipped by time and number', () => {
  const b = block(['read'], { numMin: 100, numMax: 200 })
  expect(keeps('evt.rawtime > 2026-11-25T10:00:05Z', b)).toBe(false)
  expect(keeps('evt.rawtime > 2026-11-25T10:00:01Z', b)).toBe(true)
  expect(keeps('evt.rawtime < 2026-11-25T10:00:00Z', b)).toBe(false)
  expect(keeps('not evt.rawtime < 2026-11-25T10:00:05Z', b)).toBe(false)
  expect(keeps('evt.rawtime > 2026-11-25T10:00:05Z or proc.name=cat', b)).toBe(true)
  expect(keeps('evt.num > 200 and evt.num < 300', b)).toBe(true)
  expect(keeps('evt.num > 201', b)).toBe(false)
  expect(keeps('evt.num < 99', b)).toBe(false)
})

test('event types that cannot pass are known; undeclared types are not among them', () => {
  const passes = (filter: string, type: string) => rowsPassing(checkFilter(filter, fields)).types[codeOf(type)] === 1
  expect(passes('evt.type=read', 'read')).toBe(true)
  expect(passes('evt.type=read', 'write')).toBe(false)
  expect(passes('fd.num=3', 'getuid')).toBe(false)
  expect(passes('not fd.num=3', 'getuid')).toBe(true)
  expect(passes('proc.name=cat', 'getuid')).toBe(true)
  expect(rowsPassing(checkFilter('evt.type=read', fields)).types.filter((t) => t === 1).length).toBeGreaterThan(1)
})

test('latency and outcome of calls limit the rows of a type', () => {
  const rows = (filter: string, type = 'read') => {
    const { minLatency, outcome } = rowsPassing(checkFilter(filter, fields))
    return [minLatency[codeOf(type)], outcome[codeOf(type)]]
  }
  const { ANY, FAILED, SUCCEEDED } = OUTCOME
  expect(rows('evt.latency > 5ms')).toEqual([5e6, ANY])
  expect(rows('evt.latency >= 5ms and evt.latency < 9ms')).toEqual([5e6, ANY])
  expect(rows('evt.latency > 5ms or proc.name=cat')).toEqual([0, ANY])
  expect(rows('evt.latency > 5ms or evt.latency > 1s')).toEqual([5e6, ANY])
  expect(rows('evt.latency > 5ms or (evt.type=write and proc.name=cat)')).toEqual([5e6, ANY])
  expect(rows('evt.latency > 5ms or (evt.type=write and proc.name=cat)', 'write')).toEqual([0, ANY])
  expect(rows('not evt.latency < 5ms'), 'it may be absent').toEqual([0, ANY])
  expect(rows('evt.latency < 5ms')).toEqual([0, ANY])
  expect(rows('evt.latency != 5')).toEqual([0, ANY])
  expect(rows('evt.latency exists')).toEqual([0, ANY])
  expect(rows('evt.failed=true')).toEqual([0, FAILED])
  expect(rows('evt.res=ENOENT and evt.latency > 7')).toEqual([7, FAILED])
  expect(rows('evt.failed=false')).toEqual([0, SUCCEEDED])
  expect(rows('evt.failed exists')).toEqual([0, ANY])
  expect(rows('evt.failed=false', 'exit_group'), 'it has no result').toEqual([0, ANY])
})

test("times after the first event are compared with the first block's own times", () => {
  const judged = (filter: string, ...blocks: BlockSummary[]) => {
    const prune = pruneFilter(checkFilter(filter, fields), START)
    return blocks.map(prune)
  }
  const spans = [
    [0.5, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ] as const
  const blocks = spans.map(([from, to]) => block(['read'], { timeMin: from * 1e9, timeMax: to * 1e9 }))
  // the first event is somewhere in the first half second
  expect(judged('evt.reltime >= 2100ms and evt.reltime <= 2400ms', ...blocks)).toEqual([false, false, true, false])
  expect(judged('evt.reltime > 10s', ...blocks)).toEqual([false, false, false, false])
})
