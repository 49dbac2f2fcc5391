// Events that occur in two captures are evaluated once, although each capture has its own timestamps for them.

import { expect, test } from 'vitest'
import { LastJudged } from '../../../src/cli/rules/last-judged.js'
import type { Event } from '../../../src/model/event.js'
import { bootNs } from '../../../src/model/time.js'

const at = (time: number, tid = 1, type = 7) => ({ time, tid, type }) as Event

test('an event that occurs again in the next capture was evaluated already; later events were not', () => {
  const last = new LastJudged(bootNs(1_000_000))
  for (const e of [at(100), at(200, 2), at(300)]) last.note(e)
  const boot = 1_000_050
  expect(last.had(at(0), bootNs(boot))).toBe(true)
  expect(last.had(at(150, 2), bootNs(boot))).toBe(true)
  // timed later: the same thread and type, once for each recorded event
  expect(last.had(at(251), bootNs(boot))).toBe(true)
  expect(last.had(at(252), bootNs(boot))).toBe(true)
  expect(last.had(at(253), bootNs(boot))).toBe(false)
  expect(last.had(at(254, 3), bootNs(boot))).toBe(false)
  expect(last.had(at(255, 1, 9), bootNs(boot))).toBe(false)
  expect(last.had(at(60_000, 2), bootNs(boot))).toBe(false)
  expect(last.matters(at(260), bootNs(boot))).toBe(true)
  expect(last.matters(at(60_000), bootNs(boot))).toBe(false)
})

test('if nothing was evaluated before, every event is new', () => {
  const last = new LastJudged(bootNs(0))
  expect(last.had(at(0, 0, 0), bootNs(0))).toBe(false)
  expect(last.matters(at(0), bootNs(0))).toBe(false)
})
