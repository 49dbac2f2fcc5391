// A file that can be read twice is scouted for long calls, then written: which enter events are in
// the file if the second pass reads less, or more, than the first.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { EventBatch } from '../../../src/model/batch.js'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { main } from '../../helpers/ksys.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { scapEvents } from '../../helpers/scap-events.js'
import { BEGAN, rowsOf, scapWriter, writeRows } from '../../helpers/scap-writer.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const path = scratch()
const S = 1e9
const MB = 1 << 20

type Rows = readonly RowSpec[] | EventBatch

/** The file written after other rows were scouted, as [seconds, thread, direction]. */
async function twice(name: string, scouted: readonly Rows[], written: readonly Rows[]) {
  const writer = scapWriter(path(name))
  for (const rows of scouted) writer.scout(rowsOf(rows), undefined)
  await writer.open(NOTHING)
  for (const rows of written) await writeRows(writer, rows)
  await writer.close()
  return scapEvents(path(name)).map((e) => [Number(e.time - BEGAN) / S, e.tid, (e.code & 1) === 0 ? '>' : '<'])
}

const sleeps = (tid: number, from: number, to: number): RowSpec => ({
  type: 'nanosleep',
  tid,
  time: to * S,
  latency: Math.round((to - from) * S),
})
const first = [sleeps(1, 0.5, 1), sleeps(2, 1.9, 2)]
const second = [sleeps(3, 1.5, 3), sleeps(4, 2.5, 4), sleeps(5, 4.9, 5)]

test('in the file of a run that ends early, calls that had not started are missing', async () => {
  expect(await twice('early.scap', [first, second], [first])).toEqual([
    [0.5, 1, '>'],
    [1, 1, '<'],
    [1.5, 3, '>'],
    [1.9, 2, '>'],
    [2, 2, '<'],
  ])
})

test('calls of a file that has grown since have their enter events, too', async () => {
  const events = await twice('grown.scap', [first], [first, second])
  expect(events.length).toBe(10)
  for (const tid of [1, 2, 3, 4, 5]) expect(events.filter((e) => e[1] === tid).map((e) => e[2])).toEqual(['>', '<'])
})

test('rows that are not written count equally in both passes', async () => {
  const rows = [{ type: CODE.ks_fork, time: 10 * S }, sleeps(1, 9.6, 9.7), sleeps(2, 9.9, 10)]
  expect(await twice('silent.scap', [rows], [rows])).toEqual([
    [9.6, 1, '>'],
    [9.7, 1, '<'],
    [9.9, 2, '>'],
    [10, 2, '<'],
  ])
})

test('each section of a file has its own long calls', async () => {
  const again = makeBatch(second)
  again.resync = NOTHING
  const both = [first, again]
  expect((await twice('sections.scap', both, both)).slice(4)).toEqual([
    [1.5, 3, '>'],
    [2.5, 4, '>'],
    [3, 3, '<'],
    [4, 4, '<'],
    [4.9, 5, '>'],
    [5, 5, '<'],
  ])
})

test('scouted enter events take a limited amount of memory', () => {
  const long = { type: 'sendto', time: 2 * S, latency: S, params: { tuple: Buffer.alloc(60_000) } }
  const batch = makeBatch(Array.from({ length: 16 }, () => long))
  const writer = scapWriter(path('many.scap'))
  const before = process.memoryUsage().rss
  for (let i = 0; i < 700; i++) writer.scout(batch, undefined)
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * MB)
})

test('Ctrl-C during scouting keeps an existing file', async () => {
  const from = path('long.ksys')
  const writer = await TraceWriter.open(from, { info: INFO, existing: NOTHING, defs: EVENTS })
  const batch = makeBatch(Array.from({ length: 4000 }, (_, i) => ({ type: 'getppid', time: i, latency: 5 })))
  for (let i = 0; i < 300; i++) await writer.write(batch, undefined, new Map())
  await writer.close({ events: 1, lost: 0, late: 0 })
  writeFileSync(path('kept.scap'), 'kept')
  const run = spawn(process.execPath, [main, '-r', from, '-w', path('kept.scap'), 'evt.latency>2'], { stdio: 'ignore' })
  const ended = once(run, 'exit')
  while (run.exitCode === null && !isReading(run.pid as number, from)) await sleep(5)
  run.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(readFileSync(path('kept.scap'), 'utf8')).toBe('kept')
})

/** It has the file open, and not only to detect its type: the addon is loaded, which reads blocks. */
function isReading(pid: number, path: string): boolean {
  if (!readFileSync(`/proc/${pid}/maps`, 'utf8').includes('ksys.node')) return false
  const fds = `/proc/${pid}/fd`
  return readdirSync(fds).some((fd) => {
    try {
      return readlinkSync(`${fds}/${fd}`) === path
    } catch {
      return false
    }
  })
}
