// Writes rows as .scap that no kernel produces, but that a damaged or hostile capture may contain.
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROW, type RowForm } from '../../../src/model/batch.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { Loop } from '../../../src/run/loop.js'
import { KEEP } from '../../../src/run/sink.js'
import { ScapSink } from '../../../src/run/write/scap-sink.js'
import { PPME } from '../../../src/scap/libs-codes.js'
import { CODE } from '../../../src/schema/codes.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { WriteError } from '../../../src/source/reason.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { ksys } from '../../helpers/ksys.js'
import { eventOf, makeBatch, type RowSpec } from '../../helpers/rows.js'
import { scapEvents } from '../../helpers/scap-events.js'
import { BEGAN, scapWriter, writeRows, writeScap } from '../../helpers/scap-writer.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'
import { u32 } from './build.js'

const path = scratch()
const [READ_X, NANOSLEEP_E] = [7, 134]

/** Writes a trace of these rows. */
async function trace(name: string, rows: readonly RowSpec[]): Promise<string> {
  const writer = await TraceWriter.open(path(name), { info: INFO, existing: NOTHING, defs: EVENTS })
  await writer.write(makeBatch(rows), undefined, new Map([['cat', new Set([1])]]))
  await writer.close({ events: rows.length, lost: 0, late: 0 })
  return path(name)
}

/** poll's list: each descriptor waits for different events */
function list(entries: number): Buffer {
  const b = Buffer.alloc(2 + 10 * entries)
  b.writeUInt16LE(entries)
  for (let i = 0; i < entries; i++) {
    b.writeBigInt64LE(BigInt(i), 2 + 10 * i)
    b.writeUInt16LE(i, 10 + 10 * i)
  }
  return b
}

test('a poll list that exceeds an event is cut between two descriptors, whatever they wait for', async () => {
  const from = await trace('poll.ksys', [
    { type: 'poll', ret: 1, params: { fds: list(6553) } },
    { type: 'getppid', ret: 1, time: 5 },
  ])
  const { code, stderr } = ksys(['-r', from, '-w', path('poll.scap')])
  expect(code).toBe(0)
  const events = scapEvents(path('poll.scap'))
  const fds = events[0]?.params[1] as Buffer
  expect(fds.length).toBe(2 + 10 * fds.readUInt16LE())
  expect(fds.length).toBeGreaterThan(60_000)
  expect(stderr).toContain(`${2 + 10 * 6553 - fds.length} bytes of arguments were omitted`)
  expect(fds.readBigInt64LE(fds.length - 10)).toBe(BigInt(fds.readUInt16LE() - 1))
})

test('impossible times, latencies and results are limited to possible ones', async () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300, 2 ** 63, -(2 ** 63)]
  const rows = odd.flatMap((x): RowSpec[] => [
    { type: 'getuid', ret: 1, time: x, latency: 5 },
    { type: 'openat', ret: x, time: 10, latency: x },
  ])
  await writeScap(path('odd.scap'), [rows])
  const events = scapEvents(path('odd.scap'))
  const opens = events.filter((e) => e.code === 307)
  expect([events.length, opens.length]).toEqual([24, odd.length])
  for (const e of events) expect(e.time).toBeLessThan(1n << 63n)
  const results = opens.map((e) => e.params[0]?.readBigInt64LE())
  const [none, least] = [-1n, -(1n << 63n)]
  expect(results).toEqual([none, none, least, none, least, least, least])
})

test('the start of a thread with an invalid time is that of the capture', async () => {
  const writer = scapWriter(path('birth.scap'))
  await writer.open(NOTHING)
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY])
    writer.birth(eventOf({ type: CODE.ks_fork, time }), new Thread(7, 7, new FdTable()))
  await writeRows(writer, [])
  await writer.close()
  expect(scapEvents(path('birth.scap')).map((e) => e.time)).toEqual([BEGAN, BEGAN])
})

test('threads that start after a loss are in the section that starts there', async () => {
  const capture = path('lost.scap')
  const writer = scapWriter(capture)
  const state = new State(INFO)
  await writer.open(NOTHING)
  const lost = makeBatch([
    { type: CODE.ks_fork, tid: 1, time: 10, flags: ROW.HIDDEN | ROW.STATE, params: { tid: 7, pid: 7 } },
    { type: 'getppid', tid: 7, time: 20 },
  ])
  lost.resync = NOTHING
  const batches = [makeBatch([{ type: 'getppid', tid: 1, time: 5 }]), lost]
  const source = { ...handMade(), next: async () => batches.shift() }
  await new Loop({ source, states: [state], predicate: undefined, sinks: [new ScapSink(writer, state)] }).run(NOTHING)
  const second = readFileSync(capture).lastIndexOf(u32(0x0a0d0d0a))
  expect(second).toBeGreaterThan(0)
  writeFileSync(path('second.scap'), readFileSync(capture).subarray(second))
  expect(scapEvents(path('second.scap')).map((e) => [e.tid, e.hidden])).toEqual([
    [7, true],
    [7, false],
  ])
})

