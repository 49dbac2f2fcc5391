// Where two captures of one machine meet: a call in both, with a time in each, is shown once.
import { expect, test } from 'vitest'
import type { Event } from '../../../src/model/event.js'
import type { LiveCapture } from '../../../src/tui/worker/live-capture.js'
import { Seam } from '../../../src/tui/worker/seam.js'

const MS = 1e6
/** The second capture began 5 s later and has everything from 20 ms on. */
const machine = { info: { startBoot: 1e9 }, lastTime: 0, now: () => 0 }
const own = { info: { startBoot: 6e9 }, complete: 20 * MS }
const AT = 5e9 + 20 * MS
const event = (tid: number, time: number, latency?: number) => ({ tid, time, latency }) as Event

test('a call in both captures is reported once, whichever capture reports it first', () => {
  const seam = new Seam(machine as unknown as LiveCapture, own as unknown as LiveCapture)
  expect(seam).toMatchObject({ before: AT, from: 20 * MS })
  seam.first(event(1, AT - 500, 300))
  seam.second(event(1, 20 * MS + 400, 1200), 'same')
  seam.second(event(2, 20 * MS + 400, undefined), 'of a thread that is told of later')
  // the next call of a thread, and the events of the first capture after this moment, are different ones
  seam.second(event(1, 20 * MS + 3000, 100), 'next')
  seam.first(event(3, AT + 100, 300))
  seam.second(event(3, 20 * MS + 200, 300), 'behind')
  expect(seam.duplicates()).toEqual(['same'])
  seam.first(event(2, AT - 100, undefined))
  expect(seam.duplicates()).toEqual(['of a thread that is told of later'])
  expect(seam.duplicates()).toEqual([])
})
