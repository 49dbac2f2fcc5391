// How a signal ends a run that has much to deliver yet, and one whose reader takes nothing more.
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

/** A run at the write of that number whenever it is looked at; 0: at none. */
function interrupted(writing: () => number): void {
  restore = onSignals(() => {}, writing)
  process.emit('SIGINT', 'SIGINT')
}

test('a run that is always at a write, but never long at one, may take as long as it needs', () => {
  let write = 1
  const writing = setInterval(() => write++, 300)
  interrupted(() => write)
  vi.advanceTimersByTime(60_000)
  clearInterval(writing)
  expect(kill).not.toHaveBeenCalled()
})

test('a run whose reader takes nothing more is ended', () => {
  interrupted(() => 7)
  vi.advanceTimersByTime(1_500)
  expect(kill).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_500)
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT')
})

test('a run that waits for nobody is left to its end', () => {
  interrupted(() => 0)
  vi.advanceTimersByTime(60_000)
  expect(kill).not.toHaveBeenCalled()
})
