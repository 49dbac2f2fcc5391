// How a signal ends a run that has much left to write, and one whose reader is blocked.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onSignals } from '../../../src/cli/run/signals.js'

const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
let restore = () => {}

beforeEach(() => {
  vi.useFakeTimers()
  kill.mockClear()
})

afterEach(() => {
  restore()
  vi.useRealTimers()
})

/** A run that is at the write with this number whenever it is checked; 0: at none. */
function interrupted(writing: () => number): void {
  restore = onSignals(() => {}, writing)
  process.emit('SIGINT', 'SIGINT')
}

test('a run that is always at a write, but never long at the same one, may take as long as it needs', () => {
  let write = 1
  const writing = setInterval(() => write++, 300)
  interrupted(() => write)
  vi.advanceTimersByTime(60_000)
  clearInterval(writing)
  expect(kill).not.toHaveBeenCalled()
})

test('a run whose reader is blocked is ended', () => {
  interrupted(() => 7)
  vi.advanceTimersByTime(1_500)
  expect(kill).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_500)
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT')
})

test('a run that waits for no reader may continue to its end', () => {
  interrupted(() => 0)
  vi.advanceTimersByTime(60_000)
  expect(kill).not.toHaveBeenCalled()
})
