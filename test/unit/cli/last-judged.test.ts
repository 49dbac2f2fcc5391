// A call that occurs in two captures is evaluated once, although each capture has its own time for its end; no other call is omitted.
import { expect, test } from 'vitest'
import { LastJudged } from '../../../src/cli/rules/last-judged.js'
import type { Event } from '../../../src/model/event.js'
import { bootNs } from '../../../src/model/time.js'

interface Of {
  tid?: number
  type?: number
  latency?: number
}
/** The end of a call. */
const call = (time: number, { tid = 1, type = 7, latency }: Of = {}) =>
  ({ time, tid, type, latency, isEnter: false, def: { nr: {} } }) as Event
const signal = (time: number, { tid = 1, type = 9 }: Of = {}) =>
  ({ time, tid, type, latency: undefined, isEnter: false, def: {} }) as Event

const FIRST = bootNs(1_000_000)
/** The second capture started 50 ns later: an event at the same time has 50 less. */
const SECOND = bootNs(1_000_050)
const after = (...events: Event[]) => {
  const last = new LastJudged(FIRST)
  for (const e of events) last.note(e)
  return (e: Event) => last.had({ ...e, time: e.time - 50, def: e.def, isEnter: e.isEnter } as Event, SECOND)
}

test('a call was evaluated if it began before the last evaluated call of its thread ended', () => {
  const had = after(call(1000), call(2000, { tid: 2 }), call(3000))
  // programs of the second capture run later, or earlier
  expect(had(call(3005, { latency: 100 }))).toBe(true)
  expect(had(call(2995, { latency: 100 }))).toBe(true)
  // however long a thread was interrupted between them
  expect(had(call(900_000, { latency: 897_500 }))).toBe(true)
  expect(had(call(2_000_000_000, { tid: 2, latency: 1_999_999_000 }))).toBe(true)
})

test('the next call of a thread was not, even if it ends before the last evaluated event of another thread', () => {
  const had = after(call(1000), call(1500, { tid: 2 }), call(3000, { tid: 3 }))
  expect(had(call(1020, { latency: 10 }))).toBe(false)
  expect(had(call(1600, { tid: 2, latency: 50 }))).toBe(false)
  expect(had(call(2900, { tid: 4, latency: 2000 }))).toBe(false)
})

test('a call that the end of the first capture interrupts was not evaluated because its thread received a signal in it', () => {
  const had = after(call(1000), signal(2000))
  expect(had(call(3000, { latency: 1500 }))).toBe(false)
  expect(had(signal(2010))).toBe(true)
})

test('events without a start: the same type of the same thread a little later, each once', () => {
  const had = after(call(1000), call(1100), signal(1200))
  expect(had(call(1001))).toBe(true)
  expect(had(call(1101))).toBe(true)
  expect(had(call(1201))).toBe(false)
  expect(had(signal(1205))).toBe(true)
  expect(had(signal(1206))).toBe(false)
  expect(had(signal(1207, { tid: 3 }))).toBe(false)
  expect(had(signal(90_000))).toBe(false)
})

test('more events than are remembered: a call that ended before them was evaluated', () => {
  const had = after(...Array.from({ length: 5000 }, (_, i) => call(1000 + i, { tid: 2 })))
  expect(had(call(1500, { latency: 10 }))).toBe(true)
  expect(had(call(5990, { latency: 10 }))).toBe(false)
  expect(had(call(1e6, { latency: 999_500 }))).toBe(false)
})

test('long after the last one nothing is compared any more', () => {
  const last = new LastJudged(FIRST)
  last.note(call(1000))
  expect(last.matters(call(60_000), SECOND)).toBe(true)
  expect(last.matters(call(20e9), SECOND)).toBe(false)
})

test('if nothing was evaluated before, every event is new', () => {
  const had = after()
  expect(had(call(50, { latency: 10 }))).toBe(false)
  expect(had(signal(50))).toBe(false)
  expect(new LastJudged(FIRST).matters(call(0), FIRST)).toBe(false)
})
