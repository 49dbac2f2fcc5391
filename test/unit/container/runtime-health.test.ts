// Which runtimes that do not answer are waited for.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RuntimeHealth } from '../../../src/container/runtime-health.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('one that was not greeted yet, until it has responded or failed', () => {
  const s = new RuntimeHealth()
  expect(s.connecting).toBe(false)
  s.greets()
  expect(s.connecting).toBe(true)
  s.failed(true)
  expect(s.connecting).toBe(false)
  s.greets()
  expect(s.connecting).toBe(false)
})

test('one that responded before and is slow now, for a while', () => {
  const s = new RuntimeHealth()
  s.greets()
  s.answered()
  s.failed(true)
  expect(s.connecting).toBe(true)
  vi.advanceTimersByTime(20_000)
  s.failed(true)
  expect(s.connecting).toBe(true)
  vi.advanceTimersByTime(20_000)
  expect(s.connecting).toBe(false)
})

test('not one that responded before and has ended', () => {
  const s = new RuntimeHealth()
  s.greets()
  s.answered()
  s.failed(true)
  s.failed(false)
  expect(s.connecting).toBe(false)
})
