// What a capture has used above its limit is saved in the seconds after.
import { expect, test } from 'vitest'
import { Debt } from '../../../../src/source/ceilings/debt.js'

const LIMIT = 0.1

test('nothing is saved below the limit, and nothing is saved up for later', () => {
  const debt = new Debt(LIMIT)
  debt.add(60, 60 * LIMIT * 0.5)
  expect(debt.saved).toBe(0)
  debt.add(1, LIMIT * 2)
  expect(debt.saved).toBeGreaterThan(0)
})

test('what is saved each second pays most of a debt within ten seconds', () => {
  const debt = new Debt(LIMIT)
  debt.add(1, LIMIT * 3)
  let paid = 0
  for (let i = 0; i < 10; i++) {
    const { saved } = debt
    paid += saved
    debt.add(1, LIMIT - saved)
  }
  expect(paid).toBeGreaterThan(LIMIT * 2 * 0.9)
  expect(paid).toBeLessThanOrEqual(LIMIT * 2)
})

test('a very expensive second is paid only in part', () => {
  const debt = new Debt(LIMIT)
  debt.add(1, LIMIT * 1000)
  for (let i = 0; i < 10; i++) debt.add(1, LIMIT - debt.saved)
  expect(debt.saved).toBeLessThan(LIMIT * 0.1)
})
