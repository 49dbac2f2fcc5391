// Events that two captures have are judged once, though the kernel timed them for each by itself.
import { expect, test } from 'vitest'
import { LastJudged } from '../../../src/cli/rules/last-judged.js'
import type { Event } from '../../../src/model/event.js'

const at = (time: number, tid = 1, type = 7) => ({ time, tid, type }) as Event

test('what is the same event in the next capture was judged; what comes behind was not', () => {
  const last = new LastJudged(1_000_000)
  for (const e of [at(100), at(200, 2), at(300)]) last.note(e)
  const boot = 1_000_050
  expect(last.had(at(0), boot)).toBe(true)
  expect(last.had(at(150, 2), boot)).toBe(true)
  // timed later: the same thread and type once for each that was noted
  expect(last.had(at(251), boot)).toBe(true)
  expect(last.had(at(252), boot)).toBe(true)
  expect(last.had(at(253), boot)).toBe(false)
  expect(last.had(at(254, 3), boot)).toBe(false)
  expect(last.had(at(255, 1, 9), boot)).toBe(false)
  expect(last.had(at(60_000, 2), boot)).toBe(false)
  expect(last.matters(at(260), boot)).toBe(true)
  expect(last.matters(at(60_000), boot)).toBe(false)
})

test('where nothing was judged everything is new', () => {
  const last = new LastJudged(0)
  expect(last.had(at(0, 0, 0), 0)).toBe(false)
  expect(last.matters(at(0), 0)).toBe(false)
})
