// Whether queries wait for a runtime that does not respond.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RuntimeHealth } from '../../../src/container/runtime-health.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('they wait for one that was not contacted yet, until it has responded or failed', () => {
  const s = new RuntimeHealth()
  expect(s.connecting).toBe(false)
  s.greets()
  expect(s.connecting).toBe(true)
  s.failed(true)
  expect(s.connecting).toBe(false)
  s.greets()
  expect(s.connecting).toBe(false)
})

test('they wait for a while for one that responded before and is slow now', () => {
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

test('they do not wait for one that responded before and has ended', () => {
  const s = new RuntimeHealth()
  s.greets()
  s.answered()
  s.failed(true)
  s.failed(false)
  expect(s.connecting).toBe(false)
})
