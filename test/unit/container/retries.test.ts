// When the accounts of a container that could not be read are retried.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Retries } from '../../../src/container/accounts.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('failures are retried immediately for some seconds, then after growing pauses, without an end', () => {
  const retries = new Retries()
  const tries: number[] = []
  const from = performance.now()
  const attempt = () => {
    tries.push(Math.round((performance.now() - from) / 1000))
    // the next attempt is a second later
    retries.failed('a', () => setTimeout(attempt, 1000))
  }
  attempt()
  vi.advanceTimersByTime(200_000)
  expect(tries).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21, 43, 87, 175])
})

test('after a success it starts again', () => {
  const retries = new Retries()
  let allowed = 0
  const allow = () => allowed++
  retries.failed('a', allow)
  vi.advanceTimersByTime(60_000)
  retries.failed('a', allow)
  expect(allowed).toBe(1)
  retries.succeeded('a')
  retries.failed('a', allow)
  expect(allowed).toBe(2)
})
