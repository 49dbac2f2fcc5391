// The output of .scap files: the cost of a slow reader, and whether the end of a run waits for one.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { makeBatch } from '../../helpers/rows.js'
import { scapWriter, writeRows } from '../../helpers/scap-writer.js'
import { NOTHING, scratch } from '../../helpers/trace.js'

const path = scratch()
const S = 1e9
const MB = 1 << 20

const calls = (n: number) => makeBatch(Array.from({ length: n }, (_, i) => ({ type: 'getppid', time: i, latency: 1 })))

test('a file that is being closed does not wait', async () => {
  const writer = scapWriter(path('closing.scap'))
  await writer.open(NOTHING)
  await writeRows(writer, calls(1000))
  const closed = writer.close()
  expect(writer.awaited).toBe(0)
  await closed
  expect(writer.awaited).toBe(0)
})

test('without a reader, small writes take only the memory of their contents', async () => {
  const fifo = path('slow.scap')
  execFileSync('mkfifo', [fifo])
  const end = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = scapWriter(fifo)
  await writer.open(NOTHING)
  const batch = calls(10)
  const before = process.memoryUsage().arrayBuffers
  for (let k = 0; k < 300; k++) {
    batch.time.forEach((time, i) => {
      batch.time[i] = time + S
    })
    await writeRows(writer, batch)
    await turn()
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * MB)
  const closed = writer.close()
  expect(writer.awaited).toBeGreaterThan(0)
  const reader = spawn('cat', [fifo], { stdio: 'ignore' })
  const read = once(reader, 'exit')
  await closed
  closeSync(end)
  await read
})
