// The memory of a recorder and of the UI if no size is specified.
import { expect, test } from 'vitest'
import { recordingOf, uiRetention } from '../../../src/cli/options/recording.js'
import { lastOf } from '../../../src/cli/options/sizes.js'

const MB = 1 << 20

test.each([
  [24 * 1024, 256],
  [400, 100],
  [20, 8],
])('with %d MB of memory, --last 60s takes %d MB at most', (room, most) => {
  expect(recordingOf({ last: [{ time: 60e9 }] }, room * MB).memory).toEqual({ bytes: most * MB, time: 60e9 })
})

test('a size above half of the memory is refused', () => {
  expect(recordingOf({ last: [{ bytes: 200 * MB }] }, 400 * MB).memory.bytes).toBe(200 * MB)
  expect(() => recordingOf({ last: [{ bytes: 201 * MB }] }, 400 * MB)).toThrow(
    '--last 201M exceeds half of the 400 MB of memory',
  )
})

test.each([
  [24 * 1024, 64],
  [400, 25],
  [40, 8],
])('with %d MB of memory, the UI takes %d MB at most for the last minute', (room, most) => {
  expect(uiRetention(undefined, room * MB)).toEqual({ bytes: most * MB, time: 60e9 })
  expect(uiRetention([lastOf('5m')], room * MB)).toEqual({ bytes: most * MB, time: 300e9 })
})

test('the UI retains nothing on request, or if there is too little memory', () => {
  expect(uiRetention([lastOf('0')], 400 * MB)).toBeUndefined()
  expect(uiRetention(undefined, 16 * MB)).toBeUndefined()
  expect(() => recordingOf({ last: [{ time: 0 }] }, 400 * MB)).toThrow('missing --last')
})