test('texts that exceed an event are cut, and leave space for others', async () => {
  const long = 'x'.repeat(65_535)
  const user = { uid: 7, gid: 7, name: 'u', home: long, shell: long, container: 'abc' }
  const containers = [JSON.stringify({ container: { id: 'abc', name: 'y'.repeat(80_000) } })]
  const writer = scapWriter(path('long.scap'))
  await writer.open({ ...NOTHING, users: [user], containers })
  const thread = Object.assign(new Thread(7, 7, new FdTable()), { exe: long, cwd: long, comm: 'sh', args: [long, 'b'] })
  writer.birth(eventOf({ type: CODE.ks_fork, time: 1 }), thread)
  await writeRows(writer, [])
  await writer.close()
  const texts = scapEvents(path('long.scap')).map((e) => e.params.map((p) => p.toString()))
  const [json, account, birth] = texts as [string[], string[], string[]]
  expect(json).toEqual([`${containers[0]}\0`])
  expect(account.slice(2).map((t) => t.length > 10_000 || t)).toEqual(['u\0', true, true, 'abc\0'])
  expect([birth[1]?.length, birth[6]?.length].every((n) => n !== undefined && n > 10_000)).toBe(true)
  expect(birth[13]).toBe('sh\0')
  for (const event of texts.slice(1)) expect(event.join('').length).toBeLessThanOrEqual(65_000)
})

test('a malformed row ends the file with an error', async () => {
  const batch = makeBatch([{ type: 'openat' }, { type: 'openat' }])
  batch.argOff[1] = batch.arenaBytes
  const writer = scapWriter(path('none.scap'))
  await writer.open(NOTHING)
  await expect(writeRows(writer, batch)).rejects.toThrow(
    new WriteError(
      `${path('none.scap')} cannot be written any further: the source capture is damaged (a row leads out of its batch)`,
    ),
  )
  await writer.close()
})

test('the recorded layout of rows is that of their own batch', async () => {
  const recorded = (type: string, form: Partial<RowForm>) => {
    const batch = makeBatch([{ type, params: { fd: 3, size: 5 } }])
    const code = batch.type[0] as number
    batch.form = new Uint16Array(batch.capacity).fill(1)
    batch.forms = [undefined, { type: code, params: [], index: [], ...form }]
    return batch
  }
  const batches = [
    recorded('read', { generic: true }),
    recorded('write', { generic: true }),
    recorded('read', { index: [0] }),
    recorded('read', { index: [0, 1, 2, 3] }),
  ]
  await writeScap(path('forms.scap'), batches)
  const events = scapEvents(path('forms.scap'))
  expect(events.map((e) => [e.code, e.params.length])).toEqual([
    [PPME.GENERIC_X, 2],
    [PPME.GENERIC_X, 2],
    [READ_X, 1],
    [READ_X, 4],
  ])
  expect(events[0]?.params[1]).not.toEqual(events[1]?.params[1])
})

test('a call that a thread started and never ended is dropped', async () => {
  const begins: RowSpec = { type: 'nanosleep', enter: true, tid: 7 }
  const ends: RowSpec = { type: 'nanosleep', tid: 7, latency: 1 }
  const both = [
    [0, '>'],
    [10, '>'],
    [11, '<'],
  ]
  const of = (name: string) =>
    scapEvents(path(name))
      .filter((e) => (e.code & ~1) === NANOSLEEP_E)
      .map((e) => [Number(e.time - BEGAN), (e.code & 1) === 0 ? '>' : '<'])
  // another thread with this number follows
  await writeScap(path('exit.scap'), [[begins, { type: CODE.procexit, tid: 7, time: 5 }, { ...ends, time: 11 }]])
  expect(of('exit.scap')).toEqual(both)
  // a filter rejected its end, and the start of the next one
  const rows = makeBatch([begins, { ...ends, time: 5 }, { ...begins, time: 10 }, { ...ends, time: 11 }])
  const writer = scapWriter(path('refused.scap'))
  await writer.open(NOTHING)
  await writer.write(rows, Uint8Array.from([KEEP.SHOWN, KEEP.DROP, KEEP.DROP, KEEP.SHOWN]))
  await writer.close()
  expect(of('refused.scap')).toEqual(both)
})

/** A source whose batches a test specifies. */
function handMade(): Omit<CaptureSource, 'next'> {
  return {
    info: { ...INFO, kind: 'ksys' },
    damage: [],
    snapshot: async () => NOTHING,
    stats: () => ({ events: 0, lost: 0, late: 0 }),
    progress: () => undefined,
    stop: () => {},
    close: async () => {},
  }
}
