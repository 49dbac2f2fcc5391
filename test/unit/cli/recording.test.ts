// How much memory a recorder takes where nobody says a size.
import { expect, test } from 'vitest'
import { recordingOf } from '../../../src/cli/options/recording.js'

const MB = 1 << 20

test.each([
  [24 * 1024, 256],
  [400, 100],
  [20, 8],
])('of %d MB of memory --last 60s takes %d MB at most', (room, most) => {
  expect(recordingOf({ last: [{ time: 60e9 }] }, room * MB).memory).toEqual({ bytes: most * MB, time: 60e9 })
})

test('more than half of the memory is refused', () => {
  expect(recordingOf({ last: [{ bytes: 200 * MB }] }, 400 * MB).memory.bytes).toBe(200 * MB)
  expect(() => recordingOf({ last: [{ bytes: 201 * MB }] }, 400 * MB)).toThrow(
    '--last 201M is more than half of the 400 MB of memory',
  )
})
