// The processes whose rows in a block of a trace file a filter may pass, and the blocks without rows of these.
import { describe, expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { boundsWithTypes, processesWithin, pruneFilter } from '../../../src/filter/planners/block-plan.js'
import { type BlockSummary, TYPE_BITMAP_BYTES } from '../../../src/source/summary.js'
import { codeOf, fields, START } from './world.js'

function block(types: readonly string[], more: Partial<BlockSummary>): BlockSummary {
  const bitmap = new Uint8Array(TYPE_BITMAP_BYTES)
  for (const t of types) bitmap[codeOf(t) >> 3] = (bitmap[codeOf(t) >> 3] as number) | (1 << (codeOf(t) & 7))
  return { timeMin: 0, timeMax: 1e9, types: bitmap, ...more }
}

/** cat runs as 10 and 20, ls as 30 with a thread 31, and nothing is known about sh. */
const b = block(['read', 'write'], {
  comms: new Map([
    ['cat', new Set([10, 20])],
    ['ls', new Set([30])],
    ['sh', undefined],
  ]),
  tids: new Set([10, 20, 30, 31, 40]),
  processOf: new Map([[31, 30]]),
})

type Found = readonly number[] | 'not known' | 'not asked'
function found(filter: string, summary = b, start = START): Found {
  const passing = processesWithin(boundsWithTypes(checkFilter(filter, fields), start))
  if (passing === undefined) return 'not asked'
  const processes = passing(summary)
  return processes === undefined ? 'not known' : [...processes].sort((x, y) => x - y)
}
const kept = (filter: string, summary = b, start = START) => pruneFilter(checkFilter(filter, fields), start)(summary)

describe('processes that may pass', () => {
  test.each<[string, Found]>([
    ['proc.name=cat', [10, 20]],
    ['proc.name in (cat, ls)', [10, 20, 30]],
    ['proc.name in (vi, ls)', [30]],
    ['proc.name=cat or proc.name=ls', [10, 20, 30]],
    ['proc.name=vi', []],
    ['proc.name in (cat, sh)', 'not known'],
    ['thread.tid=31', [30]],
    ['thread.tid in (10, 31)', [10, 30]],
    ['thread.tid=99', []],
    ['proc.pid=30', [30]],
    ['proc.pid=31', []],
    ['proc.pid in (10, 40, 99)', [10, 40]],
    ['proc.name=cat and thread.tid=20', [20]],
    ['proc.name=cat and proc.pid in (10, 30)', [10]],
    ['proc.name=cat and thread.tid=31', []],
    ['proc.name=cat or thread.tid=31', 'not asked'],
    ['(evt.type=read and proc.name=cat) or (evt.type=write and proc.name=ls)', [10, 20, 30]],
    ['(evt.type=read and proc.name=cat) or (evt.type=open and proc.name=ls)', [10, 20]],
    ['evt.type=open and proc.name=cat', []],
    ['evt.type=read', 'not asked'],
    ['proc.name!=cat', 'not asked'],
    ['not proc.name=cat', 'not asked'],
    ['proc.name=cat or evt.type=write', 'not asked'],
    ['proc.name startswith c', 'not asked'],
  ])('%s: %j', (filter, processes) => expect(found(filter)).toEqual(processes))
})

test('a block without a process that may pass is skipped', () => {
  expect(kept('proc.pid=10')).toBe(true)
  expect(kept('proc.pid=31')).toBe(false)
  expect(kept('proc.name=cat and thread.tid=31')).toBe(false)
  expect(kept('proc.name=cat and thread.tid=20')).toBe(true)
  expect(kept('proc.name=sh and thread.tid=31'), 'who sh is is not known').toBe(true)
})

test('if a block does not list its threads, or their processes, it is read', () => {
  const { tids = new Set(), processOf, comms = new Map(), ...bare } = b
  expect(found('proc.pid=31', bare)).toBe('not known')
  expect(found('proc.name=cat', bare)).toBe('not known')
  expect(found('thread.tid=99', bare)).toBe('not known')
  expect(kept('proc.pid=31', bare)).toBe(true)
  expect(found('proc.name=cat', { ...bare, comms })).toEqual([10, 20])
  const without = { ...bare, tids }
  expect([found('proc.pid=31', without), kept('proc.pid=31', without)]).toEqual(['not known', true])
})

test('if rows do not record their process, its number skips no block', () => {
  const start = { ...START, has: { ...START.has, rowProcesses: false } }
  expect(found('proc.pid=31', b, start)).toBe('not asked')
  expect(kept('proc.pid=31', b, start)).toBe(true)
  expect(found('proc.name=cat and proc.pid=31', b, start)).toEqual([10, 20])
})
