// What a plan takes from the options of a run besides the filter.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { matchesEnter, type PlanOptions, planFilter } from '../../../src/filter/planners/kernel-plan.js'
import { IN_FLIGHT, VERDICT } from '../../../src/source/plan.js'
import { fields } from './world.js'

const plan = (more: Partial<PlanOptions>) =>
  planFilter(undefined, fields, { arch: 'x64', output: [], snaplen: 80, selfPid: 1, ...more })

test('data that no option needs are not recorded', () => {
  expect(plan({})).toMatchObject({
    bare: false,
    count: false,
    times: false,
    inFlight: IN_FLIGHT.NONE,
    enter: false,
    switches: VERDICT.DROP,
    pageFaults: VERDICT.DROP,
    snaplen: 0,
    structs: false,
    latency: false,
    rootPid: 0,
  })
})

test.each<[Partial<PlanOptions>, object]>([
  [{ bare: true }, { bare: true, count: false }],
  [
    { bare: true, count: 'calls' },
    { bare: true, count: 'calls' },
  ],
  [{ bare: true, count: 'magnitudes' }, { count: 'magnitudes' }],
  [{ count: 'calls' }, { bare: false, count: false }],
  [
    { bare: true, count: 'calls', enter: true },
    { count: false, enter: true },
  ],
  [{ times: true }, { times: true }],
  [{ inFlight: true }, { inFlight: IN_FLIGHT.FILTERED }],
  [{ enter: true }, { enter: true }],
  [{ switches: true }, { switches: VERDICT.PASS, pageFaults: VERDICT.DROP }],
  [{ pageFaults: true }, { switches: VERDICT.DROP, pageFaults: VERDICT.PASS }],
  [{ buffers: true }, { snaplen: 80, structs: true }],
  [
    { buffers: true, structs: false },
    { snaplen: 80, structs: false },
  ],
  [{ structs: true }, { structs: false }],
  [{ latency: true }, { latency: true }],
  [
    { rootPid: 7, selfPid: 8 },
    { rootPid: 7, selfPid: 8 },
  ],
  [{ output: ['evt.latency'] }, { latency: true, snaplen: 0 }],
  [{ output: ['evt.buffer'] }, { latency: false, snaplen: 80 }],
])('%j gives %j', (more, given) => expect(plan(more)).toMatchObject(given))

test('a name in a test that is not exactly for this name does not record rare events', () => {
  const switches = (filter: string) =>
    planFilter(checkFilter(filter, fields), fields, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 }).switches
  expect(switches('evt.type=switch')).toBe(VERDICT.PASS)
  expect(switches('evt.type.is.switch=1')).toBe(VERDICT.PASS)
  expect(switches('evt.type.is.read=1 or proc.name=x')).toBe(VERDICT.DROP)
  expect(switches('proc.name=switch')).toBe(VERDICT.DROP)
  expect(switches('evt.type contains anyof (switch, read)')).toBe(VERDICT.DROP)
})

test('a filter needs enter events if it mentions directions and can pass one', () => {
  const asks = (filter: string) => matchesEnter(checkFilter(filter, fields))
  expect(['evt.dir=>', 'not evt.dir=<', 'evt.dir=> and proc.name=cat'].map(asks)).toEqual([true, true, true])
  expect(['evt.dir=<', 'proc.name=cat', 'evt.dir=> and evt.type=switch'].map(asks)).toEqual([false, false, false])
})
