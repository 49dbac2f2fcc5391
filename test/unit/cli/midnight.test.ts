// --since and --until with times of day: parts of a capture that continues past midnight, and parts without events.
import { expect, test } from 'vitest'
import { Output, TraceWriter } from '../../../src/trace/index.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()

/** A capture that began at a local time of a day, with an event every given number of seconds; `shown` prints its event numbers. */
async function capture(name: string, hours: number, minutes: number, seconds: number, every: number, count: number) {
  const path = at(name)
  const startSec = new Date(2026, 0, 31, hours, minutes, seconds).getTime() / 1000
  const info = { ...INFO, startSec, startNsec: 0 }
  const writer = await TraceWriter.start(await Output.open(path), { info, existing: NOTHING })
  await writer.write(makeBatch(someRows(count).map((r, i) => ({ ...r, time: i * every * 1e9 }))))
  await writer.close({ events: count, lost: 0, late: 0 })
  return (...args: string[]) => {
    const { code, stdout, stderr } = ksys(['-r', path, '-p', '%evt.num', ...args])
    expect(code).toBe(0)
    return { nums: stdout.trimEnd().split('\n').filter(Boolean).map(Number), stderr }
  }
}

test('a time of day is the next one, also past midnight', async () => {
  // 23:59:50, and an event each second
  const shown = await capture('midnight.ksys', 23, 59, 50, 1, 20)
  expect(shown('--since', '23:59:59', '--until', '00:00:01')).toEqual({ nums: [10, 11, 12], stderr: '' })
  expect(shown('--since', '00:00:05').nums).toEqual([16, 17, 18, 19, 20])
  expect(shown('--until', '00:00:00').nums).toHaveLength(11)
  expect(shown('--since', '2026-01-31 23:59:59', '--until', '00:00:00').nums).toEqual([10, 11])
  // shortly before its beginning
  expect(shown('--since', '23:59:00', '--until', '23:59:51').nums).toEqual([1, 2])
  expect(shown('--since', '23:50').nums).toHaveLength(20)
})

test('in a capture of several days, a part lies on the day on which both of its ends exist', async () => {
  // from 10:00, and an event each half hour for two days
  const shown = await capture('days.ksys', 10, 0, 0, 1800, 96)
  expect(shown('--since', '9:00', '--until', '10:30').nums).toEqual([1, 2])
  expect(shown('--since', '9:00', '--until', '9:30').nums).toEqual([47, 48])
  expect(shown('--since', '23:00', '--until', '1:00').nums).toEqual([27, 28, 29, 30, 31])
})

test('a part without events is reported, with its times and those of the capture', async () => {
  const shown = await capture('empty.ksys', 14, 5, 0, 1, 20)
  expect(shown('--since', '15:00', '--until', '16:00')).toEqual({
    nums: [],
    stderr:
      'ksys: no events in the range of --since and --until, from 2026-01-31 15:00:00 to 2026-01-31 16:00:00; the first event is at 2026-01-31 14:05:00\n',
  })
  expect(shown('--since', '500').stderr).toMatch(/^ksys: no events in the range/)
  expect(shown('--since', '14:05:05', 'proc.name=nobody').stderr).toMatch(
    /^ksys: no event passes the filter in the range/,
  )
})
