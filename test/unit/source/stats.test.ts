// The total events and losses of several captures.
import { expect, test } from 'vitest'
import { LOSSES, lossesBy } from '../../../src/schema/losses.js'
import { addStats } from '../../../src/source/stats.js'

const lossesOfEach = (n: number) => lossesBy(() => n)
const lost = LOSSES.length - 1

test('the kinds of losses are known if they are known for each capture that has any', () => {
  const known = (n: number) => ({ events: 10, lost: n * lost, late: 1, losses: lossesOfEach(n) })
  const whole = { events: 5, lost: 0, late: 0 }
  const old = { events: 5, lost: 7, late: 0 }
  expect(addStats(known(1), known(2))).toEqual({ events: 20, lost: 3 * lost, late: 2, losses: lossesOfEach(3) })
  for (const stats of [addStats(known(1), whole), addStats(whole, known(1))])
    expect(stats).toEqual({ events: 15, lost, late: 1, losses: lossesOfEach(1) })
  expect(addStats(known(1), old)).toEqual({ events: 15, lost: lost + 7, late: 1 })
  expect(addStats(whole, whole)).toEqual({ events: 10, lost: 0, late: 0 })
})
