// Losses are reported with the events that are shown, whatever the filter.

import { expect, test } from 'vitest'
import { parseArgs } from '../../../src/cli/options/parse.js'
import { planOptions } from '../../../src/cli/query/capture-plan.js'
import { checkQuery } from '../../../src/cli/query/query.js'
import { dataLost, lossWords, stateLost } from '../../../src/cli/run/report.js'
import { registry } from '../../../src/fields/index.js'
import { type CheckedFilter, checkFilter, planFilter, rowsPassing } from '../../../src/filter/index.js'
import { batchBytes, EventBatch } from '../../../src/model/batch.js'
import { bootNs } from '../../../src/model/time.js'
import { Loop, type LoopOptions } from '../../../src/run/loop.js'
import { CODE } from '../../../src/schema/codes.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CapturePlan } from '../../../src/source/plan.js'
import type { CaptureInfo, CaptureSource } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'

const passesDrops = (...argv: string[]) => {
  const { filter } = checkQuery(parseArgs(argv))
  return filter === undefined || rowsPassing(filter).types[CODE.drop] === 1
}

test('live, losses pass every filter that does not mention them', () => {
  expect(passesDrops('evt.type=open')).toBe(true)
  expect(passesDrops('-j', 'evt.type=open or proc.name=cat')).toBe(true)
  expect(passesDrops('-w', 'x', 'not evt.type=open')).toBe(true)
  expect(passesDrops('-U', 'cat', 'evt.type=open')).toBe(true)
  expect(passesDrops('evt.type=open and evt.type!=drop')).toBe(false)
  expect(passesDrops('-r', 'file', 'evt.type=open')).toBe(false)
  expect(passesDrops('-r', 'file', 'evt.type=drop')).toBe(true)
})

/** Without the places in the filter's text that a slot about containers stores. */
function withoutPlaces(plan: CapturePlan): unknown {
  return JSON.parse(JSON.stringify(plan, (key, value) => (key === 'span' || key === 'opSpan' ? undefined : value)))
}

test.each([
  'evt.type=open',
  'proc.name=cat',
  'proc.pid in (1, 2) and evt.type=read',
  'fd.name contains passwd and evt.failed=false',
  'fd.port=80 or evt.type=execve',
  'container.id=0123456789ab and evt.type=openat',
  'evt.dir=> and evt.type=open',
  'user.name=root',
])('the kernel refuses as much for %j as without losses', (filter) => {
  const s = parseArgs([filter])
  const options = planOptions(s, checkQuery(s))
  const plan = (f: CheckedFilter | undefined) => withoutPlaces(planFilter(f, registry, options))
  expect(plan(checkQuery(s).filter)).toEqual(plan(checkFilter(filter, registry)))
})

const info: CaptureInfo = {
  kind: 'live',
  has: capabilitiesOf('ksys'),
  hostname: 'h',
  kernel: '6',
  arch: 'x64',
  cpus: 1,
  startSec: 0,
  startNsec: 0,
  startBoot: bootNs(0),
  addresses: [],
}

/** A live source with one drop event a second, each of which reports one lost call, two enter events, three other events, four records. */
function source(rows: number): CaptureSource {
  let given = false
  return {
    info,
    damage: [],
    snapshot: async () => ({ threads: [], users: [], groups: [] }),
    next: async () => {
      if (given) return undefined
      given = true
      const b = new EventBatch(new ArrayBuffer(batchBytes(64, 4096)), 64, 4096)
      b.count = rows
      for (let i = 0; i < rows; i++) {
        b.num[i] = i + 1
        b.time[i] = (i + 1) * 1e9
        b.type[i] = CODE.drop
        const at = b.argOff[i] as number
        b.view.setUint32(at, 1, true)
        for (const [k, n] of [6, 1, 2, 3, 4, 0].entries()) b.view.setBigUint64(at + 4 + 8 * k, BigInt(n), true)
        b.argOff[i + 1] = at + 52
      }
      return b
    },
    stats: () => ({ events: 100, lost: 999, late: 0 }),
    progress: () => undefined,
    stop: () => {},
    close: async () => {},
  }
}

async function statsOf(rows: number, more: Partial<LoopOptions> = {}) {
  const p = new Loop({ source: source(rows), states: [new State(info)], predicate: undefined, sinks: [], ...more })
  await p.run({ threads: [], users: [], groups: [] })
  return p.stats()
}

test('the total of a run is the sum of its drop events, without those after its end', async () => {
  expect(await statsOf(3)).toMatchObject({ lost: 18, losses: { calls: 3, enters: 6, others: 9, state: 12 } })
  expect(await statsOf(3, { limit: 2 })).toMatchObject({ lost: 12 })
  expect(await statsOf(3, { duration: 1.5e9 })).toMatchObject({ lost: 6 })
  expect(await statsOf(3, { predicate: () => false })).toMatchObject({ lost: 18 })
})

test('losses are reported by their kind', () => {
  expect(dataLost({ calls: 0, enters: 0, others: 0, state: 0, skipped: 0, data: 1 })).toBe(
    'the data of 1 call was truncated to 60,000 bytes because the buffer was full',
  )
  expect(lossWords({ calls: 1200, enters: 0, others: 1, state: 0, skipped: 0, data: 0 })).toBe(
    '1,200 calls, 1 other event',
  )
  expect(lossWords({ calls: 1, enters: 2, others: 0, state: 0, skipped: 0, data: 0 })).toBe('1 call, 2 enter events')
  expect(stateLost({ calls: 0, enters: 0, others: 0, state: 1, skipped: 0, data: 0 })).toMatch(
    /^1 state record was lost; names of threads/,
  )
})
