// When the events of a live capture are written: as soon as nothing can precede them, whether the rows keep up with
// the current time or not.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RowSpec } from '../../helpers/rows.js'
import { scapEvents } from '../../helpers/scap-events.js'
import { BEGAN, rowsOf, scapWriter, writeRows } from '../../helpers/scap-writer.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const path = scratch()
const MS = 1e6
const call = (ms: number, latency: number): RowSpec => ({ type: 'getppid', time: ms * MS, latency: latency * MS })

/** A live capture that started long ago. */
async function live(name: string) {
  const writer = scapWriter(path(name), { info: { ...INFO, kind: 'live' } })
  await writer.open(NOTHING)
  return writer
}

const times = (name: string) => scapEvents(path(name)).map((e) => Number(e.time - BEGAN) / MS)

/** Waits until the file has this number of events. */
async function written(name: string, events: number): Promise<void> {
  while (times(name).length < events) await sleep(5)
}

test('a capture that lags behind keeps the order of its events', async () => {
  const writer = await live('lags.scap')
  for (const rows of [[call(1000, 1)], [call(1100, 200)], [call(1200, 150)]]) {
    await writeRows(writer, rows)
    writer.flush()
  }
  await writer.close()
  expect(times('lags.scap')).toEqual([900, 999, 1000, 1050, 1100, 1200])
})

test('a capture without rows has its last events in the file', async () => {
  const writer = await live('quiet.scap')
  await writeRows(writer, [call(1000, 1)])
  writer.flush()
  await writeRows(writer, [])
  writer.flush()
  await written('quiet.scap', 2)
  await writer.close()
})

test('rows that a filter rejects advance the time, too', async () => {
  const writer = await live('refused.scap')
  await writeRows(writer, [call(1000, 1)])
  const refused = rowsOf([call(2000, 1)])
  await writer.write(refused, new Uint8Array(refused.capacity))
  writer.flush()
  await written('refused.scap', 2)
  await writer.close()
})
